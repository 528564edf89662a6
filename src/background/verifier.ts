import { isStuck } from '../domain/agent'
import type { CloseRules } from '../domain/close-rules'
import { exclusionOf } from '../domain/close-rules'
import type { PendingClose } from '../domain/sessions/closes'
import {
  leadOf,
  LOADING_MS,
  pendingCloses,
  presenceOf,
  recoveryOf,
  stateBefore,
  verificationOf,
} from '../domain/sessions/closes'
import type { SessionEvent } from '../domain/sessions/events'
import type { SessionsState } from '../domain/sessions/state'
import type { Finding } from '../domain/verification'
import { isDue, judgeSnapshot, occupationOf } from '../domain/verification'
import type { SetFrom, Snapshot } from '../domain/verification'
import { isWorkOver } from '../domain/waiting'
import type { LentToken } from '../protocol/token-messages'
import { AnsweredError, ConnectClient, RefusedError, SignedOutError } from './connect-client'

/** What the verifier needs of the world around it. */
export interface VerifierParts {
  readonly state: () => Promise<SessionsState>
  readonly dispatch: (event: SessionEvent) => Promise<unknown>
  /** Whether a page of the instance loads that has not said hello: it may be the agent who comes back. */
  readonly isArriving: (instance: string) => Promise<boolean>
  /** Whether the settings still let the background set a state. */
  readonly maySet: () => Promise<boolean>
  /** What the settings of now say of a close. */
  readonly rulesOf: (close: PendingClose) => Promise<CloseRules>
  /** How long after-contact work is waited for, in ms. */
  readonly workLimitMs: () => Promise<number>
  /** A token that one of these documents has lent. */
  readonly lentToken: (docIds: readonly string[]) => Promise<LentToken | null>
}

/** What an attempt has seen by its end, however it ends. */
interface Seen {
  /** How long the instance's API took to answer, in ms; null until it has. */
  roundTripMs: number | null
  /** The agent cannot get back to work by themselves. */
  isStuck: boolean
}

/**
 * Asks the instance about closes whose outcome is not known, and sets the agent Offline where the close has not. What it
 * finds is an event like any other; when to ask again is decided in `domain/verification.ts`, and survives the worker.
 */
export class Verifier {
  private readonly asking = new Set<string>()

  constructor(private readonly parts: VerifierParts) {}

  /** Called with each new state: starts what is due. */
  consider(state: SessionsState, now: number): void {
    for (const close of pendingCloses(state)) {
      const verification = verificationOf(close)
      const holder = close.documents.find((doc) => doc.verification !== null)
      // A recovery takes over from an asking that was forbidden under way.
      if (verification === null || recoveryOf(close) !== null || !isDue(verification, now)) continue
      if (holder === undefined || this.asking.has(holder.docId)) continue
      this.asking.add(holder.docId)
      void this.ask(close, holder.docId)
    }
  }

  private async ask(close: PendingClose, docId: string): Promise<void> {
    await this.parts.dispatch({ type: 'asking', at: Date.now(), docId })
    const seen: Seen = { roundTripMs: null, isStuck: false }
    const found = await this.find(close, seen).catch((error: unknown) => explain(error, hasOwnCookies(close)))
    const { roundTripMs, isStuck } = seen
    const finding = found.kind === 'no_answer' && isStuck ? { ...found, isStuck } : found
    await this.parts.dispatch({ type: 'verified', at: Date.now(), docId, finding, jitter: Math.random(), roundTripMs })
    this.asking.delete(docId)
  }

  /** The browser's own session there; or that of the page alone, where it is another one. */
  private async clientFor(close: PendingClose): Promise<ConnectClient> {
    if (hasOwnCookies(close)) return ConnectClient.signedIn(leadOf(close).url)
    const lent = await this.parts.lentToken(close.documents.map(({ docId }) => docId))
    if (lent === null) throw new SignedOutError('The page has lent no token, or one that has expired.')
    return ConnectClient.withLent(lent)
  }

