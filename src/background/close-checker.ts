import { isStuck } from '../domain/agent'
import type { CloseRules } from '../domain/close-rules'
import { targetIn } from '../domain/close-rules'
import { judgeSnapshot } from '../domain/judge-snapshot'
import type { JudgedSnapshot } from '../domain/closes/check-close'
import {
  changeOf,
  comparedWith,
  findingAfter,
  findingOf,
  isContradictedBy,
  isNotShownYet,
  isRecentlyAccepted,
  isRequestedAgain,
  mayBeArriving,
  NOT_SHOWN,
  SHOWS_LATE_MS,
  withStuck,
} from '../domain/closes/check-close'
import { hasOwnCookies, leadOf } from '../domain/closes/close-facts'
import type { PendingClose } from '../domain/closes/closes'
import { dueNow, dueOf } from '../domain/closes/due'
import type { CcpEvent } from '../domain/closes/events'
import type { CloseState } from '../domain/closes/state'
import type { Finding } from '../domain/check'
import type { LentToken } from '../protocol/token-messages'
import { ConnectClient } from './connect-client'
import { AddressError, AnsweredError, DeniedError } from './connect-errors'
import { pause } from './pause'

/** What the checker needs from the background. */
export interface CloseCheckerParts {
  readonly state: () => Promise<CloseState>
  readonly dispatch: (event: CcpEvent) => Promise<unknown>
  /** Whether a page of the instance loads that has not said hello: it may be the agent, coming back. */
  readonly isArriving: (instance: string) => Promise<boolean>
  /** The state that a close is to set, by name or ARN, as the settings have it; empty: the one of type offline. */
  readonly targetState: () => Promise<string>
  /** Whether the settings still let the background set a state. */
  readonly maySet: () => Promise<boolean>
  /** What the current settings say of a close. */
  readonly rulesOf: (close: PendingClose) => Promise<CloseRules>
  /** How long after-contact work is waited for, in ms. */
  readonly workLimitMs: () => Promise<number>
  /** Has the page of a close request Offline once more. @returns whether it does. */
  readonly requestAgain: (close: PendingClose) => Promise<boolean>
  /** A token that one of these documents has lent. */
  readonly lentToken: (docIds: readonly string[]) => Promise<LentToken | null>
}

/** The page of a private window has lent no token, or one that has expired. */
class NoTokenError extends Error {}

/** What an attempt has seen, however it ends. */
interface Seen {
  /** How long the instance's API took to answer, in ms; null until it has. */
  roundTripMs: number | null
  /** The agent cannot get back to work by choosing Available (see `isStuck`). */
  isStuck: boolean
  /** A look has contradicted an accepted Offline: what fails after the look takes nothing from that. */
  isContradicted: boolean
}

/**
 * Asks the instance about closes that were to set the agent Offline, and sets the agent Offline where the close has not. Its findings are
 * events like any other. `domain/closes/check-close.ts` decides what is done at each step, and `domain/check.ts` when to
 * ask again; the record survives the worker.
 */
export class CloseChecker {
  private readonly asking = new Set<string>()

  constructor(private readonly parts: CloseCheckerParts) {}

  /** Called with each new state: starts what is due. */
  consider(state: CloseState, now: number): void {
    for (const { close } of dueNow(dueOf(state, now), 'check', now)) {
      if (this.asking.has(close.id)) continue
      this.asking.add(close.id)
      void this.ask(close)
    }
  }

  private async ask(close: PendingClose): Promise<void> {
    const { id: closeId } = close
    await this.parts.dispatch({ type: 'asking', at: Date.now(), closeId })
    const seen: Seen = { roundTripMs: null, isStuck: false, isContradicted: false }
    const found = await this.find(close, seen).catch((error: unknown) => explain(error, hasOwnCookies(close)))
    const { roundTripMs, isStuck, isContradicted } = seen
    const finding = withStuck(found, isStuck)
    await this.parts.dispatch({
      type: 'checked',
      at: Date.now(),
      closeId,
      finding,
      jitter: Math.random(),
      roundTripMs,
      isContradicted,
    })
    this.asking.delete(closeId)
  }

  /** The browser's own session at the instance; or the page's own, where that is another one. */
  private async clientFor(close: PendingClose): Promise<ConnectClient> {
    if (hasOwnCookies(close)) return ConnectClient.signedIn(leadOf(close).url)
    const lent = await this.parts.lentToken(close.documents.map(({ docId }) => docId))
    if (lent === null) throw new NoTokenError('The page has lent no token, or one that has expired.')
    return ConnectClient.withLent(lent)
  }

  private async find(close: PendingClose, seen: Seen): Promise<Finding> {
    const client = await this.clientFor(close)
    const startedAt = Date.now()
    const username = await client.username()
    seen.roundTripMs = Date.now() - startedAt
    const compared = comparedWith(close, username)
    if (compared.kind !== 'compare') return compared
    const { left } = compared
    const rules = await this.parts.rulesOf(close)
    const list = await client.states()
    const target = targetIn(list, await this.parts.targetState())
    const once = async (): Promise<JudgedSnapshot> => {
      const snapshot = await client.snapshot(target, list)
      return { snapshot, verdict: judgeSnapshot(left, snapshot, rules.fromStates), target, isStuck: isStuck(snapshot) }
    }
    const look = async (isAccepted: boolean): Promise<JudgedSnapshot> => {
      for (const wait of isAccepted ? SHOWS_LATE_MS : []) {
        const shown = await once()
        if (!isNotShownYet(shown)) return shown
        await pause(wait)
      }
      return once()
    }
    let looked = await look(isRecentlyAccepted(close, Date.now()))
    if (rules.mode === 'act' && isRequestedAgain(close, looked) && (await this.parts.requestAgain(close))) {
      looked = await look(true)
      if (isNotShownYet(looked)) return NOT_SHOWN
    }
    seen.isStuck = looked.isStuck
    seen.isContradicted ||= isContradictedBy(close, looked)
    const workLimitMs = await this.parts.workLimitMs()
    const found = findingOf(close, left, looked, { now: Date.now(), workLimitMs })
    if (found !== null) return found
    // Looked up last before the change: an agent who has come back keeps their state.
    const isArriving = mayBeArriving(close, Date.now()) && (await this.parts.isArriving(leadOf(close).instance))
    const maySet = await this.parts.maySet()
    const state = await this.parts.state()
    const change = changeOf(close, looked, { state, now: Date.now(), isArriving, rules, maySet })
    if (change.kind !== 'change') return change
    await this.parts.dispatch({ type: 'setting_offline', at: Date.now(), closeId: close.id })
    await client.putState(change.target)
    // Connect has accepted this request, too.
    const shown = await look(true)
    seen.isContradicted ||= shown.verdict === 'set'
    return findingAfter(shown, change.from)
  }
}

function explain(error: unknown, ownCookies: boolean): Finding {
  if (error instanceof DeniedError) {
    const { reason, by, times } = error
    const isTokenOver = reason === 'signed_out' && !ownCookies
    return { kind: 'denied', reason: isTokenOver ? 'separate_cookies' : reason, by, times }
  }
  if (error instanceof NoTokenError) return { kind: 'ended', reason: 'separate_cookies' }
  if (error instanceof AddressError) return { kind: 'ended', reason: 'refused', detail: error.message }
  if (error instanceof AnsweredError) return { kind: 'no_answer', error: error.message, answer: error.answer }
  return { kind: 'no_answer', error: error instanceof Error ? error.message : String(error) }
}
