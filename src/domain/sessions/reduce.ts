/**
 * The close state machine. What happens on a close, from the background's side:
 *
 *   open --closing--> closing --gone--> settling --conclude--> one log entry
 *     |                  |                 |
 *     |                  |                 +--outcome not known--> verifying --conclude--> one log entry
 *     |                  |
 *     |                  +--stayed--> settling --conclude--> one log entry, and open again
 *     +--gone, lost, tab_removed, run_started, browser_started--> settling (nothing could be tried)
 *
 * News may come twice, late, in any order, or never; the worker may die between any two of them. A document therefore
 * only collects facts, each once; `closes.ts` sees which closes they make, `conclude.ts` how each one ended.
 */
import { afterAttempt, whileAsking, withoutAsking } from '../verification'
import { applyAway, isAwayEvent, withConcluded, withoutOver } from './away'
import { pendingCloses } from './closes'
import { isElsewhere, mapDocuments, step, update, withGone } from './documents'
import type { SessionEvent } from './events'
import { withDismissed } from './flags'
import { withRetry } from './retry'
import { amendmentsOf } from './amendments'
import { applyNews } from './news'
import { withExposures } from './open-exposures'
import { applyRecovery, isOfRecovery, withDeclined, withoutCcp, withRecoveryNews } from './recovery'
import { withBackgroundPath, withRequestsOf } from './requests'
import type { Context } from './question'
import type { Reduction } from './settle'
import { finish, settle } from './settle'
import { unprotectedEntry } from './unprotected'
import type { CcpDocument } from './ccp-document'
import type { SessionsState } from './state'

/** The next state, and what became final with it. Pure; takes any event at any time. */
export function reduceSessions(state: SessionsState, event: SessionEvent, context: Context): Reduction {
  const earlier = concludeEarlier(state, event, context)
  const isOurs = isRecoveryNews(earlier.state, event)
  const amendments = isOurs ? [] : amendmentsOf(earlier.state, event)
  const told = entryOf(earlier.state, event, context)
  const next = withRequestsOf(apply(told.state, event), event)
  const seen = event.type === 'tick' ? { ...event, isNow: true } : { tabs: {}, holding: allOrphans(next), isNow: false }
  const settled = settle(next, event.at, seen, context)
  const concluded = [...earlier.concluded, ...told.concluded, ...settled.concluded]
  const last = withoutOver(withConcluded(settled.state, concluded, event.at), event.at, context.rules)
  return { concluded, ...withExposures(last, isOurs ? null : event, concluded, amendments) }
}

/** What makes an entry without a close: an agent who is not there, and a page that is not protected. */
function entryOf(
  state: SessionsState,
  event: SessionEvent,
  { extensionVersion }: Context,
): Pick<Reduction, 'state' | 'concluded'> {
  if (isAwayEvent(event)) {
    const { state: next, entry } = applyAway(state, event, extensionVersion)
    return { state: next, concluded: entry === null ? [] : [entry] }
  }
  const entry = isRecoveryNews(state, event) ? null : unprotectedEntry(state, event, extensionVersion)
  return { state, concluded: entry === null ? [] : [entry] }
}

/** A CCP of ours that an agent's state is mended in is no return of theirs. */
function isRecoveryNews(state: SessionsState, event: SessionEvent): boolean {
  return event.type === 'news' && isOfRecovery(state, event)
}

/** A document that closes a second time has stayed the first time, whether it said so or not. */
function concludeEarlier(state: SessionsState, event: SessionEvent, context: Context): Reduction {
  const nothing = { state, concluded: [], amendments: [] }
  if (event.type !== 'news' || event.news.type !== 'closing') return nothing
  const { news, at, seq, header } = event
  const doc = state.documents[header.docId]
  if (!doc?.closing || isElsewhere(doc, event.place)) return nothing
  const { report } = news
  if (seq <= doc.closing.seq || report.closeId === doc.closing.report.closeId) return nothing
  if (Object.hasOwn(state.ended, report.closeId)) return nothing
  const { gone, tabRemoved } = doc
  const stayed = update(state, doc.docId, () => ({
    ...doc,
    gone: null,
    tabRemoved: null,
    stayedAt: doc.stayedAt ?? at,
  }))
  const close = pendingCloses(stayed).find(({ documents }) => documents.some(({ docId }) => docId === doc.docId))
  if (close === undefined) return nothing
  const { state: next, entry } = finish(stayed, close, at, context)
  return {
    state: update(next, doc.docId, (open) => ({ ...open, gone, tabRemoved })),
    concluded: [entry],
    amendments: [],
  }
}

