/** Makes up the working day of an agent. The same random numbers give the same day. */
import type { AgentState } from '../../src/domain/agent'
import { closeRecord } from '../../src/domain/fleet/close-records'
import { coverageRecords } from '../../src/domain/fleet/coverage-records'
import type { CoverageCause } from '../../src/domain/fleet/coverage'
import type { Draft } from '../../src/domain/fleet/record'
import { changesOf, NOTHING_REPORTED } from '../../src/domain/fleet/state-records'
import type { Reported } from '../../src/domain/fleet/state-records'
import type { LogEntry } from '../../src/domain/log-entry'
import { newClose } from '../../src/domain/closes/close'
import type { CcpDocument } from '../../src/domain/closes/ccp-document'
import type { Flag, CloseState } from '../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../src/domain/closes/state'
import { DEFAULT_SETTINGS } from '../../src/domain/settings'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const INSTANCE = 'contact-centre.my.connect.aws'

/** Something that happens during the day, and the records that the background writes of it at once. */
export interface Happening {
  /** In ms since the epoch. */
  readonly at: number
  readonly drafts: readonly Draft[]
}

/** Closes a day (for lunch, by mistake, and in the evening), breaks a day, and the share of closes that are flagged. */
const CLOSES = 3
const BREAKS = 4
const FLAGGED = 0.02

/**
 * Everything that one agent's machine reports in a day of eight hours, in order.
 * @param morning the earliest beginning of the day, in ms since the epoch
 * @param random returns numbers from 0 to 1
 */
export function dayOf(username: string, morning: number, random: () => number): Happening[] {
  const begin = morning + random() * 40 * MINUTE
  const end = begin + 8 * HOUR
  const told: Happening[] = []
  const coverage = (at: number, cause: CoverageCause, isAvailable: boolean | null): void => {
    told.push({ at, drafts: coverageRecords(stateOf(username, isAvailable, at), MACHINE, cause, at) })
  }
  coverage(begin, 'start', null)
  const changes = [begin + 2 * MINUTE]
  for (let nth = 0; nth < 2 * BREAKS; nth += 1) changes.push(begin + random() * 8 * HOUR)
  changes.sort((a, b) => a - b)
  changes.forEach((at, nth) => coverage(at, 'change', nth % 2 === 0))
  for (
    let at = begin + DEFAULT_SETTINGS.coverageMinutes * MINUTE;
    at < end;
    at += DEFAULT_SETTINGS.coverageMinutes * MINUTE
  )
    coverage(at, 'interval', true)
  for (let nth = 1; nth <= CLOSES; nth += 1) {
    const at = nth === CLOSES ? end : begin + random() * 8 * HOUR
    told.push(...closeOf(username, at, random))
  }
  return told.sort((a, b) => a.at - b.at)
}

/**
 * A close. A few are unconfirmed and have a flag, which is raised
 * with the close's record and lowered when the agent is back.
 */
function closeOf(username: string, at: number, random: () => number): Happening[] {
  const isFlagged = random() < FLAGGED
  const id = `close-${username}-${Math.round(at)}`
  const entry: LogEntry = {
    id,
    at,
    instance: INSTANCE,
    username,
    agentName: username,
    surface: 'ccp-v2',
    framed: false,
    stateBefore: state(true),
    outcome: isFlagged ? 'unconfirmed' : 'confirmed',
    evidence: isFlagged ? 'none' : 'asked',
    reason: isFlagged ? 'no_answer' : null,
    target: 'Offline',
    error: null,
    cause: 'tab_closed',
    event: 'beforeunload',
    tookMs: isFlagged ? null : 900 + random() * 2_000,
    exposure: { from: at, until: isFlagged ? null : at + 60, certainty: isFlagged ? 'open' : 'exact' },
    streamsVersion: '2.28.2',
    extensionVersion: '0.1.0',
    timeline: [],
  }
  const close: Happening = { at: at + 3_000, drafts: [closeRecord(entry)] }
  if (!isFlagged) return [close]
  const flag: Omit<Flag, 'closeId' | 'instance' | 'username'> = {
    why: 'close',
    cause: 'tab_closed',
    agentName: username,
    since: at,
    outcome: 'unconfirmed',
    url: `https://${INSTANCE}/ccp-v2/`,
    stateBefore: state(true),
    target: 'Offline',
    isObserved: false,
  }
  const shown = { ...newClose({ id, instance: INSTANCE, username }), duties: [{ kind: 'flag', ...flag } as const] }
  const up = { ...EMPTY_CLOSE_STATE, closes: { [id]: shown } }
  const raised = changesOf(NOTHING_REPORTED, up, [], at + 3_000)
  const backAt = at + (1 + random() * 20) * MINUTE
  return [
    { at: close.at, drafts: [...close.drafts, ...raised.drafts] },
    { at: backAt, drafts: changesOf(raised.reported satisfies Reported, EMPTY_CLOSE_STATE, [], backAt).drafts },
  ]
}

function state(isAvailable: boolean): AgentState {
  return isAvailable
    ? { name: 'Available', type: 'routable', arn: 'arn:aws:connect:agent-state/available', startTimestamp: 0 }
    : { name: 'Break', type: 'not_routable', arn: 'arn:aws:connect:agent-state/break', startTimestamp: 0 }
}

/** @param isAvailable null where no CCP is open yet */
function stateOf(username: string, isAvailable: boolean | null, at: number): CloseState {
  if (isAvailable === null) return EMPTY_CLOSE_STATE
  const doc = {
    docId: 'doc',
    instance: INSTANCE,
    gone: null,
    agentAt: at,
    protection: { status: 'protected' },
    capabilities: { direct: { status: 'works', roundTripMs: 60, at }, deadMansSwitch: 'armed' },
    agent: { username, state: state(isAvailable) },
  } as unknown as CcpDocument
  const backgroundPaths = { [INSTANCE]: { status: 'works', roundTripMs: 90, at } } as const
  return { ...EMPTY_CLOSE_STATE, documents: { doc }, backgroundPaths }
}

const MACHINE = {
  settings: DEFAULT_SETTINGS,
  policyState: 'delivered',
  policyHash: '0123456789abcdef',
  policyProblems: 0,
  hostsGranted: true,
  unreachedTabs: 0,
  outbox: { waiting: 0, dropped: 0, rejected: 0 },
} as const
