/** The latest closes of this browser's tabs: a page that is loaded anew may be owed what its own close has taken. */
import { mayBeSamePeriod } from '../agent'
import type { Passed } from '../clock'
import type { ClosingReport } from '../close-report'
import { isSignOff } from '../close-report'
import type { SessionEvent } from './events'
import type { CcpDocument, RecentClose } from './ccp-document'
import type { SessionsState } from './state'

type NewsEvent = Extract<SessionEvent, { type: 'news' }>

/** Longer than any page may take to come back, in ms. */
const RECENT_MS = 150_000

/**
 * Whether Offline was what the agent wanted, or is that of one who was not there: whatever is loaded after it, nothing is
 * owed for it.
 */
function isWanted({ event, hint }: ClosingReport): boolean {
  return isSignOff(event) || event === 'try_again' || event === 'logout' || hint === 'logout'
}

/** Notes what a document has said of its close, if it has asked for something that a reload is to give back. */
export function withRecentClose(state: SessionsState, docId: string): SessionsState {
  const doc = state.documents[docId]
  const { agent, place, closing } = doc ?? {}
  if (!doc || !agent || !place || closing?.report.did.action !== 'attempted') return state
  if (isWanted(closing.report)) return state
  const { at, report } = closing
  const { instance, framed, runId } = doc
  const close = { instance, framed, runId, place, at, report, username: agent.username }
  const others = state.recentCloses.filter((other) => other.report.closeId !== report.closeId)
  return { ...state, recentCloses: [...others, close] }
}

/**
 * Takes out what is owed no more after these news: it was given back, or the agent has been in another stay since, which
 * is Offline no more. What they choose after that is theirs.
 */
export function withoutReturned(state: SessionsState, { header, news, place }: NewsEvent): SessionsState {
  const isOver = ({ report, username, instance, place: from }: RecentClose): boolean => {
    if (news.type === 'given_back') return news.result.ok && news.closeId === report.closeId
    if (news.type !== 'agent' || news.agent.username !== username || header.instance !== instance) return false
    const { state: now } = news.agent
    return from.tabId === place?.tabId && now.type !== 'offline' && !mayBeSamePeriod(report.stateBefore, now)
  }
  const recentCloses = state.recentCloses.filter((close) => !isOver(close))
  return recentCloses.length === state.recentCloses.length ? state : { ...state, recentCloses }
}

export function withoutOldCloses(state: SessionsState, passed: Passed): SessionsState {
  const recentCloses = state.recentCloses.filter(({ at }) => !passed(at, RECENT_MS))
  return recentCloses.length === state.recentCloses.length ? state : { ...state, recentCloses }
}

/** What the document said of its close that this one is a reload of. */
export function closeBefore(state: SessionsState, { header, place, runId }: NewsEvent): CcpDocument['reloads'] {
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
