import type { Connect, PutAnswer, User } from '../../watchdog/src/connect'
import type { Contact, Sight, StatusType } from '../../watchdog/src/decide/sight'

/** An agent at the instance: what a caller meets, whatever any machine says. */
export interface FakeAgent {
  readonly id: string
  type: StatusType
  since: number
  isOfflineNext: boolean
  contacts: Contact[]
  /** Connect does not list everybody. */
  isListed: boolean
  routingProfile: string
  /** When it was last looked at. */
  seenAt: number
  /** When Offline was set by the watchdog, each time. */
  readonly puts: number[]
}

/** Connect's public API over agents in memory, with the rules that the watchdog has to do with. */
export class FakeConnect implements Connect {
  readonly agents = new Map<string, FakeAgent>()
  readonly calls: { readonly operation: string; readonly at: number }[] = []
  /** Called before each call: what it throws is the answer. */
  fault: () => void = () => undefined
  /** Called when Offline was set. */
  onPutDone: () => void = () => undefined

  /** @param onPut called before Offline is set: to judge it. */
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

  /** The agent, or somebody for them, chooses a status. */
  set(id: string, type: StatusType): void {
    const agent = this.agents.get(id)
    if (agent === undefined) return
    if (agent.contacts.some(({ state }) => state === 'CONNECTED')) {
      agent.isOfflineNext = type === 'OFFLINE'
      return
    }
    Object.assign(agent, { type, since: this.now(), isOfflineNext: false, contacts: [] })
  }

  /** The contact ends: the status that was queued comes. */
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

/** The most calls of one operation within any second. */
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
