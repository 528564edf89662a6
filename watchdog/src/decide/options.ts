/** What an organization can choose, apart from the mode. */
export interface Options {
  /** How many intervals without a heartbeat make an agent silent. */
  readonly misses: 2 | 3
  /** The shortest interval between heartbeats, in ms. Where a machine claims a shorter one, this counts instead. */
  readonly intervalMs: number
  /** How long to wait for after-contact work, in ms. */
  readonly workLimitMs: number
  /** People are notified where a contact keeps an agent from being set Offline for longer than this, in ms. */
  readonly contactAlarmMs: number
  /** Storm brake: if more agents than this fall silent at about the same time, none of them is set Offline. */
  readonly brakeSite: number
  readonly brakeFleet: number
  /** The same limit in percent of the agents who are watched. It applies from `brakeFloor` agents on. */
  readonly brakePercent: number
  readonly brakeFloor: number
  /** The ids of the routing profiles whose agents may be set Offline; empty: all. */
  readonly routingProfiles: readonly string[]
}

export const DEFAULT_OPTIONS: Options = {
  misses: 3,
  intervalMs: 30_000,
  workLimitMs: 10 * 60_000,
  contactAlarmMs: 30 * 60_000,
  brakeSite: 10,
  brakeFleet: 25,
  brakePercent: 25,
  brakeFloor: 4,
  routingProfiles: [],
}

/** `off` is the kill switch: the watchdog asks the instance about nobody, and sets nothing. */
export type Mode = 'observe' | 'act' | 'off'