  private async find(close: PendingClose, seen: Seen): Promise<Finding> {
    const lead = leadOf(close)
    const before = stateBefore(close)
    const client = await this.clientFor(close)
    const startedAt = Date.now()
    const username = await client.username()
    seen.roundTripMs = Date.now() - startedAt
    if (username !== lead.agent?.username) return { kind: 'ended', reason: 'other_agent' }
    if (before === null) return { kind: 'ended', reason: 'state_changed' }
    const { sawContact = false, waiting = null, observes = false } = verificationOf(close) ?? {}
    const rules = await this.parts.rulesOf(close)
    const target = lead.agent.offlineState
    const snapshot = await client.snapshot(target)
    const verdict = judgeSnapshot(before, snapshot, sawContact, rules.fromStates)
    seen.isStuck = isStuck(snapshot)
    switch (verdict) {
      case 'offline':
        return { kind: 'offline', by: 'asked' }
      case 'changed':
        return { kind: 'ended', reason: 'state_changed' }
      case 'contact':
      case 'work': {
        const occupation = occupationOf(snapshot, verdict)
        const isOver = isWorkOver(waiting, occupation, await this.parts.workLimitMs(), Date.now())
        if (!isOver) return { kind: 'contact', occupation }
        break
      }
      case 'superseded':
      case 'set':
        break
    }
    // The last look before the change: an agent who has come back keeps their state.
    const isArriving = isRecent(close) && (await this.parts.isArriving(lead.instance))
    const presence = isArriving ? 'unknown' : presenceOf(await this.parts.state(), close, Date.now())
    // It may be theirs, or somebody else's: that is known a moment later.
    if (presence === 'unknown') return { kind: 'no_answer', error: 'A page of the instance is loading' }
    if (presence === 'present') return { kind: 'ended', reason: 'agent_present' }
    // Somebody else has done it, and nobody here can see them: they are not fought.
    if (verdict === 'superseded') return { kind: 'ended', reason: 'superseded' }
    if (target === null) return { kind: 'ended', reason: 'no_offline_state' }
    if (observes) return { kind: 'ended', reason: 'observed' }
    const mayChange = exclusionOf(lead.agent, rules) === null && (await this.parts.maySet())
    if (!mayChange) return { kind: 'ended', reason: 'forbidden' }
    const from = setFrom(verdict, snapshot, seen.isStuck)
    const [{ docId }] = close.documents
    await this.parts.dispatch({ type: 'setting', at: Date.now(), docId })
    await client.putState(target)
    const { state } = await client.snapshot(target)
    if (state.type !== 'offline') return { kind: 'no_answer', error: 'Not set' }
    return { kind: 'offline', by: 'set', ...(from !== null && { from }) }
  }
}

/** What Offline ends that the agent has not chosen; null where it is a state of theirs. */
function setFrom(verdict: 'set' | 'contact' | 'work', snapshot: Snapshot, isStuck: boolean): SetFrom | null {
  if (verdict === 'work') return 'work'
  if (isStuck) return 'stuck'
  return snapshot.state.type === 'error' ? 'missed' : null
}

/** A page that has not come within this time after a close is not waited for. */
function isRecent(close: PendingClose): boolean {
  const startedAt = verificationOf(close)?.startedAt ?? 0
  return Date.now() < startedAt + LOADING_MS
}

/** Whether the background has the cookies of a close's CCP. */
function hasOwnCookies({ documents }: PendingClose): boolean {
  return documents.every((doc) => doc.place?.ownCookies !== false)
}

function explain(error: unknown, ownCookies: boolean): Finding {
  if (error instanceof SignedOutError) return { kind: 'ended', reason: ownCookies ? 'signed_out' : 'separate_cookies' }
  if (error instanceof RefusedError) return { kind: 'ended', reason: 'refused', detail: error.message }
  if (error instanceof AnsweredError) return { kind: 'no_answer', error: error.message, answer: error.answer }
  return { kind: 'no_answer', error: error instanceof Error ? error.message : String(error) }
}
