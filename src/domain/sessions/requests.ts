/** What the machine remembers of requests: which may still arrive, and how those of the background fare. */
import type { BackgroundPathHealth } from '../capabilities'
import { RECOVERY_MS } from '../recovery'
import type { Finding } from '../verification'
import { isAwayEvent } from './away'
import { pendingCloses, leadOf } from './closes'
import { closeIdOf } from './conclude'
import type { SessionEvent } from './events'
import { withRequests } from './fence'
import type { SessionsState } from './state'
import { keyOf } from './ccp-document'

/** For how long a request of the background may be on its way. */
const ATTEMPT_MS = 30_000

/** The state after an event, with the requests that it tells of. */
export function withRequestsOf(state: SessionsState, event: SessionEvent): SessionsState {
  if (isAwayEvent(event)) return state
  switch (event.type) {
    case 'news':
      if (event.news.type === 'recovered')
        return state.recovery === null ? state : noted(state, state.recovery.docId, event.at, (before) => before)
      if (event.news.type !== 'closing' || event.news.report.did.action !== 'attempted') return state
      return noted(state, event.header.docId, event.at, ofPage(event.news.report.did.direct === null ? 1 : 2))
    case 'setting':
      return noted(state, event.docId, event.at + ATTEMPT_MS, (before) => before + 1)
    case 'verified':
      return answered(state, event)
    case 'recovery_opening':
      return noted(state, event.docId, event.at + RECOVERY_MS, (before) => before + 1)
    case 'lost':
    case 'tab_removed':
      return withSwitches(state, event.at)
    case 'asking':
    case 'recovery_wanted':
    case 'recovery_opened':
    case 'recovery_failed':
    case 'recovery_gone':
    case 'run_started':
    case 'worker_started':
    case 'heard':
    case 'browser_started':
    case 'dismiss_flag':
    case 'retry_wanted':
    case 'logged_out':
    case 'tick':
      return state
  }
}

/** The request of an attempt has arrived, or never will: after this, what may still come was sent before. */
function answered(state: SessionsState, { docId, at }: Extract<SessionEvent, { type: 'verified' }>): SessionsState {
  const close = pendingCloses(state).find(({ documents }) => documents.some((doc) => doc.docId === docId))
  const key = close === undefined ? null : keyOf(leadOf(close))
  const known = key === null ? undefined : state.requests[key]
  // An attempt that has sent nothing has put nothing on its way.
  return known === undefined || known.lastAt <= at ? state : noted(state, docId, at, (before) => before)
}

/** Where a page has died without a word, the browser sends the request that it was handed beforehand. */
function withSwitches(state: SessionsState, at: number): SessionsState {
  const fired = Object.values(state.documents).filter(
    ({ gone, closing, capabilities }) =>
      gone?.at === at && closing === null && capabilities?.deadMansSwitch === 'armed',
  )
  return fired.reduce((next, { docId }) => noted(next, docId, at, ofPage(1)), state)
}

/** What the page has sent is told at once, and may be told twice. */
const ofPage = (count: number) => (before: number) => Math.max(before, count)

function noted(state: SessionsState, docId: string, lastAt: number, count: (before: number) => number): SessionsState {
  const close = pendingCloses(state).find(({ documents }) => documents.some((doc) => doc.docId === docId))
  const key = close === undefined ? null : keyOf(leadOf(close))
  if (close === undefined || key === null) return state
  return withRequests(state, key, { closeId: closeIdOf(close), startedAt: close.startedAt, lastAt }, count)
}

/** How the background's call fared, for those who ask whether it can. */
export function withBackgroundPath(
  state: SessionsState,
  { docId, at, finding, roundTripMs }: Extract<SessionEvent, { type: 'verified' }>,
): SessionsState {
  const instance = state.documents[docId]?.instance
  const status = statusOf(finding, roundTripMs !== null)
  if (instance === undefined || status === null) return state
  return { ...state, backgroundPaths: { ...state.backgroundPaths, [instance]: { status, roundTripMs, at } } }
}

/**
 * @param wasAnswered whether an answer came before what was found.
 * @returns null where the finding says nothing of the path.
 */
function statusOf(finding: Finding, wasAnswered: boolean): BackgroundPathHealth['status'] | null {
  switch (finding.kind) {
    case 'offline':
    case 'contact':
      return 'works'
    case 'no_answer':
      // The instance may have answered with an error of its own, or nothing further was asked.
      if (wasAnswered) return 'works'
      return finding.answer === undefined ? 'no_answer' : null
    case 'ended':
      switch (finding.reason) {
        case 'refused':
        case 'signed_out':
          return finding.reason
        case 'other_agent':
        case 'agent_present':
        case 'state_changed':
        case 'superseded':
        case 'no_offline_state':
        case 'observed':
          return 'works'
        case 'separate_cookies':
        case 'forbidden':
          return null
      }
  }
}
