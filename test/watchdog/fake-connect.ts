import type { Connect, PutAnswer, User } from '../../watchdog/src/connect'
import type { Contact, Sight, StatusType } from '../../watchdog/src/decide/sight'

/** An agent as the instance knows them, whatever their machines report. Times are in ms since the epoch. */
export interface FakeAgent {
  readonly id: string
  type: StatusType
  since: number
  isOfflineNext: boolean
  contacts: Contact[]
  /** Whether a look lists the agent: the real API does not list every agent. */
  isListed: boolean
  routingProfile: string
  /** When the last look listed the agent. */
  seenAt: number
  /** Each time at which the watchdog set Offline. */
  readonly puts: number[]
}

/** Connect's public API for agents in memory, with the rules that matter to the watchdog. */
export class FakeConnect implements Connect {
  readonly agents = new Map<string, FakeAgent>()
  readonly calls: { readonly operation: string; readonly at: number }[] = []
  /** Runs before each call is answered. If it throws, the call fails with that error. */
  fault: () => void = () => undefined
  /** Runs after Offline was set. */
  onPutDone: () => void = () => undefined

  /** @param onPut runs before Offline is set, so that a test can judge it */
  constructor(
    private readonly now: () => number,
    private readonly onPut: (agent: FakeAgent) => void = () => undefined,
  ) {}

  add(id: string): FakeAgent {
    const agent: FakeAgent = {
      id,
      type: 'OFFLINE',
      since: this.now(),
      isOfflineNext: false,
      contacts: [],
      isListed: true,
      routingProfile: 'all',
      seenAt: 0,
      puts: [],
    }
    this.agents.set(id, agent)
    return agent
  }

  /**
   * The agent or a supervisor chooses a status. During a contact only Offline is remembered, until the contact ends.
   */
  set(id: string, type: StatusType): void {
    const agent = this.agents.get(id)
    if (agent === undefined) return
    if (agent.contacts.some(({ state }) => state === 'CONNECTED')) {
      agent.isOfflineNext = type === 'OFFLINE'
      return
    }
    Object.assign(agent, { type, since: this.now(), isOfflineNext: false, contacts: [] })
  }

  /** Ends all contacts; a queued Offline takes effect. */
  endContact(id: string): void {
    const agent = this.agents.get(id)
    if (agent === undefined) return
    agent.contacts = []
    if (agent.isOfflineNext) this.set(id, 'OFFLINE')
  }

  find(agent: string): Promise<User | null> {
    return this.call('find', () => (this.agents.has(agent) ? { id: agent, isOptedIn: true } : null))
  }

  look(userIds: readonly string[]): Promise<ReadonlyMap<string, Sight>> {
    return this.call('look', () => {
      const listed = userIds.flatMap((id) => this.agents.get(id) ?? []).filter(({ isListed }) => isListed)
      for (const agent of listed) agent.seenAt = this.now()
      return new Map(listed.map((agent) => [agent.id, { ...agent, contacts: [...agent.contacts] }]))
    })
  }

  setOffline(userId: string): Promise<PutAnswer> {
    return this.call('put', () => {
      const agent = this.agents.get(userId)
      if (agent === undefined) return 'refused'
      this.onPut(agent)
      agent.puts.push(this.now())
      this.set(userId, 'OFFLINE')
      this.onPutDone()
      return 'done'
    })
  }

  private call<T>(operation: string, answer: () => T): Promise<T> {
    this.calls.push({ operation, at: this.now() })
    try {
      this.fault()
      return Promise.resolve(answer())
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }
}

/** The largest number of calls of one operation within any second. */
export function mostInASecond(calls: FakeConnect['calls']): number {
  let most = 0
  for (const operation of new Set(calls.map((call) => call.operation))) {
    const times = calls.filter((call) => call.operation === operation).map(({ at }) => at)
    let from = 0
    for (const [index, at] of times.entries()) {
      while (at - (times[from] ?? at) >= 1_000) from += 1
      most = Math.max(most, index - from + 1)
    }
  }
  return most
}
