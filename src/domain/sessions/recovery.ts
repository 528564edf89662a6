/**
 * The recovery of a close: when one is due, and the one recovery CCP that the browser may have.
 *
 *   offered --wanted--> wanted --opening--> under way --recovered, failed, gone, time is up--> over
 *      |                  ^
 *      +--dismissed       +-- the setting lets one be opened unasked
 *
 * `opening` is a lock: it is given to one close at a time, and to each once. What is open stays in the state until it is
 * seen to be gone, whatever becomes of its close.
 */
import { agentKey } from '../agent'
import type { Passed } from '../clock'
import type { RecoveryFinding, RecoveryOrder } from '../recovery'
import { RECOVERY_MS } from '../recovery'
import type { RecoveryUse } from '../settings'
import type { UnverifiedReason } from '../verification'
import type { PendingClose } from './closes'
import { leadOf, pendingCloses, presenceOf, recoveryOf, stateBefore, verificationOf } from './closes'
import { closeIdOf } from './conclude'
import { step, update } from './documents'
import type { SessionEvent } from './events'
import type { Recovery, RecoveryEnd } from './ccp-document'
import type { Flag, RecoveryCcp, SessionsState } from './state'
import { keyOf } from './ccp-document'

type NewsEvent = Extract<SessionEvent, { type: 'news' }>

/** The close of which a document holds the recovery. */
function closeOf(state: SessionsState, docId: string): PendingClose | null {
  return pendingCloses(state).find(({ documents }) => documents.some((doc) => doc.docId === docId)) ?? null
}

/** Whether the recovery CCP has still something to do; one that has not is to be closed. */
export function isUnderWay({ recovery, documents }: SessionsState): boolean {
  return recovery !== null && documents[recovery.docId]?.recovery?.status === 'under_way'
}

/** What the recovery CCP is to do; null where nothing is left to be done. */
export function orderOf(state: SessionsState): RecoveryOrder | null {
  const { recovery } = state
  const close = recovery === null || !isUnderWay(state) ? null : closeOf(state, recovery.docId)
  const before = close === null ? null : stateBefore(close)
  const username = close === null ? undefined : leadOf(close).agent?.username
  if (recovery === null || close === null || before === null || username === undefined) return null
  const sawContact = verificationOf(close)?.sawContact ?? false
  return { closeId: recovery.closeId, username, stateBefore: before, sawContact }
}

/** The document whose close may have its recovery CCP opened now; null where there is none. */
export function nextRecovery(state: SessionsState, now: number): string | null {
  if (state.recovery !== null) return null
  const due = pendingCloses(state).find(
    (close) => recoveryOf(close)?.status === 'wanted' && presenceOf(state, close, now) === 'absent',
  )
  return due?.documents.find((doc) => doc.recovery !== null)?.docId ?? null
}

/** The recovery that a flagged agent's close waits for; null where it waits for none. */
export function recoveryFor(state: SessionsState, flag: Flag): { docId: string; recovery: Recovery } | null {
  const key = agentKey(flag.instance, flag)
  const waiting = pendingCloses(state)
    .flatMap(({ documents }) => documents)
    .flatMap((doc) =>
      doc.recovery !== null && keyOf(doc) === key ? [{ docId: doc.docId, recovery: doc.recovery }] : [],
    )
    .filter(({ recovery }) => recovery.end === null)
  // One that can be asked for comes before one that runs: the agent is to be offered what they can have.
  return waiting.find(({ recovery }) => recovery.status === 'offered') ?? waiting[0] ?? null
}

/** Offers a close its recovery, or has it opened where the settings say so. */
export function withRecovery(
  state: SessionsState,
  close: PendingClose,
  now: number,
  use: Exclude<RecoveryUse, 'never'>,
): SessionsState {
  const known = recoveryOf(close)
  if (known !== null && (use === 'ask' || known.status !== 'offered')) return state
  const status = use === 'open' ? 'wanted' : 'offered'
  const reason = known?.reason ?? (verificationOf(close) === null ? 'forbidden' : 'refused')
  const docId = close.documents.find((doc) => doc.recovery !== null)?.docId ?? leadOf(close).docId
  return update(state, docId, (doc) => {
    const next = { ...doc, recovery: { since: now, reason, status, end: null } as const }
    return status === 'offered' ? step(next, { at: now, event: 'recovery_asked' }) : next
  })
}

