/** What a reload, or a close that did not happen, has taken from its agent is restored by the page that comes. */
import { mayBeSamePeriod } from '../state-period'
import type { ClosingReport } from '../close-report'
import { isOfflineWhileOpen } from '../close-report'
import type { CcpEvent } from './events'
import type { CcpDocument, TabPlace } from './ccp-document'
import type { Close } from './close'
import { dutiesOf } from './close'
import type { DutyKind } from './duties'
import type { CloseState } from './state'

type ReceivedEvent = Extract<CcpEvent, { type: 'document' }>

/** What a document said of its close, and where it was. */
export interface RestoreDuty {
  readonly kind: 'restore'
  readonly framed: boolean
  readonly runId: string
  readonly place: TabPlace
  readonly at: number
  readonly report: ClosingReport
}

/** Longer than any page may take to come back, in ms. */
const RECENT_MS = 150_000

/**
 * Whether Offline was what the agent wanted, or is that of one who was not there: whatever is loaded after it, no status is
 * restored.
 */
function isWanted({ event, hint }: ClosingReport): boolean {
  return isOfflineWhileOpen(event) || event === 'try_again' || event === 'logout' || hint === 'logout'
}

export const RESTORE: DutyKind<RestoreDuty> = {
  most: 120,
  replaces: (known, { report }) => known.report.closeId === report.closeId,
  isOver: ({ at }, _now, passed) => passed(at, RECENT_MS),
  isEndedBy: (duty, close, event) => event.type === 'document' && isRestored(duty, close, event),
}

/** What a document has said of its close, where it has asked for something that a reload is to restore; null elsewhere. */
export function restoreOf({ framed, runId, place, closing }: CcpDocument): RestoreDuty | null {
  if (place === null || closing?.report.did.action !== 'attempted' || isWanted(closing.report)) return null
  const { at, report } = closing
  return { kind: 'restore', framed, runId, place, at, report }
}

/**
 * Whether this event ends the duty to restore: the status is restored, or the agent has been in another period
 * since, which is Offline no more. What they choose after that is theirs.
 */
function isRestored(duty: RestoreDuty, close: Close, { header, docEvent, place }: ReceivedEvent): boolean {
  const { report, place: from } = duty
  if (docEvent.type === 'given_back') return docEvent.result.ok && docEvent.closeId === report.closeId
  if (docEvent.type !== 'agent' || docEvent.agent.username !== close.username || header.instance !== close.instance)
    return false
  const { state: now } = docEvent.agent
  const isItsPlace = from.tabId === place?.tabId || isTakenOut(duty)
  return isItsPlace && now.type !== 'offline' && !mayBeSamePeriod(report.stateBefore, now)
}

/** What the document said of its close that this one is a reload of. */
export function closeBefore(state: CloseState, { header, place, runId }: ReceivedEvent): CcpDocument['reloads'] {
  const [latest] = dutiesOf(state, 'restore')
    .filter(({ close, duty }) => {
      if (close.instance !== header.instance || duty.runId !== runId) return false
      if (isTakenOut(duty)) return true
      // Another run numbers its tabs differently.
      if (duty.place.tabId !== place?.tabId) return false
      const isReload = header.navigationType === 'reload' && duty.place.frameId === place.frameId
      return isReload || (header.framed && isBroughtBack(duty))
    })
    .sort((a, b) => b.duty.at - a.duty.at)
  if (latest === undefined) return null
  const { close, duty } = latest
  return { report: duty.report, username: close.username, at: duty.at }
}

/**
 * Whether a CCP in another page went with that page, which may bring it back: frames get other numbers then, and never say
 * that they were reloaded. One that is taken out of a page that stays gets `pagehide` alone.
 */
function isBroughtBack({ framed, report }: RestoreDuty): boolean {
  return framed && report.event === 'beforeunload'
}

/**
 * Whether a CCP was taken out of a page that stays, which a frame learns of by `pagehide` alone: Streams replaces its own
 * frame, sites move theirs, and a CCP is popped out of its site into a window of its own. It may be back anywhere.
 */
function isTakenOut({ framed, report }: RestoreDuty): boolean {
  return framed && report.event === 'pagehide'
}
