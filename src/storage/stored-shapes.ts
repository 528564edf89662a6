/**
 * What stored records must have to be used: no more than the state machine and the log require, so that records of older and of
 * later versions pass, with everything else in them unchanged.
 */
import * as v from 'valibot'
import type { Duty } from '../domain/closes/duties'

const text = v.string()
const at = v.pipe(v.number(), v.finite())
/** No name of a built-in property of objects: it would be found in every record. */
const name = v.pipe(
  v.string(),
  v.regex(/^[\w-]{1,80}$/),
  v.check((word) => !(word in Object.prototype)),
)
const agentState = v.looseObject({
  name: text,
  type: text,
  arn: v.nullable(text),
  startTimestamp: v.nullable(at),
  notBefore: v.optional(at),
})
const agent = v.looseObject({
  username: text,
  name: text,
  state: agentState,
  offlineState: v.nullish(agentState),
  contacts: v.array(v.looseObject({ channel: text, state: text })),
})
const report = v.looseObject({
  closeId: name,
  event: text,
  did: v.looseObject({ action: text }),
  stateBefore: agentState,
})
const result = v.variant('ok', [
  v.looseObject({ ok: v.literal(true) }),
  v.looseObject({ ok: v.literal(false), error: v.looseObject({ type: text, message: text }) }),
])
const place = v.looseObject({ tabId: v.number(), frameId: v.number(), ownCookies: v.boolean() })
const timeline = v.array(v.looseObject({ at, event: text }))
const flat = v.nullish(v.looseObject({}))

const storedDocumentSchema = v.looseObject({
  docId: name,
  instance: text,
  url: text,
  runId: text,
  openedAt: at,
  place: v.nullable(place),
  lastSeenAt: at,
  protection: v.looseObject({ status: v.picklist(['waiting', 'protected', 'unprotected']) }),
  agent: v.nullable(agent),
  closing: v.nullable(v.looseObject({ at, seq: v.number(), report })),
  result: v.nullable(v.looseObject({ at, seq: v.number(), result })),
  gone: v.nullable(v.looseObject({ at, by: text })),
  tabRemoved: v.nullish(v.looseObject({ at })),
  // What versions without `closes` stored on documents.
  verification: flat,
  recovery: v.nullish(v.looseObject({ status: text })),
  reloads: v.nullish(v.looseObject({ report, username: text, at })),
  timeline,
})

/** The required parts of each kind of duty. */
const DUTIES = {
  flag: v.looseObject({ kind: v.literal('flag'), agentName: text, url: text, since: at, stateBefore: agentState }),
  log_out: v.looseObject({ kind: v.literal('log_out'), url: text, since: at }),
  exposure: v.looseObject({ kind: v.literal('exposure'), stateBefore: agentState, since: at }),
  restore: v.looseObject({ kind: v.literal('restore'), runId: text, place, at, report }),
  late_requests: v.looseObject({ kind: v.literal('late_requests'), startedAt: at, lastAt: at, count: v.number() }),
  return_offer: v.looseObject({
    kind: v.literal('return_offer'),
    since: at,
    stateBefore: agentState,
    taken: v.nullable(v.looseObject({ docId: name, at })),
    refused: v.nullable(text),
  }),
} as const satisfies Record<Duty['kind'], v.GenericSchema>

/** Whether a duty is of a kind that this version knows. */
export const isKnownDuty = ({ kind }: { readonly kind: string }): boolean => Object.hasOwn(DUTIES, kind)

const storedDutySchema = v.union([
  ...Object.values(DUTIES),
  // Of a later version.
  v.pipe(
    v.looseObject({ kind: text }),
    v.check((duty) => !isKnownDuty(duty)),
  ),
])

/** Without these, a check would neither be due nor end. */
const storedCheckSchema = v.looseObject({
  startedAt: at,
  attempts: v.number(),
  nextAt: v.nullable(at),
  end: v.nullable(v.looseObject({ at, confirmed: v.boolean() })),
})

