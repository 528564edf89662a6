/** How the heartbeats to the organization's watchdog go, for those who look. */
import type { DataKind } from '../fleet/consent'
import type { Settings } from '../settings'

/** Why no heartbeat is sent although an address is set. */
export type HeartbeatRefusal = 'no_secret' | 'no_identity' | 'no_hash_key'

/** Why the last attempt came to nothing. */
export type HeartbeatProblem =
  /** No answer, or one that a watchdog does not give. */
  | 'no_answer'
  /** The watchdog does not know the secret. */
  | 'secret'
  /** It is the watchdog of another instance. */
  | 'instance'
  /** It does not take heartbeats of this version, or takes none at this address. */
  | 'refused'

/** What the watchdog did about an agent, as the answer to a heartbeat told. Times by this machine's clock. */
export interface WatchdogAct {
  readonly id: string
  readonly username: string
  /** When it set Offline, and when it had last heard of the agent, in ms since the epoch. */
  readonly at: number
  readonly since: number
  readonly reason: 'silent' | 'left'
  /** Whether Connect has shown Offline since. */
  readonly isConfirmed: boolean
}

export interface WatchdogStatus {
  /** Where heartbeats go; null where the settings name no watchdog. */
  readonly endpoint: string | null
  /** The host that the browser may be asked for, and whether it lets us in. */
  readonly access: { readonly pattern: string; readonly isGranted: boolean } | null
  /** What the browser wants people's consent for before any of it is sent. */
  readonly withheld: readonly DataKind[]
  readonly refusal: HeartbeatRefusal | null
  /** When the watchdog last took one, in ms since the epoch; null where it has taken none in this run of the browser. */
  readonly takenAt: number | null
  /** null since something was taken. */
  readonly problem: { readonly problem: HeartbeatProblem; readonly status: number | null; readonly at: number } | null
  /** The last that was learned of. */
  readonly act: WatchdogAct | null
}

type HeartbeatSettings = Pick<Settings, 'watchdogSecret' | 'agentIdentity' | 'agentHashKey'>

/** A header takes nothing else. */
const SECRET = /^[\x21-\x7e]+$/

/** Why these settings allow no heartbeat, whatever their address; null where they do. */
export function refusalOf({ watchdogSecret, agentIdentity, agentHashKey }: HeartbeatSettings): HeartbeatRefusal | null {
  if (!SECRET.test(watchdogSecret)) return 'no_secret'
  if (agentIdentity === 'nothing') return 'no_identity'
  return agentIdentity === 'hash' && agentHashKey === '' ? 'no_hash_key' : null
}
