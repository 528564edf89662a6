import * as v from 'valibot'
import type { DocumentMessage } from '../protocol/document-messages'
import { documentMessageSchema, MAIL, mailKey } from '../protocol/document-messages'
import { browser } from '../platform/browser'

export interface Letter {
  readonly key: string
  readonly message: DocumentMessage
}

export interface Mail {
  /**
   * In the order in which each document wrote them, the instances in turn: one that has written much does not keep others
   * waiting.
   */
  readonly letters: readonly Letter[]
  /** The keys of letters that are no message, or too many of one document. */
  readonly unreadable: readonly string[]
}

/** How many letters of one document are read: nobody closes one page more often between two starts. */
const MAX_LETTERS = 64

/** Whether a key of `storage.local` holds mail. */
export function isMailKey(key: string): boolean {
  return key.startsWith(MAIL)
}

/** Whether a change of `storage.local` brought mail. */
export function isMail(changes: Readonly<Record<string, { newValue?: unknown }>>): boolean {
  return Object.entries(changes).some(([key, change]) => key.startsWith(MAIL) && change.newValue !== undefined)
}

/** Reads the mail. It remains in the mailbox until `discardMail`: the worker may die before it has handled it. */
export async function readMail(): Promise<Mail> {
  const everything = await browser.storage.local.get(null)
  const keys = Object.keys(everything)
    .filter((key) => key.startsWith(MAIL))
    .sort()
  const letters: Letter[] = []
  const unreadable: string[] = []
  const counts = new Map<string, number>()
  for (const key of keys) {
    const parsed = v.safeParse(documentMessageSchema, everything[key])
    const docId = parsed.success ? parsed.output.header.docId : ''
    const count = (counts.get(docId) ?? 0) + 1
    counts.set(docId, count)
    // A letter has its document's own key: nobody gets past the limit by writing under many names.
    if (parsed.success && key === mailKey(parsed.output) && count <= MAX_LETTERS) {
      letters.push({ key, message: parsed.output })
    } else unreadable.push(key)
  }
  letters.sort(({ message: a }, { message: b }) => a.at - b.at || a.seq - b.seq)
  return { letters: inTurn(letters), unreadable }
}

/** The first of each instance, then the second of each, and so on. */
function inTurn(letters: readonly Letter[]): Letter[] {
  const counts = new Map<string, number>()
  return letters
    .map((letter) => {
      const { instance } = letter.message.header
      const turn = counts.get(instance) ?? 0
      counts.set(instance, turn + 1)
      return { letter, turn }
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ letter }) => letter)
}

/** Deletes mail. Throws where the store refuses even that. */
export async function discardMail(keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await browser.storage.local.remove([...keys])
}
