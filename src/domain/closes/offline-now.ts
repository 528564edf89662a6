/** Offline at the agent's own wish, asked for in the popup while their CCP stays open: what is offered, and how it goes. */
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
  /** The agent takes no contacts, or the settings leave them alone, or hide it; or no page of theirs could do it. */
  | { readonly is: 'not_offered' }
  | { readonly is: 'offered'; readonly target: AgentState }
  /** A contact, or the work after one, is never ended. */
  | { readonly is: 'on_contact' }
  /** The page has asked Connect; of its latest refusal, which it may try to mend, `error` tells. */
  | { readonly is: 'under_way'; readonly target: string | null; readonly error: CallError | null }
  /** The background has asked Connect, and a snapshot has shown the agent Offline. */
  | { readonly is: 'confirmed'; readonly target: string | null }

/** For how long it is told, in ms, that Connect has confirmed what was asked for. */
const SHOWN_MS = 60_000
/** What is not answered by then is in the log as that: the page says so after 30 s. */
const UNDER_WAY_MS = 60_000

const NOT_OFFERED: OfflineNow = { is: 'not_offered' }

/** What is asked of the popup's setting and of the rules for each document, and the newest entry of the log. */
export interface OfflinePolicy {
  readonly popupOffline: PopupOffline
  readonly rulesFor: (doc: CcpDocument) => CloseRules
  readonly lastEntry: LogEntry | null
}

/** What the popup can say of it for the agent of a document. */
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
    // Connect's answer comes before its snapshot: until that, the page shows the state that was.
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
    case 'leave':
      return { is: 'on_contact' }
    case 'none':
    case 'cannot':
      return NOT_OFFERED
  }
}

/** The document of the agent that is asking Connect at their wish; null where none is. */
function askedDocument(state: CloseState, doc: CcpDocument, now: number): CcpDocument | null {
  const isAsking = ({ closing, gone }: CcpDocument): boolean =>
    closing?.report.event === 'asked' && gone === null && !hasPassed(closing.at, UNDER_WAY_MS, now)
  return Object.values(state.documents).find((one) => isAsking(one) && keyOf(one) === keyOf(doc)) ?? null
}
