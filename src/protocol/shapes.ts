/** The small shapes that all borders have in common. */
import * as v from 'valibot'
import type { AgentState } from '../domain/agent'

/** No name, ARN or error of Connect's comes near it; what does is not Connect's. */
export const text = v.pipe(v.string(), v.maxLength(1024))
/** ms since the epoch. */
export const timestamp = v.pipe(v.number(), v.finite(), v.minValue(0))
export const id = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/))

export const agentStateSchema: v.GenericSchema<unknown, AgentState> = v.strictObject({
  name: text,
  type: v.picklist(['init', 'routable', 'not_routable', 'offline', 'system', 'error', 'unknown']),
  arn: v.nullable(text),
  startTimestamp: v.nullable(timestamp),
})