const storedCloseSchema = v.looseObject({
  id: name,
  instance: text,
  username: text,
  aliases: v.optional(v.array(text)),
  docIds: v.array(name),
  check: v.nullish(storedCheckSchema),
  recovery: v.nullish(v.looseObject({ status: text })),
  seenOffline: v.optional(v.record(v.string(), at)),
  returned: v.nullish(v.looseObject({ at, state: agentState })),
  steps: v.optional(timeline),
  verdict: v.nullish(v.looseObject({ at, outcome: text })),
  attempts: v.optional(v.array(v.looseObject({ by: text, at, count: v.number() }))),
  duties: v.optional(v.array(storedDutySchema)),
})

/** An entry of the log, whichever version wrote it. */
export const storedEntrySchema = v.looseObject({
  id: v.pipe(text, v.minLength(1)),
  at,
  instance: text,
  username: text,
  agentName: text,
  stateBefore: agentState,
  outcome: text,
  evidence: text,
  cause: text,
  error: v.nullish(v.looseObject({ type: text, message: text })),
  exposure: v.nullish(v.looseObject({ from: at, until: v.nullish(at), certainty: text })),
  timeline,
})

export const storedAmendmentSchema = v.looseObject({
  id: v.pipe(text, v.minLength(1)),
  exposure: v.nullable(v.looseObject({ from: at, certainty: text })),
  step: v.looseObject({ at, event: text }),
})

/** A record that waits for the collector. */
export const storedRecordSchema = v.looseObject({
  id: v.pipe(text, v.minLength(1)),
  at,
  observedAt: at,
  event: text,
  severity: v.picklist(['INFO', 'WARN', 'ERROR']),
  body: text,
  attributes: v.record(v.string(), v.union([text, v.number(), v.boolean()])),
  isUrgent: v.boolean(),
})

/** The history of sending. */
export const storedLedgerSchema = v.looseObject({
  sending: v.looseObject({
    failures: v.number(),
    lastAttemptAt: v.nullable(at),
    backoffUntil: v.nullable(at),
    retryAfterUntil: v.nullable(at),
  }),
  problem: v.nullable(
    v.looseObject({
      problem: v.picklist(['no_answer', 'busy', 'refused', 'unreadable', 'partial']),
      status: v.nullable(v.number()),
      message: v.nullable(text),
      at,
    }),
  ),
  takenAt: v.nullable(at),
  taken: v.number(),
  dropped: v.number(),
  rejected: v.number(),
})

/** What was reported last. */
export const storedReportedSchema = v.looseObject({
  flags: v.record(v.string(), v.looseObject({ since: at, instance: text, username: text })),
  recoveries: v.record(v.string(), text),
  problems: v.array(text),
  coverage: v.nullable(v.looseObject({ at, agents: v.record(v.string(), v.boolean()) })),
})

const keyed = v.record(v.string(), v.unknown())

/** The frame of a stored state; its parts are checked one by one. */
export const storedStateSchema = v.looseObject({
  version: v.literal(1),
  documents: keyed,
  ended: keyed,
  enqueueRefused: keyed,
  flags: v.optional(v.array(v.unknown())),
})

const agentsOwn = { closeId: name, instance: text, username: text, since: at }

/** The required parts of each item of a slice of the state. A slice that is not named here is not checked. */
export const SLICES = {
  documents: storedDocumentSchema,
  closes: storedCloseSchema,
  flags: v.looseObject({ ...agentsOwn, agentName: text, url: text }),
  ended: at,
  enqueueRefused: at,
  backgroundPaths: v.looseObject({ status: text, at }),
  requests: v.looseObject({ closeId: name, startedAt: at, lastAt: at, count: v.number() }),
  recentCloses: v.looseObject({ instance: text, runId: text, place, username: text, at, report }),
  logOuts: v.looseObject({ ...agentsOwn, url: text }),
  exposures: v.looseObject({ ...agentsOwn, stateBefore: agentState }),
} as const

/** The required form of a part that is no list or record. */
export const PARTS = {
  recovery: v.nullable(v.looseObject({ closeId: name, instance: text, url: text, runId: text, startedAt: at })),
  away: v.looseObject({
    presence: v.nullish(v.looseObject({ kind: text, since: at })),
    slept: v.nullish(v.looseObject({ since: at, agents: v.array(text) })),
    cases: v.record(v.string(), v.looseObject({ docId: name, at })),
  }),
} as const
