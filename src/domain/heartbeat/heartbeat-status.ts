/** How the heartbeats to the organization's watchdog go, for the pages that show it. */
import type { DataKind } from '../fleet/consent'
import type { Settings } from '../settings'

/** Why no heartbeat is sent although an address is set. */
export type HeartbeatRefusal = 'no_secret' | 'no_identity' | 'no_hash_key'

/** Why the last attempt failed. */
export type HeartbeatProblem =
  /** No answer, or one that a watchdog does not give. */
  | 'no_answer'
  /** The watchdog does not know the secret. */
  | 'secret'
  /** The address is that of another instance's watchdog. */
  | 'instance'
  /** The watchdog does not take heartbeats of this version, or takes none at this address. */
  | 'refused'

/** What the watchdog did about an agent, as the answer to a heartbeat has reported. Times by this machine's clock. */
export interface WatchdogAct {
  readonly id: string
  readonly username: string
  /** When it set Offline, and when its last heartbeat about the agent had come, in ms since the epoch. */
  readonly at: number
  readonly since: number
  readonly reason: 'silent' | 'left'
  /** Whether Connect has shown Offline since. */
  readonly isConfirmed: boolean
}

export interface WatchdogStatus {
  /** Where heartbeats go; null where the settings name no watchdog. */
  readonly endpoint: string | null
  /** The host for which the browser is asked for access, and whether it has been granted. */
  readonly access: { readonly pattern: string; readonly isGranted: boolean } | null
  /** The kinds of data that the browser wants people's consent for before any are sent. */
  readonly withheld: readonly DataKind[]
  readonly refusal: HeartbeatRefusal | null
  /** When the watchdog last took one, in ms since the epoch; null where it has taken none in this run of the browser. */
  readonly takenAt: number | null
  /** null since the watchdog has taken a heartbeat. */
  readonly problem: { readonly problem: HeartbeatProblem; readonly status: number | null; readonly at: number } | null
  /** The latest act of the watchdog that is known. */
  readonly act: WatchdogAct | null
}

type HeartbeatSettings = Pick<Settings, 'watchdogSecret' | 'agentIdentity' | 'agentHashKey'>

/** Headers take no other characters. */
const SECRET = /^[\x21-\x7e]+$/

/** Why these settings allow no heartbeat, whatever the address; null where they allow it. */
export function refusalOf({ watchdogSecret, agentIdentity, agentHashKey }: HeartbeatSettings): HeartbeatRefusal | null {
  if (!SECRET.test(watchdogSecret)) return 'no_secret'
  if (agentIdentity === 'nothing') return 'no_identity'
  return agentIdentity === 'hash' && agentHashKey === '' ? 'no_hash_key' : null
}
