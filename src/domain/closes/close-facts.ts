/** What the documents of a close show, taken together. */
import type { AgentState } from '../agent'
import type { ClosingReport, OfflineWhileOpen } from '../close-report'
import { isOfflineWhileOpen } from '../close-report'
import type { AtClose } from '../judge-snapshot'
import type { CcpDocument } from './ccp-document'
import type { Close } from './close'
import type { Group, PendingClose } from './closes'
import type { RulesOf } from './silent'
import { hasNotDecided } from './silent'
import type { DeferReason } from '../reasons'

/** The moment from which the settling time of a close runs; null while a document of it may still live on. */
export function endedAt(close: Group): number | null {
  const ends = close.documents.map((doc) => doc.gone?.at ?? doc.stayedAt)
  return ends.every((end) => end !== null) ? Math.max(...ends) : null
}

/**
 * The document that stands for a close: the first that has acted, or else the first. Where no page has reported anything, it is
 * the one that knew the agent last: another may have been frozen for hours.
 */
export function leadOf({ documents }: Pick<Group, 'documents'>): CcpDocument {
  if (documents.every(({ closing }) => closing === null))
    return documents.reduce((a, b) => (b.agentAt > a.agentAt ? b : a))
  return documents.find((doc) => doc.closing?.report.did.action === 'attempted') ?? documents[0]
}

/** Whether the background has the cookies of a close's CCPs. */
export function hasOwnCookies({ documents }: Pick<Group, 'documents'>): boolean {
  return documents.every((doc) => doc.place?.ownCookies !== false)
}

/**
 * Why the pages of a close have deferred it to the background, or would have in mode `act`; null where one of them has acted, or
 * has nothing to do. A document that the settings exclude, such as a frame, decides nothing for the others, even where it did not
 * have the settings.
 */
export function deferReasonOf({ documents }: PendingClose, rulesOf: RulesOf): DeferReason | null {
  const inScope = documents.filter((doc) => !isExcluded(doc, rulesOf))
  const reasons = inScope.map(({ closing }) => (closing === null ? null : deferReasonIn(closing.report)))
  return reasons.every((reason) => reason !== null) ? (reasons[0] ?? null) : null
}

function isExcluded(doc: CcpDocument, rulesOf: RulesOf): boolean {
  if (hasNotDecided(doc)) return rulesOf(doc).excluded !== null
  const did = doc.closing?.report.did
  return did?.action === 'none' && (did.reason === 'surface_excluded' || did.reason === 'instance_excluded')
}

function deferReasonIn({ did }: ClosingReport): DeferReason | null {
  if (did.action === 'left') return did.reason
  const would = did.action === 'none' ? did.would : undefined
  return would === 'reload' || would === 'other_ccp' || would === 'contact_first' ? would : null
}

/** Why Offline was called for while the CCP stays open: the agent was away, or asked for it. */
export function offlineWhileOpenOf({ documents }: PendingClose): OfflineWhileOpen | null {
  const kinds = documents.map(({ closing, gone }) => {
    const event = closing?.report.event
    return gone === null && isOfflineWhileOpen(event) ? event : null
  })
  const [first = null] = kinds
  return kinds.every((kind) => kind !== null) ? first : null
}

/** The state that a close left the agent in, as far as the page knew. */
export function stateBefore(close: PendingClose): AgentState | null {
  const lead = leadOf(close)
  return lead.closing?.report.stateBefore ?? lead.agent?.state ?? null
}

/** How the agent was at a close, to compare them with; null where the state is not known. */
export function atClose(close: PendingClose): AtClose | null {
  const state = stateBefore(close)
  if (state === null) return null
  const { closing, agent } = leadOf(close)
  const { contacts, nextState } = closing?.agent ?? agent ?? {}
  const { sawContact = false, isAnswered = false } = close.check ?? {}
  return { state, sawContact, isAnswered, ...(contacts && { contacts }), ...(nextState && { nextState }) }
}

/**
 * When Connect last accepted the request of a page of the close, in ms since the epoch; null where no page received an answer.
 */
export function acceptedAt({ documents }: PendingClose): number | null {
  const accepted = documents.flatMap(({ result }) => (result?.result.ok ? [result.at] : []))
  return accepted.length === 0 ? null : Math.max(...accepted)
}

/** When a page last reported the agent Offline after the close, in ms since the epoch; null where none has. */
export function seenOfflineAt({ seenOffline, recovery }: Pick<Close, 'seenOffline' | 'recovery'>): number | null {
  const reported = recovery?.end?.reported == null ? [] : [recovery.end.at]
  const seen = [...Object.values(seenOffline), ...reported]
  return seen.length === 0 ? null : Math.max(...seen)
}

/** Whether the close is being checked, or was offered a recovery. */
export function hasBegun({ check, recovery }: Pick<Close, 'check' | 'recovery'>): boolean {
  return check !== null || recovery !== null
}
