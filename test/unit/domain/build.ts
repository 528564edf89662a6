/** Agents, documents and document events, as small as each test allows. */
import type { AgentFacts, AgentState, AgentStateType } from '../../../src/domain/agent'
import type { CloseRules } from '../../../src/domain/close-rules'
import type { ClosingReport } from '../../../src/domain/close-report'
import { newClose } from '../../../src/domain/closes/close'
import type { DocumentEvent, CcpEvent, TabStatus } from '../../../src/domain/closes/events'
import type { Reduction } from '../../../src/domain/closes/settle'
import { reduceCloses } from '../../../src/domain/closes/reduce'
import type { DocumentHeader, TabPlace } from '../../../src/domain/closes/ccp-document'
import type { Flag, CloseState } from '../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../src/domain/closes/state'
import type { LogEntry } from '../../../src/domain/log-entry'
import type { Mode } from '../../../src/domain/settings'
import type { Finding } from '../../../src/domain/check'
import type { DocumentConfig, PageConfig } from '../../../src/protocol/page-config'

export const INSTANCE = 'acme.my.connect.aws'
export const RUN = 'run-1'
export const T0 = 1_700_000_000_000

const NAMES: Record<AgentStateType, string> = {
  init: 'Init',
  routable: 'Verfügbar',
  not_routable: 'Mittag',
  offline: 'Abgemeldet',
  system: 'Busy',
  error: 'MissedCallAgent',
  unknown: '?',
}

export function state(type: AgentStateType): AgentState {
  return { name: NAMES[type], type, arn: `arn:${type}`, startTimestamp: T0 - 60_000 }
}

export function facts(type: AgentStateType = 'routable', changes: Partial<AgentFacts> = {}): AgentFacts {
  return {
    username: 'ada',
    name: 'Ada L.',
    routingProfile: 'Basic',
    routingProfileArn: null,
    state: state(type),
    offlineState: state('offline'),
    contacts: [],
    softphone: true,
    ...changes,
  }
}

export function header(docId: string, changes: Partial<DocumentHeader> = {}): DocumentHeader {
  return {
    docId,
    instance: INSTANCE,
    url: `https://${INSTANCE}/ccp-v2/`,
    surface: 'ccp-v2',
    framed: false,
    navigationType: 'navigate',
    late: false,
    openedAt: T0,
    ...changes,
  }
}

/** The close rules of the default settings. */
export const RULES: CloseRules = {
  mode: 'act',
  excluded: null,
  routingProfiles: [],
  fromStates: [],
  onContact: 'after',
  deskPhone: 'act',
  reload: 'recognised',
}

/** What a bridge receives with default settings and no other CCP open. */
export function pageConfig(changes: Partial<PageConfig> = {}): PageConfig {
  return {
    ...RULES,
    targetState: '',
    enqueue: true,
    directPath: true,
    renewToken: false,
    lendToken: false,
    holdMs: 0,
    deadMansSwitch: true,
    leaveDialog: 'never',
    lastWindow: false,
    otherCcps: [],
    guardedCloses: [],
    statusRestore: null,
    ...changes,
  }
}

/** What a document receives; the bridge receives all of it but the recovery task. */
export function documentConfig(changes: Partial<DocumentConfig> = {}): DocumentConfig {
  return { ...pageConfig(), recovery: null, ...changes }
}

export const ATTEMPTED: ClosingReport['did'] = {
  action: 'attempted',
  target: state('offline'),
  direct: null,
  mayQueue: false,
}

export function report(closeId: string, changes: Partial<ClosingReport> = {}): ClosingReport {
  return { closeId, event: 'beforeunload', did: ATTEMPTED, stateBefore: state('routable'), hint: null, ...changes }
}

export const closing = (closeId: string, changes: Partial<ClosingReport> = {}, agent = facts()): DocumentEvent => ({
  type: 'closing',
  report: report(closeId, changes),
  agent,
})
export const agentEvent = (agent: AgentFacts): DocumentEvent => ({ type: 'agent', agent, streamsVersion: '2.28.2' })
export const succeeded = (closeId: string): DocumentEvent => ({ type: 'result', closeId, result: { ok: true } })
export const failed = (closeId: string, type = 'ThrottlingException'): DocumentEvent => ({
  type: 'result',
  closeId,
  result: { ok: false, error: { type, message: 'No' } },
})

