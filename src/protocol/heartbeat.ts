/** The heartbeat that a machine sends to the organization's watchdog, and what it is answered. docs/watchdog.md lists both. */
import * as v from 'valibot'

export const MAX_INTERVAL_MS = 600_000
/** An attempt that failed is repeated this much later at most, in ms: well before the next heartbeat is due. */
export const RETRY_MS = 4_000

const TEXT = v.pipe(v.string(), v.maxLength(256))
const NAME = v.pipe(v.string(), v.minLength(1), v.maxLength(256))
const TIME = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const FLAG = v.object({
  /** `close`: a close is not confirmed. `no_ccp`: the agent was set ready again, and no CCP is open here. */
  why: v.picklist(['close', 'no_ccp']),
  closeId: NAME,
  /** By the machine's clock, in ms since the epoch. */
  since: TIME,
})

export const HEARTBEAT = v.object({
  version: v.literal(1),
  /** A random name of the browser profile. */
  machine: NAME,
  /** Rises with each heartbeat of a machine, whatever becomes of its clock: tells what is newer. */
  seq: TIME,
  /** Host name of the instance. */
  instance: NAME,
  /** `n:` and the user name, or `h:` and the keyed hash. */
  agent: v.pipe(v.string(), v.regex(/^(n:[^|]{1,256}|h:[0-9a-f]{64})$/u)),
  /** When the next one is due at the latest. The watchdog holds it within its own bounds. */
  intervalMs: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Whether the agent takes contacts, or does again when their present contact has ended. */
  isAvailable: v.boolean(),
  /** The state's name, and since when by the server's clock, in ms since the epoch; null where Connect does not say. */
  state: v.object({ name: TEXT, since: v.nullable(TIME) }),
  /** How many CCP documents of this agent are open in this browser profile, or were closed with an outcome not known yet. */
  ccps: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  flag: v.nullable(FLAG),
  /** The extension only observes: the watchdog then only observes too. */
  isObserved: v.boolean(),
  /** Of the setting `otlpResource`; empty where it names no site. */
  site: TEXT,
})

export type Heartbeat = v.InferOutput<typeof HEARTBEAT>

export const ACT = v.object({
  id: NAME,
  /** When Offline was set, and when this agent's machines were last heard of, in ms since the epoch by AWS's clock. */
  at: TIME,
  since: TIME,
  reason: v.picklist(['silent', 'left']),
  /** Whether Connect has shown Offline since. */
  isConfirmed: v.boolean(),
})

/** What the watchdog has done about an agent. */
export type Act = v.InferOutput<typeof ACT>

const ANSWER = v.object({
  /** When it was answered, by AWS's clock: what the times of an act are to be held against. */
  now: TIME,
  act: v.nullable(ACT),
})
export type HeartbeatAnswer = v.InferOutput<typeof ANSWER>

/** The heartbeat in unchecked input, or null. */
export function readHeartbeat(input: unknown): Heartbeat | null {
  const read = v.safeParse(HEARTBEAT, input)
  return read.success ? read.output : null
}

/** The watchdog's answer in unchecked input; null if it is malformed. */
export function readAnswer(input: unknown): HeartbeatAnswer | null {
  const read = v.safeParse(ANSWER, input)
  return read.success ? read.output : null
}
