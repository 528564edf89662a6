import type { AgentFacts } from '../domain/agent'
import type { BackOff } from '../domain/back-off'
import { pauseAfter } from '../domain/back-off'
import type { ApiOperation } from '../protocol/connect-api'
import { snapshotBody } from '../protocol/connect-api'
import { AgentChanges } from './agent-changes'
import type { AgentWatch, OnFacts } from './agent-watch'
import type { Access } from './api-call'
import { apiRequest, send } from './api-call'
import { guard } from './guard'
import { natives } from './natives'
import { readAgent } from './read-agent'
import type { InsecureAgent } from './streams'
import { bag } from './streams'

/** The pause between two snapshots, in ms, as Streams has it: the instance holds each back until something has changed. */
const NEXT_MS = 100
/** The same where the instance answers at once though nothing has changed, or sends no token to continue with. */
const UNHELD_MS = 1_500
/** An answer that came sooner than this was not held back. */
const HELD_MS = 1_000
const FAILED: BackOff = { pauses: [5_000, 10_000, 20_000, 40_000, 60_000] }
/** Longer than the instance holds a snapshot back. */
const PATIENCE_MS = 40_000
/** So many answers in a row that deny access mean that the token is over: a new one may be denied at first. */
const DENIALS = 3
/** After so many failures in a row, which take more than a minute, what was read before says nothing of the agent any more. */
const FAILURES = 5
/** How often configuration and states are read again. */
const CONFIGURATION_MS = 5 * 60_000
const STATES_PER_PAGE = 100
const MAX_PAGES = 10
const HOUR_MS = 3_600_000

const DENIED: ReadonlySet<number> = new Set([401, 403])

type Body = Readonly<Record<string, unknown>>

/** What the API agent needs from the bridge. */
export interface ApiAgentParts {
  /** The address and the token of a request; null where the direct path is not available. */
  readonly access: () => Access | null
  readonly onChange: OnFacts
  /** Called once when nothing can be read, or nothing any more; and again after something was read. */
  readonly onUnwatched: () => void
  /** Called with the service's time in each snapshot. */
  readonly onTime: (sent: unknown) => void
  /** The state that a close is to set, by name or ARN. */
  readonly targetState: () => string
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
/** AWS JSON has times in seconds. */
const time = (value: unknown): unknown => (typeof value === 'number' ? value * 1_000 : value)
const stateOf = (value: unknown): Body | null =>
  typeof value === 'object' && value !== null
    ? { ...bag(value), startTimestamp: time(bag(value)['startTimestamp']) }
    : null

/** The API's facts about an agent, in the shape that Streams uses, so that one module reads both. */
function asStreams(configuration: Body, states: readonly unknown[], snapshot: Body): InsecureAgent {
  const availability = bag(snapshot['agentAvailabilityState'])
  const contacts = list(snapshot['contacts']).map((value) => {
    const { contactId, type, state } = bag(value)
    return { getContactId: () => contactId, getType: () => type, getStatus: () => state }
  })
  return {
    getState: () => stateOf(snapshot['state']),
    getAgentStates: () => states.map(stateOf),
    getConfiguration: () => configuration,
    getContacts: () => contacts,
    getAvailabilityState: () => ({ ...availability, timeStamp: time(availability['timeStamp']) }),
    getNextState: () => stateOf(snapshot['nextState']),
    onRefresh: () => undefined,
    setState: () => undefined,
  }
}

/**
 * The agent of a page whose Streams is out of reach, watched through the instance's API alone: the page's token suffices. It uses
 * a long poll, as Streams does, so that a change is known as soon as the instance reports it.
 */
export class ApiAgent implements AgentWatch {
  #configuration: Body = {}
  #states: readonly unknown[] = []
  #readAt = -Infinity
  #nextToken: string | undefined
  #current: InsecureAgent | null = null
  #facts: AgentFacts | null = null
  #changes = new AgentChanges()
  #failures = 0
  /** How many answers in a row have denied access. */
  #denials = 0
  #isReported = false
  #isStopped = false
  #asked = 0
  readonly #startedAt = natives.now()
  readonly #parts: ApiAgentParts

