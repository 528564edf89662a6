import type { Sight } from './decide/sight'

export interface User {
  readonly id: string
  /** Whether the user has the tag that opts in, or no tag is required. */
  readonly isOptedIn: boolean
}

/** The result of a call. `throttled` and `failed` calls may be tried again. */
export type PutAnswer = 'done' | 'throttled' | 'failed' | 'refused'

/** The calls of Connect's public API that the watchdog makes. */
export interface Connect {
  /**
   * The user whom a heartbeat names; null where the instance has no user with that name or hash.
   * @param agent `n:` and the user name, or `h:` and the hash, as in a heartbeat
   */
  find(agent: string): Promise<User | null>
  /**
   * What the instance shows of up to 100 users, by id. Users whom
   * it does not list are missing. Throws where it gives no answer.
   */
  look(userIds: readonly string[]): Promise<ReadonlyMap<string, Sight>>
  setOffline(userId: string): Promise<PutAnswer>
}
