/** What is due for agents who are away, by the settings and what has been done. */
import type { AgentKey } from '../agent'
import type { BackOff } from '../back-off'
import { nextTry } from '../back-off'
import type { AwayDecision, AwaySettings } from '../away-decision'
import { decideAway, useOf } from '../away-decision'
import type { AwayKind } from '../close-report'
import type { CloseRules } from '../close-rules'
import { leadDocuments } from './leads'
import type { CcpDocument } from './ccp-document'
import type { AwayFacts, CloseState } from './state'
import { isOpen } from './ccp-document'
import type { FlagReason } from '../reasons'

/** How long a page may take to report that it sets its agent Offline. */
const ASKED_MS = 15_000
/** A page that has declined, or was refused, is asked again. */
const DECLINED: BackOff = { pauses: [30_000] }
const MAX_TRIES = 3

export interface AwayTask {
  readonly action: 'flag' | 'ask' | 'silent'
  readonly kind: AwayKind
  readonly doc: CcpDocument
  /** Why the agent is flagged, and not set Offline. */
  readonly reason: FlagReason
}

/** What the settings say about absences, and about the agent of each document. */
export interface AwayPolicy {
  readonly settings: AwaySettings
  readonly rulesFor: (doc: CcpDocument) => CloseRules
}

/** What is due now. */
export function awayTasks(state: CloseState, policy: AwayPolicy, now: number): AwayTask[] {
  return [...leadDocuments(state)].flatMap(([key, doc]) => taskFor(state, key, doc, policy, now) ?? [])
}

/** When something may become due merely by the passage of time, in ms since the epoch. */
export function awayLooksAt({ away }: CloseState, { settings: { idleMinutes } }: AwayPolicy): number[] {
  const { presence, cases } = away
  const open = Object.values(cases).filter(({ backAt }) => backAt === null)
  return [
    ...open.flatMap(({ status, at, tries }) => {
      if (status === 'asked') return [at + ASKED_MS]
      return status === 'declined' && tries < MAX_TRIES ? [nextTry(DECLINED, tries, at)] : []
    }),
    ...(presence?.kind === 'locked' ? [presence.since + idleMinutes * 60_000] : []),
  ]
}

function taskFor(state: CloseState, key: AgentKey, doc: CcpDocument, policy: AwayPolicy, now: number): AwayTask | null {
  const known = state.away.cases[key]
  const current = known?.backAt === null ? known : undefined
  if (current?.status === 'asked') {
    const asked = state.documents[current.docId]
    const isSilent = asked !== undefined && isOpen(asked) && now - current.at >= ASKED_MS
    return isSilent ? { action: 'silent', kind: current.kind, doc: asked, reason: 'only_flagged' } : null
  }
  const { kind, decision } = strongest(state, key, doc, policy, now)
  if (kind === null || decision.action === 'nothing') return null
  if (decision.action === 'flag') {
    return current === undefined ? { action: 'flag', kind, doc, reason: decision.reason } : null
  }
  const mayAsk =
    current === undefined ||
    current.status === 'flagged' ||
    (current.status === 'declined' && current.tries < MAX_TRIES && now >= nextTry(DECLINED, current.tries, current.at))
  return mayAsk ? { action: 'ask', kind, doc, reason: 'only_flagged' } : null
}

const WEIGHT = { nothing: 0, flag: 1, set_offline: 2 } as const

/** A machine may be locked, idle and just awake at once: the strongest action that the settings ask for is taken. */
function strongest(
  state: CloseState,
  key: AgentKey,
  { agent, ...doc }: CcpDocument,
  { settings, rulesFor }: AwayPolicy,
  now: number,
): { kind: AwayKind | null; decision: AwayDecision } {
  let best: { kind: AwayKind | null; decision: AwayDecision } = { kind: null, decision: { action: 'nothing' } }
  if (agent === null) return best
  const rules = rulesFor({ ...doc, agent })
  for (const kind of kindsFor(state.away, key, settings, now)) {
    const decision = decideAway(agent, rules, useOf(settings, kind), kind)
    if (WEIGHT[decision.action] > WEIGHT[best.decision.action]) best = { kind, decision }
  }
  return best
}

function kindsFor(
  { presence, slept }: AwayFacts,
  key: AgentKey,
  { idleMinutes }: AwaySettings,
  now: number,
): AwayKind[] {
  const kinds: AwayKind[] = []
  if (presence !== null) kinds.push(presence.kind)
  // While a machine is locked, browsers report no idleness.
  if (presence?.kind === 'locked' && now - presence.since >= idleMinutes * 60_000) kinds.push('idle')
  if (slept?.agents.includes(key)) kinds.push('slept')
  return kinds
}
