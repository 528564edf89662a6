/**
 * Offline at the agent's own wish, asked for in the popup while their CCP stays open: whether it is offered, and how it stands.
 */
import type { AgentState } from '../agent'
import { agentKey } from '../agent'
import type { CallError } from '../close-report'
import { hasPassed } from '../clock'
import type { CloseRules } from '../close-rules'
import { decideClose } from '../decide-close'
import type { LogEntry } from '../log-entry'
import type { PopupOffline } from '../settings'
import { mayBeSamePeriod } from '../state-period'
import { leadDocuments } from './leads'
import type { CcpDocument } from './ccp-document'
import type { CloseState } from './state'
import { keyOf } from './ccp-document'

export type OfflineNow =
  /** The agent takes no contacts, or the settings exclude them or hide the button; or no page of theirs could do it. */
  | { readonly is: 'not_offered' }
  | { readonly is: 'offered'; readonly target: AgentState }
  /** A contact, or the work after one, is never ended. */
  | { readonly is: 'on_contact' }
  /** The page has asked Connect; `error` is Connect's latest refusal, after which the page may try again. */
  | { readonly is: 'under_way'; readonly target: string | null; readonly error: CallError | null }
  /** The background has asked Connect, and a snapshot has shown the agent Offline. */
  | { readonly is: 'confirmed'; readonly target: string | null }

/** For how long the popup shows that Connect has confirmed Offline, in ms. */
const SHOWN_MS = 60_000
/** After this long, the log has an entry of a request without an answer: the page reports that after 30 s. */
const UNDER_WAY_MS = 60_000

const NOT_OFFERED: OfflineNow = { is: 'not_offered' }

/** The popup's setting, the rules for each document, and the newest entry of the log. */
export interface OfflinePolicy {
  readonly popupOffline: PopupOffline
  readonly rulesFor: (doc: CcpDocument) => CloseRules
  readonly lastEntry: LogEntry | null
}

/** What the popup can say of the wish for Offline of a document's agent. */
export function offlineNowOf(
  state: CloseState,
  doc: CcpDocument,
  { popupOffline, rulesFor, lastEntry }: OfflinePolicy,
  now: number,
): OfflineNow {
  const { agent } = doc
  const key = keyOf(doc)
  if (agent === null || key === null || popupOffline === 'hide') return NOT_OFFERED
  const target = agent.offlineState?.name ?? null
  const asked = askedDocument(state, doc, now)
  if (asked !== null) {
    const result = asked.result?.result
    return { is: 'under_way', target, error: result === undefined || result.ok ? null : result.error }
  }
  if (lastEntry !== null && agentKey(lastEntry.instance, lastEntry) === key) {
    const isTold =
      lastEntry.cause === 'asked' && lastEntry.outcome === 'confirmed' && !hasPassed(lastEntry.at, SHOWN_MS, now)
    // Connect's answer precedes its snapshot: until the snapshot comes, the page shows the earlier state.
    const isSo = agent.state.type === 'offline' || mayBeSamePeriod(lastEntry.stateBefore, agent.state)
    if (isTold && isSo) return { is: 'confirmed', target }
  }
  const lead = leadDocuments(state).get(key)
  return lead?.agent == null ? NOT_OFFERED : offered(lead.agent, rulesFor(lead))
}

function offered(agent: NonNullable<CcpDocument['agent']>, rules: CloseRules): OfflineNow {
  const moment = { event: 'asked', hint: null, otherCcps: 0, lastWindow: false } as const
  const decision = decideClose(agent, rules, moment)
  switch (decision.action) {
    case 'set_offline':
      return { is: 'offered', target: decision.target }
    case 'defer':
      return { is: 'on_contact' }
    case 'none':
    case 'cannot':
      return NOT_OFFERED
  }
}

/** The document of the agent that is asking Connect for Offline at their wish; null where no document does. */
function askedDocument(state: CloseState, doc: CcpDocument, now: number): CcpDocument | null {
  const isAsking = ({ closing, gone }: CcpDocument): boolean =>
    closing?.report.event === 'asked' && gone === null && !hasPassed(closing.at, UNDER_WAY_MS, now)
  return Object.values(state.documents).find((one) => isAsking(one) && keyOf(one) === keyOf(doc)) ?? null
}
