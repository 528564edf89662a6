/** The status that a reload, or a close that did not happen, has changed is restored by the page that comes. */
import { mayBeSamePeriod } from '../state-period'
import type { ClosingReport } from '../close-report'
import { isOfflineWhileOpen } from '../close-report'
import type { ReceivedEvent } from './events'
import type { CcpDocument, TabPlace } from './ccp-document'
import type { Close } from './close'
import { dutiesOf } from './close'
import type { DutyKind } from './duties'
import type { CloseState } from './state'

/** A document's close report, and where the document was. */
export interface RestoreDuty {
  readonly kind: 'restore'
  readonly framed: boolean
  readonly runId: string
  readonly place: TabPlace
  readonly at: number
  readonly report: ClosingReport
}

/** Longer than any page takes to come back, in ms. */
const RECENT_MS = 150_000

/** Whether the agent wanted Offline, or was absent when it was set: no status is restored then, whatever is loaded next. */
function isWanted({ event, hint }: ClosingReport): boolean {
  return isOfflineWhileOpen(event) || event === 'try_again' || event === 'logout' || hint === 'logout'
}

export const RESTORE: DutyKind<RestoreDuty> = {
  most: 120,
  replaces: (known, { report }) => known.report.closeId === report.closeId,
  isOver: ({ at }, _now, passed) => passed(at, RECENT_MS),
  isEndedBy: (duty, close, event) => event.type === 'document' && isRestored(duty, close, event),
}

/** The close report of a document that has asked for something that a reload has to restore; null elsewhere. */
export function restoreOf({ framed, runId, place, closing }: CcpDocument): RestoreDuty | null {
  if (place === null || closing?.report.did.action !== 'attempted' || isWanted(closing.report)) return null
  const { at, report } = closing
  return { kind: 'restore', framed, runId, place, at, report }
}

/**
 * Whether this event ends the duty to restore: the status is restored, or the agent has left Offline since. What they choose
 * after that is theirs.
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

/** The close report of the document that this one is a reload of. */
export function reportBeforeReload(state: CloseState, { header, place, runId }: ReceivedEvent): CcpDocument['reloads'] {
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
 * Whether a CCP in another page went with that page, which may bring it back: its frames get other numbers then, and do not
 * report a reload. A CCP that is taken out of a page that stays gets `pagehide` alone.
 */
function isBroughtBack({ framed, report }: RestoreDuty): boolean {
  return framed && report.event === 'beforeunload'
}

/**
 * Whether a CCP was taken out of a page that stays, which a frame learns by `pagehide` alone: Streams replaces its own frame,
 * sites move theirs, and some open the CCP in a window of its own instead. It may come back anywhere.
 */
function isTakenOut({ framed, report }: RestoreDuty): boolean {
  return framed && report.event === 'pagehide'
}
