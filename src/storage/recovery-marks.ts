/**
 * The marks of tabs that were opened as recovery CCPs. A page can read its own and write anything: only a mark that was issued
 * here counts, so that no page makes the extension close a tab that the extension has not opened.
 */
import * as v from 'valibot'
import { ownStore } from './own-store'

const KEY = 'recoveryMarks'
/** How many marks are stored: tabs of older runs are left alone. */
const KEPT = 50

const marksSchema = v.fallback(v.array(v.string()), [])

async function issued(): Promise<string[]> {
  return v.parse(marksSchema, (await ownStore.get(KEY))[KEY])
}

/** A new mark for the document that loads in the recovery tab. */
export async function issueMark(): Promise<string> {
  const mark = crypto.randomUUID()
  await ownStore.set({ [KEY]: [...(await issued()), mark].slice(-KEPT) })
  return mark
}

/** Whether a mark was issued by this extension. */
export async function isIssued(mark: string): Promise<boolean> {
  return (await issued()).includes(mark)
}
