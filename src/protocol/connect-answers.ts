/** What the instance's API answers, as far as it is read: anything else is no answer. */
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

/** A contact; `ended` is after-contact work. */
const wireContact = v.object({
  contactId: v.optional(v.string()),
  type: v.optional(v.string()),
  state: v.optional(v.object({ type: v.optional(v.string()) })),
})

export const authorizeAnswer = v.object({ accessToken: v.pipe(v.string(), v.minLength(1)) })
export const configurationAnswer = v.object({ configuration: v.object({ username: v.string() }) })
export const snapshotAnswer = v.object({
  snapshot: v.object({
    state: wireState,
    /** Only where one is queued; in whatever form, it must not keep the rest from being read. */
    nextState: v.fallback(v.nullish(wireState), null),
    contacts: v.optional(v.array(wireContact), []),
  }),
})
export const errorAnswer = v.object({ __type: v.optional(v.string()), message: v.optional(v.string()) })
