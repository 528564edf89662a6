import type { Sight } from './decide/sight'

export interface User {
  readonly id: string
  /** The tag that opts in is on the user, or none is asked for. */
  readonly isOptedIn: boolean
}

/** What became of a call: `throttled` and `failed` may be tried again. */
export type PutAnswer = 'done' | 'throttled' | 'failed' | 'refused'

/** The calls of Connect's public API that the watchdog makes. */
export interface Connect {
  /**
   * The user whom a heartbeat names; null where the instance has none of that name or hash.
   * @param agent as in a heartbeat.
   */
  find(agent: string): Promise<User | null>
  /** How the instance shows up to 100 users. Who is missing is not listed. Throws where it gives no answer. */
  look(userIds: readonly string[]): Promise<ReadonlyMap<string, Sight>>
  setOffline(userId: string): Promise<PutAnswer>
}
