/** What an organization chooses. The defaults hurt nobody: the watchdog observes. */

export interface Options {
  /** How many intervals without a heartbeat make an agent silent. */
  readonly misses: 2 | 3
  /** The shortest interval that machines are believed, in ms: a claim of less is held to this. */
  readonly intervalMs: number
  /** After-contact work is waited for this long, in ms. */
  readonly workLimitMs: number
  /** People are notified of a contact that holds an agent for longer than this, in ms. */
  readonly contactAlarmMs: number
  /** Storm brake: more agents than this, who fell silent at about the same time, are not set Offline. */
  readonly brakeSite: number
  readonly brakeFleet: number
  /** The same as a share of those who are watched, in percent. Counts from `brakeFloor` agents on. */
  readonly brakePercent: number
  readonly brakeFloor: number
  /** Routing profiles, by id, whose agents are acted on; none: all. */
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

/** `off` is the kill switch: nobody is looked at, and nothing is set. */
export type Mode = 'observe' | 'act' | 'off'
