import type { AgentFacts, AgentState } from '../domain/agent'
import { mayBeSamePeriod } from '../domain/state-period'
import type { CloseResult, DirectAttempt } from '../domain/close-report'
import { refusesEnqueue } from '../domain/close-report'
import type { AgentWatch } from './agent-watch'
import type { ContentLink } from './content-link'
import type { DirectPath } from './direct-path'
import { guard } from './guard'
import { natives } from './natives'
import { findSame } from './read-agent'
import { readError, setOffline } from './set-offline'

/**
 * The pauses before a page that lives on repeats a request, in ms. Not a back-off of the domain: it ends with the list.
 */
const AGAIN_MS = [1_000, 3_000, 9_000]
/** How long after it an accepted request that does not show is repeated, in ms: another answer still comes while a log-out is held. */
const NOT_SHOWN_MS = 1_600

const nothing = (): void => undefined

/** What is requested at a close, and how. */
export interface Attempt {
  readonly closeId: string
  readonly target: AgentState
  readonly before: AgentState
  readonly enqueue: boolean
  readonly direct: DirectAttempt | null
  /** Whether an accepted request that does not show is repeated once, too: nobody else does after a log-out, or in an open CCP. */
  readonly untilShown: boolean
}

/** Asks Connect for Offline: through Streams and straight, once for a close, and again while the page stays. */
export class Attempts {
  /** Whether this page's Streams, or its instance, has refused `enqueueNextState`. */
  enqueueRefused = false
  /** The close whose Offline Connect has accepted. */
  #succeeded: string | null = null

  readonly #watch: AgentWatch
  readonly #link: ContentLink
  readonly #direct: DirectPath
  readonly #isWanted: (closeId: string, facts: AgentFacts) => boolean

  /** @param isWanted whether a close is still under way and its Offline still to be set, by the current facts. */
  constructor(
    watch: AgentWatch,
    link: ContentLink,
    direct: DirectPath,
    isWanted: (closeId: string, facts: AgentFacts) => boolean,
  ) {
    this.#watch = watch
    this.#link = link
    this.#direct = direct
    this.#isWanted = isWanted
  }

  /**
   * Streams first: each moment counts for it. Then the request that outlives the page, then the report. A synchronous request
   * comes after the report: it may be the last thing that this page does.
   * @param sendReport reports to the background what is being tried.
   * @param onAccepted called when Connect has accepted it, by whichever request.
   */
  make(attempt: Attempt, sendReport: () => void, onAccepted: () => void, nth = 0): void {
    const { closeId, target, enqueue, direct } = attempt
    // An answer that comes within the call waits for the report that it belongs to.
    const early: CloseResult[] = []
    const askedAt = natives.now()
    let isReported = false
    let isDueAgain = false
    const tell = (result: CloseResult): void => {
      if (!isReported) {
        early.push(result)
        return
      }
      // A refusal of `enqueueNextState` is followed by a second try.
      const isFinal = result.ok || !refusesEnqueue(result.error)
      if (!isFinal) this.enqueueRefused = true
      this.#link.send({ type: 'result', closeId, result })
      if (result.ok) {
        this.#succeeded = closeId
        onAccepted()
      }
      const isRepeated = result.ok ? attempt.untilShown && nth === 0 : isFinal
      if (!isRepeated || isDueAgain) return
      isDueAgain = true
      this.#tryAgain(attempt, onAccepted, nth, result.ok ? askedAt + NOT_SHOWN_MS - natives.now() : AGAIN_MS[nth])
    }
    callStreams(this.#watch, target, enqueue, tell)
    if (direct === 'keepalive') this.#direct.put(direct, target, enqueue, tell)
    sendReport()
    isReported = true
    early.forEach(tell)
    if (direct === 'sync') this.#direct.put(direct, target, enqueue, tell)
  }

  /** Where the page stays after all, it is the best to repeat a request: the background waits for its end. */
  #tryAgain(attempt: Attempt, onAccepted: () => void, nth: number, wait: number | undefined): void {
    if (wait === undefined) return
    const again = guard(() => {
      const facts = this.#watch.facts()
      if (facts === null || !mayBeSamePeriod(attempt.before, facts.state)) return
      if (this.#succeeded === attempt.closeId && !attempt.untilShown) return
      if (!this.#isWanted(attempt.closeId, facts)) return
      // No page may be held up by a repetition.
      const direct = this.#direct.plan() === null ? null : 'keepalive'
      const enqueue = attempt.enqueue && !this.enqueueRefused
      this.make({ ...attempt, enqueue, direct }, nothing, onAccepted, nth + 1)
    })
    natives.setTimeout(again, wait)
  }
}

/** Asks the page's own Streams. An exception of it counts as an answer, too. */
export function callStreams(
  watch: AgentWatch,
  target: AgentState,
  enqueue: boolean,
  onResult: (result: CloseResult) => void,
): void {
  const agent = watch.agent()
  if (agent === null) return
  try {
    setOffline(agent, findSame(agent, target), enqueue, onResult)
  } catch (thrown) {
    onResult({ ok: false, error: readError(thrown) })
  }
}
