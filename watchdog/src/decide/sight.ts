/** What the instance shows of an agent, in the terms of `GetCurrentUserData`. */

export interface Contact {
  /** `AgentContactState`: INCOMING, CONNECTED, ENDED... */
  readonly state: string
  /** When this state began, in ms since the epoch; null where Connect does not say. */
  readonly since: number | null
}

export type StatusType = 'ROUTABLE' | 'CUSTOM' | 'OFFLINE'

export interface Sight {
  /** The type of the agent's status; null if the instance does not list the status. */
  readonly type: StatusType | null
  /** When the status began, in ms since the epoch; null where Connect does not say. */
  readonly since: number | null
  /** Whether the status that the watchdog sets is enqueued as the next one. */
  readonly isOfflineNext: boolean
  readonly contacts: readonly Contact[]
  /** The id of the routing profile; null where Connect does not say. */
  readonly routingProfile: string | null
}

/** Contact states to ignore: MISSED, ERROR and REJECTED stay until a CCP clears them, and no CCP is open. */
const HOLDS_NOBODY: ReadonlySet<string> = new Set(['MISSED', 'ERROR', 'REJECTED'])
const WORK = 'ENDED'

/** Whether the agent may be talking or writing to a customer. Unknown contact states count. */
export function hasLiveContact({ contacts }: Sight): boolean {
  return contacts.some(({ state }) => state !== WORK && !HOLDS_NOBODY.has(state))
}

/** Since when the agent has after-contact work (ms since the epoch), or null. @param now replaces a missing time */
export function workSince({ contacts }: Sight, now: number): number | null {
  const times = contacts.flatMap(({ state, since }) => (state === WORK ? [since ?? now] : []))
  return times.length === 0 ? null : Math.max(...times)
}
