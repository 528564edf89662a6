/**
 * The records of lasting conditions: each is reported when it begins and when it ends, by comparison with what was reported
 * before.
 */
import type { SourcedProblem } from '../policy'
import { flagsOf, mayStillBe } from '../closes/flags'
import { leadOf } from '../closes/close-facts'
import { pendingCloses } from '../closes/closes'
import type { Flag, CloseState } from '../closes/state'
import type { ReportedCoverage } from './coverage'
import type { Attributes, Draft } from './record'
import { attributesOf } from './record'

/** What was reported last: stored together with the records that reported it. */
export interface Reported {
  /** The flags that are up, by the ids of their closes. */
  readonly flags: Readonly<Record<string, ReportedFlag>>
  /** The status of each recovery, by the id of its close. */
  readonly recoveries: Readonly<Record<string, string>>
  /** The policy's values that are not in force. */
  readonly problems: readonly string[]
  readonly coverage: ReportedCoverage | null
}

interface ReportedFlag {
  readonly since: number
  readonly instance: string
  readonly username: string
}

export const NOTHING_REPORTED: Reported = { flags: {}, recoveries: {}, problems: [], coverage: null }

export interface Changes {
  readonly reported: Reported
  readonly drafts: readonly Draft[]
}

/** The records that report the current state, after what was reported before. */
export function changesOf(
  reported: Reported,
  state: CloseState,
  problems: readonly SourcedProblem[],
  now: number,
): Changes {
  const flags = flagRecords(reported.flags, flagsOf(state), now)
  const recoveries = recoveryRecords(reported.recoveries, state, now)
  const policy = problemRecords(reported.problems, problems, now)
  return {
    reported: { ...reported, flags: flags.reported, recoveries: recoveries.reported, problems: policy.reported },
    drafts: [...flags.drafts, ...recoveries.drafts, ...policy.drafts],
  }
}

function flagRecords(reported: Reported['flags'], flags: readonly Flag[], now: number) {
  const raised = flags.filter(({ closeId }) => !Object.hasOwn(reported, closeId))
  const cleared = Object.entries(reported).filter(([closeId]) => !flags.some((flag) => flag.closeId === closeId))
  return {
    reported: Object.fromEntries(
      flags.map(({ closeId, since, instance, username }) => [closeId, { since, instance, username }] as const),
    ),
    drafts: [
      ...raised.map((flag) => raisedRecord(flag, now)),
      ...cleared.map(([closeId, flag]) => clearedRecord(closeId, flag, now)),
    ],
  }
}

function raisedRecord({ closeId, instance, username, why, cause, outcome, since, ...flag }: Flag, now: number): Draft {
  return {
    id: `flag/${closeId}/raised/${now}`,
    at: now,
    event: 'ccp_signoff.flag.raised',
    severity: flag.isObserved ? 'INFO' : 'ERROR',
    body: `May be left ${mayStillBe(flag).name || 'Available'} since ${new Date(since).toISOString()}`,
    attributes: attributesOf({
      'server.address': instance,
      'ccp_signoff.close.id': closeId,
      'ccp_signoff.close.cause': cause,
      'ccp_signoff.close.outcome': outcome,
      'ccp_signoff.close.state_before': flag.stateBefore.name,
      'ccp_signoff.close.state_before.type': flag.stateBefore.type,
      'ccp_signoff.close.target': flag.target,
      'ccp_signoff.flag.why': why,
      'ccp_signoff.flag.observed': flag.isObserved,
      ...sinceOf(since, now),
    }),
    about: { instance, username },
    isUrgent: !flag.isObserved,
  }
}

function clearedRecord(closeId: string, { since, instance, username }: ReportedFlag, now: number): Draft {
  return {
    id: `flag/${closeId}/cleared/${now}`,
    at: now,
    event: 'ccp_signoff.flag.cleared',
    severity: 'INFO',
    body: 'The flag is down: they are Offline, back, or somebody has dismissed it',
    attributes: attributesOf({
      'server.address': instance,
      'ccp_signoff.close.id': closeId,
      ...sinceOf(since, now),
    }),
    about: { instance, username },
    isUrgent: true,
  }
}

function sinceOf(since: number, now: number): Attributes {
  return {
    'ccp_signoff.flag.since': new Date(since).toISOString(),
    'ccp_signoff.flag.duration_ms': Math.round(Math.max(0, now - since)),
  }
}

function recoveryRecords(reported: Reported['recoveries'], state: CloseState, now: number) {
  const current = pendingCloses(state).flatMap((close) => {
    const { recovery } = close
    return recovery === null ? [] : [{ closeId: close.id, status: recovery.status, instance: leadOf(close).instance }]
  })
  const changed = current.filter(({ closeId, status }) => reported[closeId] !== status)
  const gone = Object.entries(reported).filter(
    ([closeId, status]) => status !== 'over' && !current.some((each) => each.closeId === closeId),
  )
  const record = (closeId: string, status: string, instance: string | null): Draft => ({
    id: `recovery/${closeId}/${status}`,
    at: now,
    event: 'ccp_signoff.recovery',
    severity: 'INFO',
    body: `Recovery CCP: ${status}`,
    attributes: attributesOf({
      'server.address': instance,
      'ccp_signoff.close.id': closeId,
      'ccp_signoff.recovery.status': status,
    }),
    about: null,
    isUrgent: false,
  })
  return {
    reported: Object.fromEntries(current.map(({ closeId, status }) => [closeId, status] as const)),
    drafts: [
      ...changed.map(({ closeId, status, instance }) => record(closeId, status, instance)),
      ...gone.map(([closeId]) => record(closeId, 'over', null)),
    ],
  }
}

function problemRecords(reported: readonly string[], problems: readonly SourcedProblem[], now: number) {
  const named = problems.map((problem) => ({ problem, name: `${problem.source}/${problem.key}/${nameOf(problem)}` }))
  const fresh = named.filter(({ name }) => !reported.includes(name))
  return {
    reported: named.map(({ name }) => name),
    drafts: fresh.map(({ problem: { source, key, allowed } }): Draft => ({
      id: `policy/${source}/${key}/${now}`,
      at: now,
      event: 'ccp_signoff.policy.problem',
      severity: 'WARN',
      body: `${key} has a value that is not in force`,
      attributes: attributesOf({
        'ccp_signoff.policy.source': source,
        'ccp_signoff.policy.key': key,
        'ccp_signoff.policy.allowed': allowed ?? 'no such setting',
      }),
      about: null,
      isUrgent: false,
    })),
  }
}

/** Distinguishes two wrong values without storing either: a value may be a secret in the wrong place. */
function nameOf({ value }: SourcedProblem): number {
  const text = JSON.stringify([value])
  let hash = 0
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0
  return hash
}