  constructor(parts: ApiAgentParts) {
    this.#parts = parts
  }

  start(): void {
    this.#next(0)
  }

  /** There is no agent of Streams: states are set through the API. */
  agent(): null {
    return null
  }

  facts(): AgentFacts | null {
    return this.#facts
  }

  look(): void {
    this.#take()
  }

  /** @returns whether something has changed. */
  #take(): boolean {
    if (this.#current === null || this.#isStopped) return false
    this.#facts = readAgent(this.#current, this.#parts.targetState())
    const difference = this.#changes.take(this.#facts)
    if (difference !== 'none') this.#parts.onChange(this.#facts, difference === 'change')
    return difference === 'change'
  }

  stop(): void {
    this.#isStopped = true
  }

  /** How many requests an hour this takes: estimated from earlier ones, once there were some. */
  requestsPerHour(): number {
    const elapsedMs = Math.max(natives.now() - this.#startedAt, HOUR_MS / 60)
    return Math.round((this.#asked * HOUR_MS) / elapsedMs)
  }

  #next(waitMs: number): void {
    const ask = guard(() => {
      if (this.#isStopped) return
      this.#round().then(
        guard((nextMs: number) => this.#next(nextMs)),
        guard(() => this.#next(this.#afterFailure(this.#denials >= DENIALS || this.#failures + 1 >= FAILURES))),
      )
    })
    natives.setTimeout(ask, waitMs)
  }

  /** @returns how long to wait before the next round. */
  async #round(): Promise<number> {
    const access = this.#parts.access()
    if (access === null) return this.#afterFailure(true)
    const startedAt = natives.now()
    if (startedAt - this.#readAt >= CONFIGURATION_MS) await this.#readConfiguration(access)
    const askedAt = natives.now()
    const { snapshot, nextToken } = await this.#ask(
      access,
      'GetAgentSnapshot',
      snapshotBody(access.token, this.#nextToken),
    )
    if (bag(snapshot)['state'] === undefined) throw new Error('No snapshot')
    this.#parts.onTime(bag(snapshot)['snapshotTimestamp'])
    const hadToken = this.#nextToken !== undefined
    this.#nextToken = typeof nextToken === 'string' ? nextToken : undefined
    this.#failures = 0
    this.#isReported = false
    this.#current = asStreams(this.#configuration, this.#states, bag(snapshot))
    const isChange = this.#take()
    const isHeld = !hadToken || natives.now() - askedAt >= HELD_MS || isChange
    return this.#nextToken !== undefined && isHeld ? NEXT_MS : UNHELD_MS
  }

  async #readConfiguration(access: Access): Promise<void> {
    const authentication = { authToken: access.token }
    const { configuration } = await this.#ask(access, 'GetAgentConfiguration', { authentication })
    const states: unknown[] = []
    let nextToken: unknown = null
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const body = { authentication, nextToken, maxResults: STATES_PER_PAGE }
      const answer = await this.#ask(access, 'GetAgentStates', body)
      states.push(...list(answer['states']))
      nextToken = answer['nextToken'] ?? null
      if (nextToken === null) break
    }
    this.#configuration = bag(configuration)
    this.#states = states
    this.#readAt = natives.now()
  }

  async #ask(access: Access, operation: ApiOperation, body: object): Promise<Body> {
    this.#asked += 1
    const answer = await send(access.url, apiRequest(access, operation, body), natives.abortAfter(PATIENCE_MS))
    this.#denials = answer.is === 'error' && DENIED.has(answer.status) ? this.#denials + 1 : 0
    if (answer.is !== 'answer') throw new Error(operation)
    return answer.body
  }

  /** @param isOver nobody can watch the agent: what was read says nothing of them as they are now. */
  #afterFailure(isOver: boolean): number {
    this.#nextToken = undefined
    this.#failures += 1
    if (isOver) {
      this.#current = null
      this.#facts = null
      this.#changes = new AgentChanges()
    }
    if (this.#current === null && !this.#isReported) {
      this.#isReported = true
      this.#parts.onUnwatched()
    }
    return pauseAfter(FAILED, this.#failures)
  }
}
