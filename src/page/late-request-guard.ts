import type { AgentFacts, AgentState } from '../domain/agent'
import { beganBefore, comparePeriods, isSameSnapshot, mayBeSamePeriod, replacing } from '../domain/state-period'
import type { CloseResult } from '../domain/close-report'
import type { GuardedClose, StatusRestore } from '../domain/closes/guarded-close'
import { isLateOffline, isApplied } from '../domain/closes/guarded-close'
import type { PageConfig } from '../protocol/page-config'
import { natives } from './natives'

/** What the guard needs from the bridge. */
export interface GuardParts {
  readonly config: () => PageConfig | null
  /** Asks the page's Streams for a state of the agent's list, and passes on Connect's answer. */
  readonly setState: (state: AgentState, onResult: (result: CloseResult) => void) => void
  /** Whether this document has set the agent Offline itself, because it goes. */
  readonly isClosing: () => boolean
  /** When a person last used the page, in ms since the epoch. */
  readonly lastInputAt: () => number
  /** Called with Connect's answer, for each Offline that was reverted. */
  readonly onReverted: (type: 'undone' | 'given_back', closeId: string, result: CloseResult) => void
}

/**
 * Watches the CCP to which an agent has come back, or which they have not left after all, and reverts an Offline of their close.
 * It restores the state that the agent was in, and no other.
 */
export class LateRequestGuard {
  /** The agent's latest facts. */
  #facts: AgentFacts | null = null
  /** The state that the agent was last seen in, or that was last restored. */
  #last: { readonly state: AgentState; readonly at: number } | null = null
  /** The Offline that is being reverted: facts may show it more than once. */
  #beingReverted: AgentState | null = null
  /** The look at the last Offline that was reverted: Streams may report it once more. */
  #revertedLook: AgentState | null = null
  /** The state that was requested instead, until it has come, or was refused. */
  #coming: AgentState | null = null
  /** By close: how many Offlines of it were reverted. */
  readonly #reverted = new Map<string, number>()
  /**
   * The status that a reload, or a close that did not happen, has replaced by Offline, and since when it may be restored. Until
   * Offline shows, the agent is expected to be in the period of before the close, and after each restore in the one that it began.
   */
  #toRestore: { readonly restore: StatusRestore; readonly at: number; readonly expected: AgentState } | null = null
  /** By close: until when the last order to restore its status is good, which tells one order from another. */
  readonly #orders = new Map<string, number>()

  readonly #parts: GuardParts

  constructor(parts: GuardParts) {
    this.#parts = parts
  }

  /** Restores the agent's status after a close that did not happen or was a reload, or at their wish: once for each order. */
  restoreStatus(restore: StatusRestore | null): void {
    if (restore === null) return
    const { closeId, until } = restore
    const known = this.#orders.get(closeId)
    if (known === until) return
    // What became of the earlier order does not count: the agent asks once more.
    if (known !== undefined) {
      this.#reverted.delete(closeId)
      this.#beingReverted = this.#revertedLook = null
    }
    this.#orders.set(closeId, until)
    this.#toRestore = { restore, at: natives.now(), expected: restore.state }
    if (this.#facts !== null) this.note(this.#facts)
  }

  /** Called with the agent's facts whenever they change. */
  note(facts: AgentFacts): void {
    this.#facts = facts
    const { state } = facts
    if (state.type !== 'offline') this.#coming = null
    else if (this.#beingReverted !== null && mayBeSamePeriod(this.#beingReverted, state)) return
    else if (this.#revertedLook !== null && isSameSnapshot(this.#revertedLook, state)) return
    const now = natives.now()
    const restore = this.#dueOf(facts, now)
    if (restore !== null) {
      this.#revert(facts, restore.state, restore.closeId, 'given_back')
      return
    }
    const guarded = this.#guardedCloseFor(facts, now)
    if (guarded === null || this.#last === null) {
      // The first sight of a state period counts: facts also change with contacts.
      if (this.#last === null || !mayBeSamePeriod(this.#last.state, state)) this.#last = { state, at: now }
      return
    }
    this.#revert(facts, this.#last.state, guarded.closeId, 'undone')
  }

  /**
   * The agent as they will be when the restored state has arrived: until then, an agent who closes the page does not count as
   * Offline. The server decides when the state begins.
   */
  asComing(facts: AgentFacts): AgentFacts {
    const coming = this.#coming
    if (coming === null || facts.state.type !== 'offline') return facts
    return { ...facts, state: replacing(facts.state, coming) }
  }

  /** The status restore that is due and possible now. */
  #dueOf(facts: AgentFacts, now: number): StatusRestore | null {
    if (this.#toRestore === null || this.#parts.isClosing() || this.#parts.config()?.mode !== 'act') return null
    const { restore, at, expected } = this.#toRestore
    const { closeId, count, until } = restore
    // What the agent or others have chosen since is theirs; so is a contact that came.
    const { state, contacts } = facts
    const reverted = this.#reverted.get(closeId) ?? 0
    const isOffline = state.type === 'offline'
    const isElse = contacts.length > 0 || (!isOffline && comparePeriods(expected, state) === 'other')
    const isLate = now >= until || reverted >= count || (reverted > 0 && this.#isShared())
    const isOver = isElse || isLate || this.#parts.lastInputAt() > at
    const isDue = !isOver && isApplied(restore, facts)
    if (isOver) this.#toRestore = null
    else if (isDue) this.#toRestore = { restore, at, expected: replacing(state, restore.state) }
    else if (!isOffline && expected.startTimestamp === null && !beganBefore(state, expected))
      this.#toRestore = { restore, at, expected: state }
    return isDue ? restore : null
  }

  /** The close whose late request has changed a state; null if no close of the extension has asked for this Offline. */
  #guardedCloseFor({ state, username, contacts }: AgentFacts, now: number): GuardedClose | null {
    const last = this.#last
    const config = this.#parts.config()
    if (last === null || config?.mode !== 'act' || contacts.length > 0 || this.#parts.isClosing() || this.#isShared())
      return null
    const lastInputAt = this.#parts.lastInputAt()
    const { fromStates } = config
    if (!isLateOffline({ before: last.state, after: state, beforeAt: last.at, afterAt: now, lastInputAt, fromStates }))
      return null
    const stands = (guarded: GuardedClose): boolean =>
      guarded.username === username && now < guarded.until && (this.#reverted.get(guarded.closeId) ?? 0) < guarded.count
    return config.guardedCloses.find(stands) ?? null
  }

  /**
   * Whether the status may also be set elsewhere, where an Offline cannot be attributed: the page around a framed CCP has
   * controls of its own, and so has every other CCP of the agent.
   */
  #isShared(): boolean {
    return window.parent !== window || this.#parts.config()?.otherCcps.length !== 0
  }

  /** The page has been away: what was seen before says nothing of the present. */
  forget(): void {
    this.#last = null
    this.#beingReverted = null
    this.#revertedLook = null
    this.#coming = null
    this.#toRestore = null
  }

  #revert({ state: offline }: AgentFacts, state: AgentState, closeId: string, how: 'undone' | 'given_back'): void {
    this.#reverted.set(closeId, (this.#reverted.get(closeId) ?? 0) + 1)
    this.#beingReverted = offline
    this.#coming = state
    this.#parts.setState(state, (result) => {
      // A later sight of Offline is another one, or an old snapshot: asking for the state once more does no harm.
      if (result.ok) [this.#beingReverted, this.#revertedLook] = [null, offline]
      else this.#coming = null
      this.#parts.onReverted(how, closeId, result)
    })
  }
}
