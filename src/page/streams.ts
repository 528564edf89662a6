/**
 * The parts of amazon-connect-streams that the bridge uses, as the page has them: typed as unchecked, since the page may have any
 * version from 1.0 on, or anything else.
 */
export interface InsecureStreams {
  readonly agent: (callback: (agent: InsecureAgent) => void) => unknown
  readonly core: { readonly getEventBus: () => InsecureEventBus | null | undefined }
  readonly version?: unknown
  readonly EventType?: { readonly TERMINATED?: unknown; readonly AUTH_FAIL?: unknown }
}

export interface InsecureEventBus {
  readonly subscribe: (event: string, callback: () => void) => unknown
  /** Subscribers to all events are called before those to one event (all versions from 1.4.5 to 2.28.2). */
  readonly subscribeAll?: (callback: (data: unknown, event: unknown) => void) => unknown
}

export interface InsecureAgent {
  readonly getState: () => unknown
  readonly getAgentStates: () => unknown
  readonly getConfiguration: () => unknown
  readonly getContacts: () => unknown
  /** The name of the state that the agent has chosen, where a contact's state covers it. Not in Streams 1.4.5. */
  readonly getAvailabilityState?: () => unknown
  /** Not in Streams 1.4.5. */
  readonly getNextState?: () => unknown
  readonly onRefresh: (callback: (agent: InsecureAgent) => void) => unknown
  /** The third argument exists from Streams 1.7; older versions ignore it. */
  readonly setState: (
    state: unknown,
    callbacks: { success: () => void; failure: (error: unknown) => void },
    options?: { enqueueNextState: boolean },
  ) => void
}

type Bag = Readonly<Record<string, unknown>>

/** Anything, as an object whose properties may be read. */
export function bag(value: unknown): Bag {
  return (typeof value === 'object' || typeof value === 'function') && value !== null ? (value as Bag) : {}
}

/**
 * The page's Streams, once it is there and initialised; null before.
 * Subscriptions made before `initSharedWorker` are lost: it creates a new event bus (all versions from 1.4.5 to 2.28.2).
 */
export function readyStreams(global: unknown): InsecureStreams | null {
  const candidate = bag(global)['connect'] ?? bag(global)['lily']
  const core = bag(bag(candidate)['core'])
  if (typeof bag(candidate)['agent'] !== 'function' || typeof core['getEventBus'] !== 'function') return null
  const streams = candidate as InsecureStreams
  return streams.core.getEventBus() ? streams : null
}

/** The version that the page's Streams gives; versions before 1.5 give none. */
export function versionOf(streams: InsecureStreams): string | null {
  return typeof streams.version === 'string' ? streams.version.slice(0, 32) : null
}
