/** What the table holds: each machine's last heartbeat, a case for each silent agent, and the state of the fleet. */
import type { Act, Heartbeat } from '../../../src/protocol/heartbeat'
import type { Mode } from './options'

/** The last heartbeat of one machine about one agent. `heardAt` is by AWS's clock, in ms since the epoch. */
export interface MachineRow {
  readonly heartbeat: Heartbeat
  readonly heardAt: number
  /** What the watchdog last did to this agent; null where it did nothing. */
  readonly act: Act | null
}

/**
 * `silent`: no machine of the agent sends heartbeats. `left`: the newest heartbeat flags a close, and has no CCP open.
 */
export type Reason = 'silent' | 'left'

export type Outcome =
  /** The watchdog set Offline, and Connect shows it. */
  | 'set_offline'
  /** Offline was set, but Connect never showed it; or no heartbeat has come for a day. */
  | 'unconfirmed'
  /** Connect refused the call, or does not know the agent. */
  | 'refused'
  /** Somebody else has set Offline, or a status that takes no contacts. */
  | 'not_needed'
  /** The agent's status began after the last heartbeat: somebody is there. */
  | 'state_changed'
  /** A heartbeat about the agent came before anything was set. */
  | 'back'
  /** Mode `observe`: `act` would have set Offline. */
  | 'observed'
  /** The agent's routing profile is not opted in, or the agent lacks the tag. */
  | 'out_of_scope'

export type Waiting = 'look' | 'contact' | 'after_contact_work' | 'unknown' | 'brake' | 'ingest' | 'confirmation'

/**
 * The case of an agent who is silent or left, from the first look until an outcome. Times are in ms since the epoch.
 */
export interface Case {
  readonly id: string
  readonly agent: string
  readonly machine: string
  readonly site: string
  readonly reason: Reason
  /** The id of the flagged close, where the reason is `left`; otherwise null. */
  readonly closeId: string | null
  /** When the last heartbeat about the agent arrived. */
  readonly since: number
  readonly intervalMs: number
  readonly isObserved: boolean
  readonly openedAt: number
  readonly waiting: Waiting
  /** Since when it has been waiting for that. */
  readonly waitingSince: number
  /** Connect's id of the user; null until it was looked up. */
  readonly userId: string | null
  /** When Offline was first and last set (null: not yet), and how often. */
  readonly firstPutAt: number | null
  readonly lastPutAt: number | null
  readonly puts: number
  /** The kinds of notices that were sent. */
  readonly notified: readonly string[]
  readonly outcome: Outcome | null
  readonly endedAt: number | null
}

/** One row for the whole fleet. */
export interface Fleet {
  /** The mode that a command has set; null: the mode of the deployment. */
  readonly mode: Mode | null
  /** By scope: when a command released the brake, in ms since the epoch. */
  readonly releases: Readonly<Record<string, number>>
  /**
   * The time slot that was claimed last. Its owner alone looks until the slot is over; a crash loses only this slot.
   */
  readonly slot: number
  /** The canary: since when it has arrived without a gap, and when it last arrived. In ms since the epoch. */
  readonly canary: { readonly okSince: number; readonly okAt: number }
  /** By scope (`*` is the fleet, anything else a site): since when its brake is on, in ms since the epoch. */
  readonly brakes: Readonly<Record<string, number>>
}

export const NEW_FLEET: Fleet = { mode: null, releases: {}, slot: 0, canary: { okSince: 0, okAt: 0 }, brakes: {} }

/** All rows about one agent. */
export interface AgentRows {
  readonly machines: readonly MachineRow[]
  readonly case: Case | null
}
