/** How the instance shows an agent: the words of `GetCurrentUserData`. */

export interface Contact {
  /** `AgentContactState`: INCOMING, CONNECTED, ENDED... */
  readonly state: string
  /** When it came to that, in ms since the epoch; null where Connect does not say. */
  readonly since: number | null
}

export type StatusType = 'ROUTABLE' | 'CUSTOM' | 'OFFLINE'

export interface Sight {
  /** null if the instance does not list the status. */
  readonly type: StatusType | null
  /** ms since the epoch; null where Connect does not say. */
  readonly since: number | null
  /** The next status is the one that the watchdog sets. */
  readonly isOfflineNext: boolean
  readonly contacts: readonly Contact[]
  /** By id; null where Connect does not say. */
  readonly routingProfile: string | null
}

/** MISSED, ERROR and REJECTED hold nobody: no CCP is there to clear them. */
const HOLDS_NOBODY: ReadonlySet<string> = new Set(['MISSED', 'ERROR', 'REJECTED'])
const WORK = 'ENDED'

/** Somebody may be talking or writing with the agent. A state that is unknown counts as that. */
export function hasLiveContact({ contacts }: Sight): boolean {
  return contacts.some(({ state }) => state !== WORK && !HOLDS_NOBODY.has(state))
}

/** Since when the agent has after-contact work, or null. @param now stands in for a missing time. */
export function workSince({ contacts }: Sight, now: number): number | null {
  const times = contacts.flatMap(({ state, since }) => (state === WORK ? [since ?? now] : []))
  return times.length === 0 ? null : Math.max(...times)
}
