/** The latest closes of this browser's tabs: a page that is loaded anew may be owed what its own close has taken. */
import type { Passed } from '../clock'
import type { SessionEvent } from './events'
import type { CcpDocument, RecentClose } from './ccp-document'
import type { SessionsState } from './state'

/** Longer than any page may take to come back, in ms. */
const RECENT_MS = 150_000

/** Notes what a document has said of its close, if it has asked for something. */
export function withRecentClose(state: SessionsState, docId: string): SessionsState {
  const doc = state.documents[docId]
  const { agent, place, closing } = doc ?? {}
  if (!doc || !agent || !place || closing?.report.did.action !== 'attempted') return state
  const { at, report } = closing
  const { instance, framed, runId } = doc
  const close = { instance, framed, runId, place, at, report, username: agent.username }
  const others = state.recentCloses.filter((other) => other.report.closeId !== report.closeId)
  return { ...state, recentCloses: [...others, close] }
}

export function withoutOldCloses(state: SessionsState, passed: Passed): SessionsState {
  const recentCloses = state.recentCloses.filter(({ at }) => !passed(at, RECENT_MS))
  return recentCloses.length === state.recentCloses.length ? state : { ...state, recentCloses }
}

/** What the document said of its close that this one is a reload of. */
export function closeBefore(
  state: SessionsState,
  { header, place, runId }: Extract<SessionEvent, { type: 'news' }>,
): CcpDocument['reloads'] {
  const [latest] = state.recentCloses
    .filter((close) => {
      // Another run numbers its tabs anew.
      if (close.place.tabId !== place?.tabId || close.instance !== header.instance || close.runId !== runId)
        return false
      const isReload = header.navigationType === 'reload' && close.place.frameId === place.frameId
      return isReload || (header.framed && isBroughtBack(close))
    })
    .sort((a, b) => b.at - a.at)
  if (latest === undefined) return null
  const { report, username, at } = latest
  return { report, username, at }
}

/**
 * Whether a CCP in another page went with that page, which may bring it back: frames are numbered anew then, and never say
 * that they were reloaded. One that is taken out of a page that stays gets `pagehide` alone.
 */
function isBroughtBack({ framed, report }: RecentClose): boolean {
  return framed && report.event === 'beforeunload'
}
