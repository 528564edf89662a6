import type { AgentFacts, AgentState } from '../domain/agent'
import { mayBeSamePeriod } from '../domain/agent'
import type { CloseResult } from '../domain/close-report'
import type { Fence, GiveBack } from '../domain/sessions/fence'
import { isLateOffline, isTaken } from '../domain/sessions/fence'
import type { PageConfig } from '../protocol/page-config'
import { natives } from './natives'

/** What the fence needs of the bridge around it. */
export interface FenceParts {
  readonly config: () => PageConfig | null
  /** Asks the page's Streams for a state of the agent's list, and tells Connect's answer. */
  readonly setState: (state: AgentState, onResult: (result: CloseResult) => void) => void
  /** Whether this document has set the agent Offline itself, because it goes. */
  readonly isClosing: () => boolean
  /** When a person last touched the page, in ms since the epoch. */
  readonly touchedAt: () => number
  /** Told with Connect's answer, for each Offline that was taken back. */
  readonly onUndone: (type: 'undone' | 'given_back', closeId: string, result: CloseResult) => void
}

/**
 * Watches the CCP to which an agent has come back, or which they have not left after all: an Offline of their close is
 * taken back. It gives back the state that the agent was in, and no other.
 */
export class ReturnFence {
  /** The agent as they were told of last. */
  #facts: AgentFacts | null = null
  /** The state that the agent was seen in, or was given back. */
  #last: { readonly state: AgentState; readonly at: number } | null = null
  /** The Offline that is being taken back, by its start: facts may tell of it more than once. */
  #beingUndone: number | null = null
  /** What was asked for instead, until it has come, or was refused. */
  #coming: AgentState | null = null
  /** By close: how many Offlines of it were taken back. */
  readonly #undone = new Map<string, number>()
  /** What a reload, or a close that did not happen, has taken from the agent; and since when it may be given back. */
  #owed: { readonly order: GiveBack; readonly at: number } | null = null
  readonly #known = new Set<string>()

  readonly #parts: FenceParts

  constructor(parts: FenceParts) {
    this.#parts = parts
  }

  /** The agent is to have back what a close has taken, which was none: once for each. */
  owe(order: GiveBack | null): void {
    if (order === null || this.#known.has(order.closeId)) return
    this.#known.add(order.closeId)
    this.#owed = { order, at: natives.now() }
    if (this.#facts !== null) this.note(this.#facts)
  }

  /** Called with the agent's facts whenever they change. */
  note(facts: AgentFacts): void {
    this.#facts = facts
    const { state } = facts
    if (state.type !== 'offline') this.#coming = null
    else if (state.startTimestamp === this.#beingUndone) return
    const now = natives.now()
    const order = this.#dueOf(facts, now)
    if (order !== null) {
      this.#undo(facts, order.state, order.closeId, 'given_back')
      return
    }
    const fence = this.#fenceFor(facts, now)
    if (fence === null || this.#last === null) {
      // The first sight of a stay counts: facts also change with contacts.
      if (this.#last === null || !mayBeSamePeriod(this.#last.state, state)) this.#last = { state, at: now }
      return
    }
    this.#undo(facts, this.#last.state, fence.closeId, 'undone')
  }

  /**
   * The agent as they will be when what is being taken back has arrived: who closes the page until then is not Offline.
   * From when on is for the server to say.
   */
  asComing(facts: AgentFacts): AgentFacts {
    const coming = this.#coming
    return coming && facts.state.type === 'offline' ? { ...facts, state: { ...coming, startTimestamp: null } } : facts
  }

  /** What is owed to the agent, and can be given now. */
  #dueOf(facts: AgentFacts, now: number): GiveBack | null {
    if (this.#owed === null || this.#parts.isClosing() || this.#parts.config()?.mode !== 'act') return null
    const { order, at } = this.#owed
    const { closeId, count, until } = order
    // Whatever they, or others, have chosen since is theirs; and so is a contact that came.
    const { state, contacts } = facts
    const isElse = contacts.length > 0 || (state.type !== 'offline' && state.arn !== order.state.arn)
    const given = this.#undone.get(closeId) ?? 0
    const isLate = now >= until || given >= count || (given > 0 && this.#isShared())
    const isOver = isElse || isLate || this.#parts.touchedAt() > at
    if (isOver) this.#owed = null
    return !isOver && isTaken(order, facts) ? order : null
  }

  /** The fence that a change of state has broken through; null where it is no Offline of ours. */
  #fenceFor({ state, username, contacts }: AgentFacts, now: number): Fence | null {
    const last = this.#last
    const config = this.#parts.config()
    if (last === null || config?.mode !== 'act' || contacts.length > 0 || this.#parts.isClosing() || this.#isShared())
      return null
    const touchedAt = this.#parts.touchedAt()
    const { fromStates } = config
    if (!isLateOffline({ before: last.state, after: state, beforeAt: last.at, afterAt: now, touchedAt, fromStates }))
      return null
    const stands = (fence: Fence): boolean =>
      fence.username === username && now < fence.until && (this.#undone.get(fence.closeId) ?? 0) < fence.count
    return config.fences.find(stands) ?? null
  }

  /**
   * Whether the status is in somebody else's hands as well, where an Offline is not told from theirs: the page around a
   * framed CCP has controls of its own, and so has every other CCP of the agent.
   */
  #isShared(): boolean {
    return window.parent !== window || this.#parts.config()?.otherCcps.length !== 0
  }

  /** The page has been away: what was seen before it went says nothing of now. */
  forget(): void {
    this.#last = null
    this.#beingUndone = null
    this.#coming = null
    this.#owed = null
  }

  #undo({ state: offline }: AgentFacts, state: AgentState, closeId: string, how: 'undone' | 'given_back'): void {
    this.#undone.set(closeId, (this.#undone.get(closeId) ?? 0) + 1)
    this.#beingUndone = offline.startTimestamp
    this.#coming = state
    this.#parts.setState(state, (result) => {
      if (!result.ok) this.#coming = null
      this.#parts.onUndone(how, closeId, result)
    })
  }
}
