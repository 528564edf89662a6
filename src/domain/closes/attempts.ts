/** The attempts of a close to set its agent Offline: who has sent how many requests, and when the last one was sent. */
import { RECOVERY_MS } from '../recovery-order'
import { isAwayEvent } from './away-cases'
import type { Attempt } from './close'
import { closeNamed, dutiesOf, updatePending } from './close'
import { closeOfDocument, pendingNamed } from './closes'
import { withDuty } from './duties'
import type { CcpEvent } from './events'
import type { LateRequests } from './late-requests'
import type { CloseState } from './state'

/** For how long a request of the background may be under way. */
const ATTEMPT_MS = 30_000
/** More Offlines than this within the time are not caused by the extension. */
const MAX_COUNT = 5
/** How many attempts of a close are stored: after that, one more adds nothing. */
const MAX_ATTEMPTS = 20

/** The state after an event, with the requests that the event reports. */
export function withAttemptsOf(state: CloseState, event: CcpEvent): CloseState {
  if (isAwayEvent(event)) return state
  switch (event.type) {
    case 'document':
      if (event.docEvent.type === 'recovered') {
        return state.recovery === null ? state : withLast(state, state.recovery.closeId, event.at)
      }
      if (event.docEvent.type !== 'closing' || event.docEvent.report.did.action !== 'attempted') return state
      return ofDocument(state, event.header.docId, 'page', event.at, event.docEvent.report.did.direct === null ? 1 : 2)
    case 'setting_offline':
      return withAttempt(state, event.closeId, { by: 'background', at: event.at, count: 1 }, event.at + ATTEMPT_MS)
    case 'checked':
      return answered(state, event)
    case 'recovery_opening':
      return withAttempt(state, event.closeId, { by: 'recovery', at: event.at, count: 1 }, event.at + RECOVERY_MS)
    case 'lost':
    case 'tab_removed':
      return withCrashRequests(state, event.at)
    case 'asking':
    case 'recovery_wanted':
    case 'recovery_opened':
    case 'recovery_failed':
    case 'recovery_gone':
    case 'worker_started':
    case 'heard':
    case 'browser_started':
    case 'dismiss_flag':
    case 'retry_wanted':
    case 'return_taken':
    case 'logged_out':
    case 'tick':
      return state
  }
}

/** The request of an attempt has arrived, or never will: what may still arrive was sent before. */
function answered(state: CloseState, { closeId, at }: Extract<CcpEvent, { type: 'checked' }>): CloseState {
  const id = closeNamed(state, closeId)?.id
  const known = dutiesOf(state, 'late_requests').find(({ close }) => close.id === id)
  // An attempt that has sent nothing has no request under way.
  return known === undefined || known.duty.lastAt <= at ? state : withLast(state, closeId, at)
}

/** Where a page has ended without a report, the browser sends the request that it holds for crash protection. */
function withCrashRequests(state: CloseState, at: number): CloseState {
  const fired = Object.values(state.documents).filter(
    ({ gone, closing, capabilities }) =>
      gone?.at === at && closing === null && capabilities?.deadMansSwitch === 'armed',
  )
  return fired.reduce((next, { docId }) => ofDocument(next, docId, 'browser', at, 1), state)
}

function ofDocument(state: CloseState, docId: string, by: 'page' | 'browser', at: number, count: number): CloseState {
  const close = closeOfDocument(state, docId)
  return close === null ? state : withAttempt(state, close.id, { by, at, count }, at)
}

/** @param lastAt the latest time at which its last request can have been sent. */
function withAttempt(state: CloseState, name: string, attempt: Attempt, lastAt: number): CloseState {
  const close = pendingNamed(state, name)
  if (close === null) return state
  const next = updatePending(state, close.id, (one) => ({ ...one, attempts: attemptsWith(one.attempts, attempt) }))
  return withLast(next, close.id, lastAt)
}

/** A page reports what it has sent at once, perhaps twice; and its request may be the one that the browser held. */
function attemptsWith(attempts: readonly Attempt[], attempt: Attempt): readonly Attempt[] {
  if (attempt.by !== 'page' && attempt.by !== 'browser') return [...attempts, attempt].slice(-MAX_ATTEMPTS)
  const known = attempts.find(({ by }) => by === 'page' || by === 'browser')
  const count = Math.max(known?.count ?? 0, attempt.count)
  return [{ ...attempt, at: known?.at ?? attempt.at, count }, ...attempts.filter((one) => one !== known)]
}

/** Notes when the last request of a close was sent, if it has sent any: requests of earlier closes no longer count. */
function withLast(state: CloseState, name: string, lastAt: number): CloseState {
  const close = pendingNamed(state, name)
  const sent = close?.attempts.reduce((sum, { count }) => sum + count, 0) ?? 0
  if (close === null || sent === 0) return state
  const duty: LateRequests = {
    kind: 'late_requests',
    startedAt: close.startedAt,
    lastAt,
    count: Math.min(sent, MAX_COUNT),
  }
  return withDuty(state, close.id, duty)
}
