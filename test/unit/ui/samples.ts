import type { AgentFacts, AgentState } from '../../../src/domain/agent'
import type { LogEntry } from '../../../src/domain/log-entry'
import type { DocumentStatus, Status } from '../../../src/protocol/ui-messages'

export const NOW = Date.UTC(2026, 10, 22, 12, 0, 0)

export const OFFLINE: AgentState = { name: 'Offline', type: 'offline', arn: null, startTimestamp: null }

export function sampleAgent(over: Partial<AgentFacts> = {}): AgentFacts {
  return {
    username: 'dana.reyes',
    name: 'Dana Reyes',
    routingProfile: null,
    routingProfileArn: null,
    state: { name: 'Available', type: 'routable', arn: null, startTimestamp: null },
    offlineState: OFFLINE,
    contacts: [],
    softphone: null,
    ...over,
  }
}

export function sampleDocument(over: Partial<DocumentStatus> = {}): DocumentStatus {
  return {
    docId: 'doc-1',
    instance: 'acme.my.connect.aws',
    surface: 'ccp-v2',
    framed: false,
    protection: { status: 'protected' },
    streamsVersion: '2.28.2',
    capabilities: null,
    agent: sampleAgent(),
    missingTarget: null,
    outlook: { is: 'sets', target: 'Offline' },
    offlineNow: { is: 'offered', target: OFFLINE },
    returnOffer: null,
    otherCcps: 0,
    ...over,
  }
}

export function sampleEntry(over: Partial<LogEntry> = {}): LogEntry {
  return {
    id: 'close-1',
    at: NOW - 5 * 60_000,
    instance: 'acme.my.connect.aws',
    username: 'dana.reyes',
    agentName: 'Dana Reyes',
    surface: 'ccp-v2',
    framed: false,
    stateBefore: { name: 'Available', type: 'routable', arn: null, startTimestamp: null },
    outcome: 'confirmed',
    evidence: 'call_answered',
    reason: null,
    error: null,
    cause: 'tab_closed',
    event: 'beforeunload',
    tookMs: 240,
    exposure: { from: NOW - 5 * 60_000, until: NOW - 5 * 60_000 + 240, certainty: 'exact' },
    streamsVersion: '2.28.2',
    extensionVersion: '1.0.0',
    timeline: [
      { at: NOW - 5 * 60_000, event: 'closing', detail: 'attempted' },
      { at: NOW - 5 * 60_000 + 240, event: 'call_succeeded' },
    ],
    ...over,
  }
}

export function sampleStatus(over: Partial<Status> = {}): Status {
  return {
    documents: [sampleDocument()],
    unreachedTabs: 0,
    flags: [],
    recoverable: [],
    retries: {},
    backgroundPaths: {},
    lastEntry: sampleEntry(),
    closeRequests: { closes: 12, cold: 0, refused: 0 },
    mode: 'act',
    isIntroductionDue: false,
    version: '1.0.0',
    hostsGranted: true,
    hosts: [{ pattern: 'https://*.my.connect.aws/*', isGranted: true }],
    policy: { state: 'none', managed: 0 },
    profile: { isNew: false, since: NOW - 20 * 24 * 60 * 60_000 },
    isInPrivate: false,
    problems: [],
    settingProblems: [],
    ...over,
  }
}
