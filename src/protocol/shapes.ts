/** The small shapes that all borders have in common. */
import * as v from 'valibot'
import type { AgentState, ContactFacts } from '../domain/agent'

/** Longer than any name, ARN or error of Connect's: a longer one is not Connect's. */
export const text = v.pipe(v.string(), v.maxLength(1024))
/** In ms since the epoch: no later than a `Date` can be, since formatting a later one throws. */
export const timestamp = v.pipe(v.number(), v.minValue(0), v.maxValue(8.64e15))
/**
 * The id of a document or of a close, made by `crypto.randomUUID`. Its form is exact, so that no id is the name of a built-in
 * property of objects (`__proto__`, `constructor`).
 */
export const id = v.pipe(v.string(), v.regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/))

export const agentStateSchema: v.GenericSchema<unknown, AgentState> = v.strictObject({
  name: text,
  type: v.picklist(['init', 'routable', 'not_routable', 'offline', 'system', 'error', 'unknown']),
  arn: v.nullable(text),
  startTimestamp: v.nullable(timestamp),
  notBefore: v.exactOptional(timestamp),
  availability: v.exactOptional(v.strictObject({ name: text, since: v.nullable(timestamp) })),
})

export const contactsSchema: v.GenericSchema<unknown, ContactFacts[]> = v.pipe(
  v.array(v.strictObject({ channel: text, state: text, id: v.exactOptional(text) })),
  v.maxLength(50),
)