/** An agent who may still be in the state in which their close left them. */
export function flag(changes: Partial<Flag> = {}): Flag {
  return {
    why: 'close',
    cause: 'crashed',
    closeId: 'close-1',
    instance: INSTANCE,
    username: 'ada',
    agentName: 'Ada L.',
    since: T0,
    outcome: 'unconfirmed',
    url: `https://${INSTANCE}/ccp-v2/`,
    stateBefore: state('routable'),
    target: 'Offline',
    isObserved: false,
    ...changes,
  }
}

/** A state in which these flags are raised. */
export function flagged(flags: readonly Flag[], state = EMPTY_CLOSE_STATE): CloseState {
  const closes = flags.map(({ closeId: id, instance, username, ...rest }) => {
    const close = { ...newClose({ id, instance, username }), ...state.closes[id] }
    return [id, { ...close, duties: [...close.duties, { kind: 'flag', ...rest } as const] }] as const
  })
  return { ...state, closes: { ...state.closes, ...Object.fromEntries(closes) } }
}

/** Sends one event after another to the state machine. */
export class EventPlayer {
  state: CloseState = EMPTY_CLOSE_STATE
  readonly entries: LogEntry[] = []

  constructor(private readonly mode: Mode = 'observe') {}

  /** Returns the closes that the event finalized. */
  dispatch(event: CcpEvent): readonly LogEntry[] {
    const next: Reduction = reduceCloses(this.state, event, {
      extensionVersion: '1.2.3',
      mode: this.mode,
      mayAsk: true,
      recoveryUse: 'ask',
      graceMs: 20_000,
      rulesOf: () => RULES,
    })
    this.state = JSON.parse(JSON.stringify(next.state)) as CloseState
    this.entries.push(...next.finalized)
    return next.finalized
  }

  send(
    at: number,
    document: DocumentHeader,
    docEvent: DocumentEvent,
    place: TabPlace | null = { tabId: 1, frameId: 0, ownCookies: true },
    runId = RUN,
  ): readonly LogEntry[] {
    return this.dispatch({ type: 'document', at: T0 + at, seq: at, runId, header: document, place, docEvent })
  }

  /** A document with an agent, in one step. */
  open(
    document: DocumentHeader,
    agent: AgentFacts = facts(),
    place: TabPlace | null = { tabId: 1, frameId: 0, ownCookies: true },
  ): void {
    this.send(0, document, { type: 'hello' }, place)
    this.send(10, document, agentEvent(agent), place)
  }

  tabRemoved(at: number, tabId = 1, windowClosing = false): readonly LogEntry[] {
    return this.dispatch({ type: 'tab_removed', at: T0 + at, tabId, windowClosing })
  }

  lost(
    at: number,
    docId: string,
    by: 'disconnect' | 'no_answer' = 'disconnect',
    place: TabPlace = { tabId: 1, frameId: 0, ownCookies: true },
  ): readonly LogEntry[] {
    return this.dispatch({ type: 'lost', at: T0 + at, docId, by, place })
  }

  tick(at: number, tabs: Readonly<Record<number, TabStatus>> = {}): readonly LogEntry[] {
    return this.dispatch({ type: 'tick', at: T0 + at, tabs, holding: [] })
  }

  /** The finding of one attempt to verify a close. */
  verified(at: number, closeId: string, finding: Finding): readonly LogEntry[] {
    return this.dispatch({ type: 'checked', at: T0 + at, closeId, finding, jitter: 0.5, roundTripMs: 40 })
  }

  runStarted(at: number, runId: string): readonly LogEntry[] {
    return this.dispatch({ type: 'worker_started', at: T0 + at, runId })
  }
}

/** An unanswered attempt to verify a document's close, at this many ms. */
export function noAnswerTo(docId: string, at: number): CcpEvent {
  const finding = { kind: 'no_answer', error: 'x' } as const
  return { type: 'checked', at: T0 + at, closeId: docId, finding, jitter: 0.5, roundTripMs: null }
}
