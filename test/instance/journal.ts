import type { AgentState } from './model/agent-states'

/** What a request's headers and its connection show about its sender and kind. */
export interface RequestDetails {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly origin: string | undefined
  readonly referer: string | undefined
  readonly browser: 'chromium' | 'firefox' | 'other'
  readonly userAgent: string | undefined
  /** `Sec-Fetch-Site`, `-Mode` and `-Dest`: `empty` for fetch and XMLHttpRequest, `document` for a navigation. */
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
  readonly fetchDest: string | undefined
  readonly cookies: readonly string[]
  /** The number of the connection that carried it, and how many requests that connection had carried before. */
  readonly connection: number
  readonly requestsBefore: number
}

/** Why an agent's state changed. */
export type Cause =
  | { readonly by: 'api'; readonly operation: string; readonly request: RequestEntry }
  | { readonly by: 'supervisor' }
  /** `PutUserStatus`, as the watchdog calls it. */
  | { readonly by: 'public-api' }
  | { readonly by: 'test' }
  | { readonly by: 'contact'; readonly contactId: string; readonly why: string }

interface EntryBase {
  readonly seq: number
  /** Server time in milliseconds. */
  readonly at: number
  readonly alias: string
  readonly agent: string | undefined
}

/** The agent's state changed. */
export interface StateEntry extends EntryBase {
  readonly kind: 'state'
  readonly agent: string
  readonly from: AgentState
  readonly to: AgentState
  readonly cause: Cause
}

/** The next state, which follows the contact, was set, replaced or cleared. */
export interface NextStateEntry extends EntryBase {
  readonly kind: 'next-state'
  readonly agent: string
  readonly to: AgentState | undefined
  readonly cause: Cause
}

/** A contact's state changed, or the contact is gone. */
export interface ContactEntry extends EntryBase {
  readonly kind: 'contact'
  readonly agent: string
  readonly contactId: string
  readonly channel: string
  readonly to: string
}

/** Somebody signed in or out. */
export interface SessionEntry extends EntryBase {
  readonly kind: 'session'
  readonly event: 'sign-in' | 'sign-out'
}

/** A request to an API, to `authorize` or to `logout`, or for a web socket. Its fields are filled in as it proceeds. */
export interface RequestEntry extends EntryBase {
  readonly kind: 'request'
  /** The API operation (`PutAgentState`), or `authorize`, `logout`, `websocket`. */
  readonly operation: string
  readonly details: RequestDetails
  readonly input: Readonly<Record<string, unknown>>
  agent: string | undefined
  status: number | undefined
  error: string | undefined
  answeredAt: number | undefined
  /** When the client went away before it got the answer. The request may still have taken effect. */
  clientGoneAt: number | undefined
}

export type JournalEntry = StateEntry | NextStateEntry | ContactEntry | SessionEntry | RequestEntry

/** An entry before the journal has numbered and dated it. */
export type NewEntry<E extends JournalEntry = JournalEntry> = E extends JournalEntry ? Omit<E, 'seq' | 'at'> : never

export interface WaitOptions {
  readonly timeoutMs?: number
  /** Only entries after this mark count. Take the mark with `mark()` before acting. */
  readonly after?: number
}

/** Everything that happened at the instance, in order. Waiting for entries is event-driven, without polling. */
export class Journal {
  readonly entries: JournalEntry[] = []
  private readonly watchers = new Set<(entry: JournalEntry) => void>()
  private closed: Error | undefined
  private readonly closers = new Set<(reason: Error) => void>()

  constructor(private readonly now: () => number = Date.now) {}

  get states(): readonly StateEntry[] {
    return this.entries.filter((entry) => entry.kind === 'state')
  }

  get requests(): readonly RequestEntry[] {
    return this.entries.filter((entry) => entry.kind === 'request')
  }

  /** The number of the last entry, for `after`. */
  mark(): number {
    return this.entries.length
  }

