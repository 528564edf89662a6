/** The heartbeat that a machine sends to the organization's watchdog, and the answer. docs/watchdog.md lists both. */
import * as v from 'valibot'

export const MAX_INTERVAL_MS = 600_000
/** A failed attempt is repeated after this long at most, in ms: well before the next heartbeat is due. */
export const RETRY_MS = 4_000

const TEXT = v.pipe(v.string(), v.maxLength(256))
const NAME = v.pipe(v.string(), v.minLength(1), v.maxLength(256))
const TIME = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const FLAG = v.object({
  /** `close`: a close is not confirmed. `no_ccp`: the agent was set Available again, and no CCP is open here. */
  why: v.picklist(['close', 'no_ccp']),
  closeId: NAME,
  /** By the machine's clock, in ms since the epoch. */
  since: TIME,
})

export const HEARTBEAT = v.object({
  version: v.literal(1),
  /** A random id of the browser profile. */
  machine: NAME,
  /** Rises with each heartbeat of a machine, whatever becomes of its clock: shows which one is newer. */
  seq: TIME,
  /** Host name of the instance. */
  instance: NAME,
  /** `n:` and the user name, or `h:` and the keyed hash. */
  agent: v.pipe(v.string(), v.regex(/^(n:[^|]{1,256}|h:[0-9a-f]{64})$/u)),
  /** When the next one is due at the latest. The watchdog limits it by its own bounds. */
  intervalMs: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Whether the agent takes contacts, or may do so after their present contact. */
  isAvailable: v.boolean(),
  /** The state's name, and since when by the server's clock, in ms since the epoch; null where Connect does not say. */
  state: v.object({ name: TEXT, since: v.nullable(TIME) }),
  /**
   * How many CCP documents of this agent are open in this browser profile, or belong to a close whose outcome is not known yet.
   */
  ccps: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  flag: v.nullable(FLAG),
  /** The extension only observes: the watchdog then only observes too. */
  isObserved: v.boolean(),
  /** From the setting `otlpResource`; empty where it names no site. */
  site: TEXT,
})

export type Heartbeat = v.InferOutput<typeof HEARTBEAT>

export const ACT = v.object({
  id: NAME,
  /** When Offline was set, and when the last heartbeat about this agent had come, in ms since the epoch by AWS's clock. */
  at: TIME,
  since: TIME,
  reason: v.picklist(['silent', 'left']),
  /** Whether Connect has shown Offline since. */
  isConfirmed: v.boolean(),
})

/** What the watchdog has done about an agent. */
export type Act = v.InferOutput<typeof ACT>

const ANSWER = v.object({
  /** When the answer was made, by AWS's clock: the times of an act are compared with it. */
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
