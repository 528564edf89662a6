import type { AgentFacts } from '../domain/agent'
import type { CloseDecision } from '../domain/decide-close'
import { decideClose } from '../domain/decide-close'
import type { CloseEvent, ClosingReport, OfflineWhileOpen } from '../domain/close-report'
import type { LeaveChoice } from '../domain/leave-rules'
import type { PageConfig } from '../protocol/page-config'
import type { AgentWatch } from './agent-watch'
import { Attempts } from './offline-attempts'
import { didOf, isAnotherClose, isDeferredToOthers, isQueuedBehind, planOf } from './describe-close'
import type { ContentLink } from './content-link'
import type { Departure } from './departure'
import type { DirectPath } from './direct-path'
import { guard, guardOnce } from './guard'
import { ClosingHold } from './hold-closing'
import { isInsideCcp } from './inside-ccp'
import { LeaveDialog } from './leave-dialog'
import { natives } from './natives'
import { whenItWouldHaveGone } from './departure-check'

/** How long a log-out waits for Offline, in ms: long enough for a second try. */
const LOGOUT_HOLD_MS = 2_000
/** How long the agent's facts may lag behind Connect's answer. */
const OWN_MS = 10_000

/**
 * Acts when the document goes: in `beforeunload`, or in `pagehide` where there was none (a frame that its parent removes gets
 * nothing else). It does so synchronously: nothing that is awaited would ever come.
 */
export class Closer {
  /** The close under way; a page that stays starts again with none. */
  #pending: ClosingReport | null = null
  #pendingAt = 0
  /** Until when an Offline is the doing of this page, for an agent who was away. */
  #ownUntil = 0
  /** Lets the log-out go on that waits for Offline. */
  #endLogoutHold = (): void => undefined
  /** The close whose agent is being shown that they have stayed: whether it is tried again is their choice. */
  #asking: string | null = null
  /** What a close of this page has asked for: where the page stays, the agent's status is restored. */
  #toRestore: ClosingReport | null = null
  /** `beforeunload` has come. */
  #wasLeft = false
  /** `pagehide` has come: nothing follows it but a return from the back/forward cache. */
  #hasGone = false
  #stops: (() => void)[] = []
  readonly #leaveDialog = new LeaveDialog()
  readonly #hold = new ClosingHold()
  readonly #attempts: Attempts

  readonly #watch: AgentWatch
  readonly #link: ContentLink
  readonly #departure: Departure
  readonly #direct: DirectPath
  readonly #config: () => PageConfig | null
  readonly #restoreStatusOf: (report: ClosingReport) => void

  /** @param config null until the settings have come. */
  constructor(
    watch: AgentWatch,
    link: ContentLink,
    departure: Departure,
    direct: DirectPath,
    config: () => PageConfig | null,
    restoreStatus: (report: ClosingReport) => void,
  ) {
    this.#watch = watch
    this.#link = link
    this.#departure = departure
    this.#direct = direct
    this.#config = config
    this.#restoreStatusOf = restoreStatus
    this.#attempts = new Attempts(watch, link, direct, (closeId, facts) => this.#isStillWanted(closeId, facts))
  }

