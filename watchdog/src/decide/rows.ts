/** What the table holds: the machines' last reports, what is under way about an agent, and the fleet's own state. */
import type { Act, Heartbeat } from '../../../src/protocol/heartbeat'
import type { Mode } from './options'

/** The last heartbeat of one machine about one agent. Times are AWS's, in ms since the epoch. */
export interface MachineRow {
  readonly heartbeat: Heartbeat
  readonly heardAt: number
  /** What the watchdog last did about this agent; null where it did nothing. */
  readonly act: Act | null
}

/** `silent`: no machine of the agent sent a heartbeat. `left`: a close is flagged, and no newer heartbeat says otherwise. */
export type Reason = 'silent' | 'left'

export type Outcome =
  /** The watchdog set Offline, and Connect shows it. */
  | 'set_offline'
  /** Connect answered the call, and never showed the effect. */
  | 'unconfirmed'
  /** Connect refused the call, or does not know the agent. */
  | 'refused'
  /** Offline, or in a state without contacts, by somebody else. */
  | 'not_needed'
  /** The state began after the last heartbeat: somebody is there. */
  | 'state_changed'
  /** A heartbeat about the agent came before anything was set. */
  | 'back'
  /** Mode `observe`: `act` would have set Offline. */
  | 'observed'
  /** Not of the routing profiles or the tag that were opted in. */
  | 'out_of_scope'

export type Waiting = 'look' | 'contact' | 'after_contact_work' | 'unknown' | 'brake' | 'ingest' | 'confirmation'

/** One agent whom no machine speaks for, from the first look until an outcome. */
export interface Case {
  readonly id: string
  readonly agent: string
  readonly machine: string
  readonly site: string
  readonly reason: Reason
  /** The flagged close of one who was left; null of one who is silent. */
  readonly closeId: string | null
  /** When the last heartbeat about the agent came. */
  readonly since: number
  readonly intervalMs: number
  readonly isObserved: boolean
  readonly openedAt: number
  readonly waiting: Waiting
  /** Since when it waits for that. */
  readonly waitingSince: number
  /** Connect's id of the user; null until it was looked up. */
  readonly userId: string | null
  /** When Offline was first and last set, and how often; null and 0 before that. */
  readonly firstPutAt: number | null
  readonly lastPutAt: number | null
  readonly puts: number
  /** What people were notified of already. */
  readonly notified: readonly string[]
  readonly outcome: Outcome | null
  readonly endedAt: number | null
}

/** One row for the whole fleet. */
export interface Fleet {
  /** What a person has set; null: what was deployed. */
  readonly mode: Mode | null
  /** By scope: when a supervisor let its brake go, in ms since the epoch. */
  readonly releases: Readonly<Record<string, number>>
  /** The slot of time that was claimed last: its owner looks, alone, until it is over. A crash loses no more than it. */
  readonly slot: number
  /** The heartbeats that the sweep sends to itself: since when they arrive without a gap, and when one last did. */
  readonly canary: { readonly okSince: number; readonly okAt: number }
  /** By scope, since when nobody is set Offline there: `*` is the fleet, anything else a site. */
  readonly brakes: Readonly<Record<string, number>>
}

export const NEW_FLEET: Fleet = { mode: null, releases: {}, slot: 0, canary: { okSince: 0, okAt: 0 }, brakes: {} }

/** All that is known of one agent. */
export interface AgentRows {
  readonly machines: readonly MachineRow[]
  readonly case: Case | null
}