function apply(state: SessionsState, event: SessionEvent): SessionsState {
  if (isAwayEvent(event)) return state
  switch (event.type) {
    case 'news':
      return isOfRecovery(state, event) ? withRecoveryNews(state, event) : applyNews(state, event)
    case 'lost':
      return update(state, event.docId, (doc) =>
        isElsewhere(doc, event.place) ? doc : withGone(doc, event.at, event.by),
      )
    case 'tab_removed':
      return mapDocuments(state.recovery?.tabId === event.tabId ? withoutCcp(state, event.at) : state, (doc) =>
        doc.place?.tabId === event.tabId ? withTabRemoved(doc, event.at, event.windowClosing) : doc,
      )
    case 'run_started':
      // Another run numbers its tabs anew: what is left of a recovery CCP tells of itself.
      return mapDocuments(
        state.recovery === null || state.recovery.runId === event.runId ? state : withoutCcp(state, event.at),
        (doc) => (doc.runId === event.runId || doc.orphanedAt !== null ? doc : { ...doc, orphanedAt: event.at }),
      )
    case 'worker_started':
      return mapDocuments(state, (doc) => ({
        ...doc,
        unheardSince: event.at,
        verification: doc.verification === null ? null : withoutAsking(doc.verification, event.at),
      }))
    case 'heard':
      return update(state, event.docId, (doc) => ({ ...doc, unheardSince: null }))
    case 'browser_started':
      return mapDocuments(state, (doc) =>
        doc.runId === event.runId ? doc : withGone({ ...doc, orphanedAt: event.at }, doc.lastSeenAt, 'run_ended'),
      )
    case 'asking':
      return update(state, event.docId, (doc) =>
        doc.verification === null ? doc : { ...doc, verification: whileAsking(doc.verification, event.at) },
      )
    case 'verified':
      return update(withBackgroundPath(state, event), event.docId, (doc) =>
        doc.verification === null
          ? doc
          : { ...doc, verification: afterAttempt(doc.verification, event.finding, event.at, event.jitter) },
      )
    case 'dismiss_flag': {
      const flags = state.flags.filter((flag) => flag.closeId !== event.closeId)
      const dismissed = state.flags.filter((flag) => flag.closeId === event.closeId)
      const declined = dismissed.reduce((next, flag) => withDeclined(next, flag, event.at), state)
      return { ...withDismissed(declined, event.closeId), flags }
    }
    case 'retry_wanted':
      return withRetry(state, event.closeId, event.at)
    case 'recovery_wanted':
    case 'recovery_opening':
    case 'recovery_opened':
    case 'recovery_failed':
    case 'recovery_gone':
      return applyRecovery(state, event)
    case 'logged_out':
      return { ...state, logOuts: state.logOuts.filter(({ closeId }) => closeId !== event.closeId) }
    case 'setting':
    case 'tick':
      return state
  }
}

function withTabRemoved(doc: CcpDocument, at: number, windowClosing: boolean): CcpDocument {
  // Where another document has come in its place, the tab went without it.
  if (doc.tabRemoved !== null || doc.successor !== null) return doc
  const removed = step(
    { ...doc, tabRemoved: { at, windowClosing } },
    { at, event: windowClosing ? 'window_removed' : 'tab_removed' },
  )
  return withGone(removed, at, 'tab_removed')
}

/** Without a look at the tabs, no orphan is said to be gone. */
function allOrphans(state: SessionsState): string[] {
  return Object.values(state.documents)
    .filter((doc) => doc.orphanedAt !== null)
    .map((doc) => doc.docId)
}
