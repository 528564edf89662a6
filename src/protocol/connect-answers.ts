/** The parts of the API's answers that are read: anything else is no answer. */
import * as v from 'valibot'

/** Timestamps come as seconds with fractions, as AWS JSON has them, or as ISO text. */
const wireTime = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((value) => (typeof value === 'number' ? value * 1000 : Date.parse(value))),
  v.finite(),
)

const wireState = v.object({
  name: v.string(),
  type: v.string(),
  agentStateARN: v.nullish(v.string()),
  startTimestamp: v.nullish(wireTime),
})

export type WireState = v.InferOutput<typeof wireState>

/** A contact; `ended` is after-contact work. Recorded snapshots have an explicit null in many fields. */
const wireContact = v.object({
  contactId: v.nullish(v.string()),
  type: v.nullish(v.string()),
  state: v.nullish(v.object({ type: v.nullish(v.string()) })),
})

export type WireContact = v.InferOutput<typeof wireContact>

/** What the agent has chosen, whatever a contact has made of the state: the name of a state, and since when. */
const wireAvailability = v.object({ state: v.nullish(v.string()), timeStamp: v.nullish(wireTime) })

export const authorizeAnswer = v.object({ accessToken: v.pipe(v.string(), v.minLength(1)) })
export const configurationAnswer = v.object({ configuration: v.object({ username: v.string() }) })
export const snapshotAnswer = v.object({
  snapshot: v.object({
    state: wireState,
    /** Only where one is queued; a form that is not known must not keep the rest from being read. */
    nextState: v.fallback(v.nullish(wireState), null),
    agentAvailabilityState: v.fallback(v.nullish(wireAvailability), null),
    contacts: v.nullish(v.array(v.fallback(wireContact, {}))),
  }),
})
/** A state of the list that cannot be read is left out. */
export const statesAnswer = v.object({
  states: v.pipe(
    v.array(v.fallback(v.nullable(wireState), null)),
    v.transform((states) => states.filter((state) => state !== null)),
  ),
  nextToken: v.nullish(v.string()),
})
