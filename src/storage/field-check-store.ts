/**
 * The field check that runs, or the last one. In the extension's own store: it has the status that is to be restored, by
 * name, and content scripts must not be able to change what is set.
 */
import * as v from 'valibot'
import type { FieldCheck } from '../domain/field-check/check'
import { PARTS, STEPS } from '../domain/field-check/steps'
import { browser } from '../platform/browser'
import { ownStore } from './own-store'

const KEY = 'fieldCheck'
/** In `storage.session`: the tab that the check has opened for itself, until it is closed. */
const TAB_KEY = 'fieldCheckTab'

const time = v.pipe(v.number(), v.finite())
const stateSchema = v.strictObject({ name: v.string(), type: v.string(), arn: v.nullable(v.string()) })

/** What the state machine takes for granted; what was observed is only ever shown. */
const checkSchema = v.pipe(
  v.looseObject({
    startedAt: time,
    subject: v.looseObject({ instance: v.string(), username: v.string(), docId: v.string(), url: v.string() }),
    part: v.picklist(PARTS),
    partAt: time,
    step: v.pipe(v.number(), v.integer(), v.minValue(0)),
    stepAt: time,
    status: v.picklist(['running', 'restoring', 'resting']),
    original: v.nullable(stateSchema),
    tries: v.number(),
    done: v.array(v.picklist(PARTS)),
    entriesBefore: v.array(v.string()),
    closedAt: v.nullable(time),
    observed: v.looseObject({
      looks: v.array(v.looseObject({})),
      calls: v.array(v.looseObject({ at: time })),
      changes: v.array(v.looseObject({})),
      closes: v.array(v.looseObject({})),
    }),
  }),
  v.check(({ part, step }) => step <= STEPS[part].length),
)

/** null where nothing can be understood. */
export async function loadFieldCheck(): Promise<FieldCheck | null> {
  const { [KEY]: stored } = await ownStore.get(KEY)
  // What was checked is what the state machine goes by; the rest is as this version, or another, wrote it.
  return v.is(checkSchema, stored) ? (stored as unknown as FieldCheck) : null
}

export async function saveFieldCheck(check: FieldCheck): Promise<void> {
  await ownStore.set({ [KEY]: check })
}

export async function forgetFieldCheck(): Promise<void> {
  await ownStore.remove(KEY)
}

export async function noteProbeTab(tabId: number): Promise<void> {
  await browser.storage.session.set({ [TAB_KEY]: tabId })
}

/** The tab that is still to be closed, which is forgotten by that, or null. */
export async function takeProbeTab(): Promise<number | null> {
  const { [TAB_KEY]: tabId } = await browser.storage.session.get(TAB_KEY)
  if (typeof tabId !== 'number') return null
  await browser.storage.session.remove(TAB_KEY)
  return tabId
}