  add<E extends JournalEntry>(entry: NewEntry<E>): E {
    const whole = { ...entry, seq: this.entries.length + 1, at: this.now() } as unknown as E
    this.entries.push(whole)
    this.changed(whole)
    return whole
  }

  /** Notifies watchers that more fields of an entry have been filled in. */
  changed(entry: JournalEntry): void {
    for (const watcher of [...this.watchers]) watcher(entry)
  }

  /** Calls back for every new or changed entry. Returns a function that stops it. */
  watch(watcher: (entry: JournalEntry) => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /**
   * Resolves with the first matching entry, past or future. Rejects
   * after `timeoutMs` (5,000), or when the instance closes.
   */
  waitFor<E extends JournalEntry>(predicate: (entry: JournalEntry) => entry is E, options?: WaitOptions): Promise<E>
  waitFor(predicate: (entry: JournalEntry) => boolean, options?: WaitOptions): Promise<JournalEntry>
  waitFor(predicate: (entry: JournalEntry) => boolean, options: WaitOptions = {}): Promise<JournalEntry> {
    const { timeoutMs = 5000, after = 0 } = options
    const fits = (entry: JournalEntry): boolean => entry.seq > after && predicate(entry)
    const past = this.entries.find(fits)
    if (past) return Promise.resolve(past)
    if (this.closed) return Promise.reject(this.closed)
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer)
        stop()
        this.closers.delete(fail)
      }
      const fail = (reason: Error): void => {
        finish()
        reject(reason)
      }
      const stop = this.watch((entry) => {
        if (!fits(entry)) return
        finish()
        resolve(entry)
      })
      const timer = setTimeout(() => fail(new Error(this.lateMessage(timeoutMs, after))), timeoutMs)
      this.closers.add(fail)
    })
  }

  /** Resolves with the first matching change of a state. */
  waitForState(
    match: { agent?: string; name?: string; type?: string; by?: Cause['by'] },
    options?: WaitOptions,
  ): Promise<StateEntry> {
    return this.waitFor(
      (entry): entry is StateEntry =>
        entry.kind === 'state' &&
        (match.agent === undefined || match.agent === entry.agent) &&
        (match.name === undefined || match.name === entry.to.name) &&
        (match.type === undefined || match.type === entry.to.type) &&
        (match.by === undefined || match.by === entry.cause.by),
      options,
    )
  }

  /** Resolves when a request for the operation has been received, or with `answered`, when it has been answered. */
  waitForRequest(operation: string, options: WaitOptions & { answered?: boolean } = {}): Promise<RequestEntry> {
    return this.waitFor(
      (entry): entry is RequestEntry =>
        entry.kind === 'request' && entry.operation === operation && (!options.answered || entry.status !== undefined),
      options,
    )
  }

  /** Rejects all waits, because the instance is closing. */
  close(): void {
    this.closed = new Error('The instance was closed.')
    for (const fail of [...this.closers]) fail(this.closed)
  }

  private lateMessage(timeoutMs: number, after: number): string {
    const tail = this.entries.filter((entry) => entry.seq > after).slice(-8)
    const lines = tail.map((entry) => `  ${describeEntry(entry)}`)
    return [`No matching entry in the journal within ${timeoutMs} ms. Its last entries:`, ...lines].join('\n')
  }
}

/** An entry as one line for people. */
export function describeEntry(entry: JournalEntry): string {
  const who = entry.agent ?? '-'
  switch (entry.kind) {
    case 'state':
      return `state ${who}: ${entry.from.name} -> ${entry.to.name} by ${entry.cause.by}`
    case 'next-state':
      return `next state ${who}: ${entry.to?.name ?? 'none'} by ${entry.cause.by}`
    case 'contact':
      return `contact ${who}: ${entry.channel} ${entry.to}`
    case 'session':
      return `session ${who}: ${entry.event}`
    case 'request':
      return `request ${who}: ${entry.operation} -> ${entry.error ?? entry.status ?? 'no answer yet'}`
  }
}