/** What the events of a recovery make of the state. */
export function applyRecovery(
  state: SessionsState,
  event: Extract<SessionEvent, { type: `recovery_${string}` }>,
): SessionsState {
  switch (event.type) {
    case 'recovery_wanted':
      return update(state, event.docId, (doc) =>
        doc.recovery?.status !== 'offered'
          ? doc
          : { ...doc, recovery: { ...doc.recovery, status: 'wanted', since: event.at } },
      )
    case 'recovery_opening':
      return event.docId === nextRecovery(state, event.at) ? withOpening(state, event) : state
    case 'recovery_opened':
      return state.recovery?.docId !== event.docId || state.recovery.tabId !== null
        ? state
        : { ...state, recovery: { ...state.recovery, tabId: event.tabId } }
    case 'recovery_failed':
      return state.recovery?.docId === event.docId ? withEnd(state, event.at, event.reason) : state
    case 'recovery_gone':
      return state.recovery?.docId === event.docId ? withoutCcp(state, event.at) : state
  }
}

function withOpening(
  state: SessionsState,
  { at, docId, runId }: Extract<SessionEvent, { type: 'recovery_opening' }>,
): SessionsState {
  const close = closeOf(state, docId)
  if (close === null) return state
  const { instance, url } = leadOf(close)
  const recovery: RecoveryCcp = { docId, closeId: closeIdOf(close), instance, url, runId, startedAt: at, tabId: null }
  const next = update(state, docId, (doc) =>
    doc.recovery === null
      ? doc
      : step({ ...doc, recovery: { ...doc.recovery, status: 'under_way' } }, { at, event: 'recovery_opened' }),
  )
  return { ...next, recovery }
}

/** The recovery CCP is no more: closed by us, by somebody else, or with its browser. */
export function withoutCcp(state: SessionsState, at: number): SessionsState {
  const reason = state.recovery === null ? null : state.documents[state.recovery.docId]?.recovery?.reason
  return { ...(reason == null ? state : withEnd(state, at, reason)), recovery: null }
}

/** Ends the recovery that takes too long. */
export function withinTime(state: SessionsState, now: number, passed: Passed): SessionsState {
  const { recovery } = state
  return recovery !== null && passed(recovery.startedAt, RECOVERY_MS) ? withEnd(state, now, 'no_answer') : state
}

/** The agent wants no recovery. */
export function withDeclined(state: SessionsState, flag: Flag, at: number): SessionsState {
  const waiting = recoveryFor(state, flag)
  if (waiting === null || waiting.recovery.status === 'under_way') return state
  const { docId, recovery } = waiting
  const end = { at, confirmed: false, reason: recovery.reason, error: null, isDeclined: true } as const
  return update(state, docId, (doc) => ({ ...doc, recovery: { ...recovery, status: 'over', end } }))
}

/** Whether news come from the recovery CCP: it is no return of the agent, and its end is no close. */
export function isOfRecovery({ recovery }: SessionsState, { place, runId }: NewsEvent): boolean {
  return recovery !== null && place !== null && recovery.tabId === place.tabId && recovery.runId === runId
}

/** Takes the one thing that counts from the recovery CCP, and remembers its documents as done with. */
export function withRecoveryNews(state: SessionsState, { header, news, at }: NewsEvent): SessionsState {
  const next = { ...state, ended: { ...state.ended, [header.docId]: at } }
  const { recovery } = state
  if (news.type !== 'recovered' || recovery?.instance !== header.instance) return next
  return news.closeId === recovery.closeId ? withEnd(next, at, news.finding) : next
}

/** Ends the recovery that is under way. That an agent is Offline is an answer for each of their closes that waits. */
function withEnd(state: SessionsState, at: number, found: RecoveryFinding | UnverifiedReason): SessionsState {
  const { recovery } = state
  const doc = recovery === null ? undefined : state.documents[recovery.docId]
  if (doc?.recovery?.status !== 'under_way') return state
  const end = endOf(found, at, doc.recovery)
  const detail = typeof found === 'string' ? found : found.kind === 'ended' ? found.reason : found.kind
  const key = keyOf(doc)
  let next = update(state, doc.docId, (one) =>
    step({ ...one, recovery: over(doc.recovery, end) }, { at, event: 'recovery_closed', detail }),
  )
  if (!end.confirmed) return next
  for (const other of Object.values(next.documents)) {
    if (other.recovery === null || other.recovery.end !== null || keyOf(other) !== key) continue
    next = update(next, other.docId, (one) => ({
      ...one,
      recovery: over(one.recovery, { at, confirmed: true, by: 'seen' }),
    }))
  }
  return next
}

function over(recovery: Recovery | null, end: RecoveryEnd): Recovery | null {
  return recovery === null ? null : { ...recovery, status: 'over', end }
}

function endOf(found: RecoveryFinding | UnverifiedReason, at: number, { reason }: Recovery): RecoveryEnd {
  const unknown = { at, confirmed: false, error: null, isDeclined: false } as const
  if (typeof found === 'string') return { ...unknown, reason: found }
  switch (found.kind) {
    case 'offline':
      return { at, confirmed: true, by: found.by }
    case 'failed':
      return { ...unknown, reason, error: found.error }
    case 'ended':
      return { ...unknown, reason: found.reason }
  }
}
