import { unprotectedBecause } from '../../domain/closes/ccp-document'
import type { AgentState } from '../../domain/agent'
import type { LogEntry, TimelineStep } from '../../domain/log-entry'
import type { Flag } from '../../domain/closes/state'
import type { DocumentStatus, SettingsStatus, Status } from '../../protocol/ui-messages'
import { isoTime } from '../log/iso'
import { code, isCode, versionNumber } from './codes'
import { Pseudonyms } from './pseudonyms'
import { settingsPart } from './settings-part'

/** How many of the newest entries the file has. */
export const SUPPORT_ENTRIES = 200

/** Raise the version with each change that breaks readers. */
const FORMAT = { format: 'ccp-signoff-support', version: 1 } as const

/** The sources of a support file. What could not be read is null, and named in `failures`. */
export interface SupportSources {
  readonly now: number
  readonly extensionVersion: string
  readonly userAgent: string
  readonly language: string
  readonly status: Status | null
  readonly settings: SettingsStatus | null
  /** The newest first. */
  readonly entries: readonly LogEntry[] | null
  readonly failures: readonly string[]
}

/**
 * Everything that helps to find a fault, without tokens, names and addresses: only fields listed here are in it, names have
 * pseudonyms that are the same throughout the file, and foreign texts are scrubbed.
 */
export function supportFile(sources: SupportSources): object {
  const names = new Pseudonyms()
  // Twice: a text may contain a name that is only learned further down.
  make(sources, names)
  names.seal()
  return make(sources, names)
}

function make({ status, settings, entries, ...about }: SupportSources, names: Pseudonyms): object {
  return {
    ...FORMAT,
    madeAt: isoTime(about.now),
    extension: { version: versionNumber(about.extensionVersion) },
    browser: { userAgent: about.userAgent, language: about.language },
    failures: about.failures.map((failure) => names.text(failure)),
    access: status && { hostsGranted: status.hostsGranted, unreachedTabs: status.unreachedTabs },
    settings: settings && settingsPart(settings, names),
    problems: status && status.problems.map((problem) => names.text(problem)),
    documents: status?.documents.map((doc) => documentPart(doc, names)) ?? null,
    backgroundPaths:
      status &&
      Object.entries(status.backgroundPaths).map(([host, path]) => ({
        instance: names.instance(host),
        status: code(path.status),
        roundTripMs: path.roundTripMs,
        at: isoTime(path.at),
      })),
    leftAvailable:
      status?.flags.map((flag) => flagPart(flag, status.recoverable.includes(flag.closeId), names)) ?? null,
    entries: entries?.slice(0, SUPPORT_ENTRIES).map((entry) => entryPart(entry, names)) ?? null,
  }
}

function statePart(state: AgentState | null | undefined, names: Pseudonyms): object | null {
  if (state === null || state === undefined) return null
  if (state.arn !== null) names.hide(state.arn)
  return { name: names.state(state.name), type: code(state.type), since: isoTime(state.startTimestamp) }
}

function documentPart(doc: DocumentStatus, names: Pseudonyms): object {
  const { agent, capabilities, outlook, protection } = doc
  const unprotected = unprotectedBecause(protection)
  if (doc.missingTarget !== null) names.hide(doc.missingTarget)
  if (agent?.routingProfileArn) names.hide(agent.routingProfileArn)
  return {
    id: names.id('document', doc.docId),
    instance: names.instance(doc.instance),
    agent: agent && names.agent(doc.instance, agent),
    surface: code(doc.surface),
    framed: doc.framed,
    protection: code(protection.status),
    unprotectedReason: unprotected && code(unprotected),
    streamsVersion: versionNumber(doc.streamsVersion),
    directPath: capabilities && {
      status: code(capabilities.direct.status),
      roundTripMs: capabilities.direct.roundTripMs,
      at: isoTime(capabilities.direct.at),
    },
    deadMansSwitch: capabilities && code(capabilities.deadMansSwitch),
    state: statePart(agent?.state, names),
    chosenState: statePart(agent?.chosenState, names),
    nextState: statePart(agent?.nextState, names),
    offlineState: statePart(agent?.offlineState, names),
    routingProfile: agent?.routingProfile ? names.profile(agent.routingProfile) : null,
    softphone: agent?.softphone ?? null,
    contacts: agent?.contacts.map(({ channel, state }) => ({ channel: code(channel), state: code(state) })) ?? null,
    isTargetMissing: doc.missingTarget !== null,
    outlook: { is: code(outlook.is), reason: 'reason' in outlook ? code(outlook.reason) : null },
  }
}

function flagPart(flag: Flag, isRecoverable: boolean, names: Pseudonyms): object {
  const { instance, username, agentName: name } = flag
  names.hide(flag.url)
  return {
    close: names.id('close', flag.closeId),
    instance: names.instance(instance),
    agent: names.agent(instance, { username, name }),
    why: code(flag.why),
    since: isoTime(flag.since),
    outcome: code(flag.outcome),
    stateBefore: statePart(flag.stateBefore, names),
    isUnseen: flag.isUnseen === true,
    target: names.state(flag.target ?? ''),
    isObserved: flag.isObserved,
    isRecoverable,
  }
}

function entryPart(entry: LogEntry, names: Pseudonyms): object {
  const { instance, username, agentName: name, error, exposure } = entry
  return {
    close: names.id('close', entry.id),
    at: isoTime(entry.at),
    instance: names.instance(instance),
    agent: names.agent(instance, { username, name }),
    surface: code(entry.surface),
    framed: entry.framed,
    stateBefore: statePart(entry.stateBefore, names),
    target: names.state(entry.target ?? ''),
    outcome: code(entry.outcome),
    evidence: code(entry.evidence),
    reason: code(entry.reason),
    would: code(entry.would),
    cause: code(entry.cause),
    event: code(entry.event),
    error: error && { type: names.text(error.type), message: names.text(error.message) },
    tookMs: entry.tookMs,
    exposure: exposure && {
      from: isoTime(exposure.from),
      until: isoTime(exposure.until),
      certainty: code(exposure.certainty),
    },
    streamsVersion: versionNumber(entry.streamsVersion),
    extensionVersion: versionNumber(entry.extensionVersion),
    timeline: entry.timeline.map((step) => stepPart(step, names)),
  }
}

function stepPart({ at, event, detail }: TimelineStep, names: Pseudonyms): object {
  const step = { at: isoTime(at), event: code(event) }
  if (detail === undefined) return step
  if (event === 'agent_returned') return { ...step, detail: names.state(detail) }
  return { ...step, detail: detail.split(', ').every(isCode) ? detail : names.text(detail) }
}