  readonly #onBeforeUnload = guard((event: Event) => {
    this.#wasLeft = true
    if (this.#departure.leavesNothing()) return
    const facts = this.#watch.facts()
    if (!this.#close('beforeunload') || facts === null) return
    const closeId = this.#pending?.closeId
    const isRaised = this.#leaveDialog.raise(event, facts, this.#config(), () => {
      if (closeId !== undefined && this.#pending?.closeId === closeId && !this.#hasGone)
        this.#link.send({ type: 'leave_refused', closeId })
    })
    if (isRaised) this.#asking = closeId ?? null
  })
  readonly #onPageHide = guard(() => {
    this.#close('pagehide')
    this.#hold.rest()
  })
  readonly #onPageShow = guard((event: Event) => {
    if (!(event as PageTransitionEvent).persisted) return
    this.#pending = null
    this.#toRestore = null
    this.#wasLeft = false
    this.#hasGone = false
  })

  start(): void {
    this.#stops = [
      natives.listen('beforeunload', this.#onBeforeUnload),
      natives.listen('pagehide', this.#onPageHide),
      natives.listen('pageshow', this.#onPageShow),
    ]
  }

  stop(): void {
    for (const stop of this.#stops) stop()
  }

  /** Whether a close is under way: a change of the agent's state is then this document's own doing. */
  isClosing(): boolean {
    return this.#pending !== null || natives.now() < this.#ownUntil
  }

  /**
   * Sets the agent Offline before a log-out, after which Streams cannot do it (TERMINATE), nor the extension learn of it.
   * @param goOn called once: when the agent is seen Offline or, behind a contact, when Connect has accepted it; after 2 s at the latest.
   * @returns whether there is anything to wait for.
   */
  closeBeforeLogout(goOn: () => void): boolean {
    const facts = this.#watch.facts()
    if (facts === null || this.#decide(facts, 'logout').action !== 'set_offline') return false
    const goOnOnce = guardOnce(goOn)
    // Where the extension is gone, nothing was done, and there is nothing to wait for.
    if (!this.#close('logout', isQueuedBehind(facts) ? goOnOnce : undefined)) return false
    this.#endLogoutHold = goOnOnce
    natives.setTimeout(goOnOnce, LOGOUT_HOLD_MS)
    return true
  }

  /** Called with the agent's facts whenever they change. */
  note({ state }: AgentFacts): void {
    if (state.type === 'offline') this.#endLogoutHold()
  }

  /** Carries out the choice of an agent who was asked before the page went, and stayed. */
  choose(choice: LeaveChoice): void {
    if (this.#pending !== null) this.#tellStayed(this.#pending.closeId)
    if (choice === 'stay') this.#restoreStatus()
    this.#leaveDialog.passes = choice === 'close'
    if (choice === 'try_again') this.#close('try_again')
    if (choice === 'close') natives.close()
  }

  /**
   * The browser's tab shows that nothing comes of a `beforeunload`: a download, an answer of 204, a dialog answered with Stay.
   * The page waits nevertheless: a message that comes while a dialog is up is handled before the page has had time to go.
   */
  mayStay(closeId: string): void {
    if (this.#asking !== closeId) this.#tellIfStays(closeId, true)
  }

  /** Sets an agent Offline who is away, or who asks for it, unless this page knows better. Reports within this call. */
  setOfflineWhileOpen(kind: OfflineWhileOpen): void {
    const facts = this.#watch.facts()
    if (this.#pending !== null || facts === null || this.#decide(facts, kind).action !== 'set_offline') return
    this.#close(kind, () => {
      const pending = this.#pending
      if (pending?.event !== kind) return
      // The page stays: with Connect's answer the close is over. The agent's facts show it a moment later.
      this.#ownUntil = natives.now() + OWN_MS
      this.#tellStayed(pending.closeId)
    })
  }

  /** @returns whether a close has begun. */
  #close(event: CloseEvent, onAccepted: () => void = () => undefined): boolean {
    const facts = this.#watch.facts()
    if (facts === null || this.#hasGone) return false
    if (event === 'pagehide' && this.#pending === null && isInsideCcp()) return false
    const pending = this.#pending
    const config = this.#config()
    this.#hasGone = event === 'pagehide'
    const takesOver = event === 'pagehide' && isDeferredToOthers(pending)
    if (pending !== null && !takesOver) {
      const sinceMs = natives.now() - this.#pendingAt
      if (!isAnotherClose(pending, event, facts, sinceMs, config?.fromStates ?? [])) return false
      this.#tellStayed(pending.closeId)
    }
    const hint = takesOver ? pending.hint : this.#departure.hint()
    const decision = this.#decide(facts, event, hint)
    // A close that was deferred to another CCP is this page's own once that CCP goes as well: under the same name.
    if (takesOver && decision.action !== 'set_offline') return false
    if (!this.#link.isAlive()) return false
    const closeId = takesOver ? pending.closeId : natives.randomUUID()
    const path = this.#direct.plan(config?.lastWindow)
    const mayEnqueue = isQueuedBehind(facts) && !this.#attempts.enqueueRefused && config?.enqueue !== false
    const { stays, lives, direct, enqueue } = planOf(event, hint, { path, mayEnqueue })
    const report: ClosingReport = {
      closeId,
      event,
      did: didOf(decision, { direct, mayQueue: enqueue, ...(this.#direct.isCold() && { connection: 'cold' }) }),
      stateBefore: facts.state,
      hint,
    }
    this.#pending = report
    this.#pendingAt = natives.now()
    const sendReport = (): void => void this.#link.send({ type: 'closing', report, agent: facts })
    if (decision.action === 'set_offline') {
      // Who tries again or logs out wants to be Offline, though the page may stay; and no status of an absent agent is restored.
      const untilShown = event === 'try_again' || event === 'logout'
      this.#toRestore = untilShown || stays ? null : report
      const attempt = { closeId, target: decision.target, before: facts.state, enqueue, direct, untilShown }
      this.#attempts.make(attempt, sendReport, onAccepted)
      // Where another tab's dialog has kept its window, `beforeunload` was long before. A frame's end is not its page's.
      if (event === 'beforeunload' || (!lives && window.parent === window))
        this.#hold.begin(event, config, hint, this.#direct.currentTiming())
    } else {
      sendReport()
    }
    if (event !== 'pagehide') this.#tellIfStays(closeId)
    return true
  }

  #isStillWanted(closeId: string, facts: AgentFacts): boolean {
    if (this.#hasGone || this.#pending?.closeId !== closeId || this.#asking === closeId || !this.#link.isAlive())
      return false
    return this.#decide(facts, this.#pending.event, this.#pending.hint).action === 'set_offline'
  }

  #decide(facts: AgentFacts, event: CloseEvent, hint = this.#departure.hint()): CloseDecision {
    const config = this.#config()
    const { otherCcps = [], lastWindow = false } = config ?? {}
    // A frame that gets `pagehide` alone is taken out of a page that stays.
    const isTakenOut = event === 'pagehide' && !this.#wasLeft && window.parent !== window
    const moment = { event, hint, otherCcps: otherCcps.length, lastWindow: lastWindow && !isTakenOut }
    return decideClose(facts, config, moment)
  }

  #tellIfStays(closeId: string, soon?: boolean): void {
    whenItWouldHaveGone(() => {
      if (!this.#hasGone) this.#tellStayed(closeId, true)
    }, soon)
  }

  /** @param isOver nothing follows: neither another attempt to leave, nor a choice of the agent. */
  #tellStayed(closeId: string, isOver = false): void {
    if (this.#pending?.closeId !== closeId) return
    this.#pending = null
    this.#link.send({ type: 'stayed', closeId })
    if (isOver && this.#asking !== closeId) this.#restoreStatus()
  }

  #restoreStatus(): void {
    const taken = this.#toRestore
    this.#toRestore = null
    if (taken !== null) this.#restoreStatusOf(taken)
  }
}
