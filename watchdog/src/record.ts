/** The reports of a case: a record of the fleet's dictionary (docs/fleet.md), with metrics, and a notice for people. */
import type { NoticeKind } from './decide/notice'
import type { Case } from './decide/rows'

/** How long an agent stood ready with nobody there, in ms. */
export interface CaseExposure {
  /** Agents whose last heartbeat came at the beginning, and whose next was due an interval later. */
  readonly atLeastMs: number
  readonly atMostMs: number
}

/** @param now when it ended, or as yet, in ms since the epoch. */
export function exposureOf({ since, intervalMs, reason, firstPutAt }: Case, now: number): CaseExposure {
  const until = firstPutAt ?? now
  const alive = reason === 'silent' ? intervalMs : 0
  return { atLeastMs: Math.max(0, until - since - alive), atMostMs: Math.max(0, until - since) }
}

const SENTENCES: Readonly<Record<NoticeKind, string>> = {
  set_offline: 'was set Offline by the watchdog, and Connect shows it',
  unconfirmed: 'was to be set Offline, and Connect was not seen to show it',
  refused: 'could not be set Offline: Connect refused, or does not know the agent',
  not_needed: 'does not take contacts',
  state_changed: 'has changed status since: somebody may be there, and nothing was set',
  back: 'was heard of again',
  observed: 'would have been set Offline: the watchdog only observes',
  out_of_scope: 'was not opted in',
  not_confirmed: 'was set Offline, and Connect does not show it yet: it is set again',
  contact: 'has had a contact for half an hour, with nobody there: the contact is waited for',
  unknown: 'may be left Available: Connect does not list the agent, or gives no answer',
  ingest: 'may be left Available: heartbeats were lost, and two fresh intervals are waited for',
}

/** A sentence for people. */
export function sentenceOf(found: Case, kind: NoticeKind): string {
  const why = found.reason === 'silent' ? 'no machine of theirs heard of' : 'a close flagged'
  return `${found.agent.slice(2)} ${SENTENCES[kind]} (${why} since ${new Date(found.since).toISOString()})`
}

const CONCERNS: ReadonlySet<string> = new Set(['set_offline', 'back', 'not_needed', 'out_of_scope', 'observed'])

/** The record: one line of JSON, which CloudWatch takes metrics from (the embedded metric format). */
export function recordOf(found: Case, kind: NoticeKind | null, instance: string, now: number): object {
  const what = found.outcome ?? kind ?? null
  const exposure = exposureOf(found, now)
  const identity = found.agent.startsWith('h:') ? 'user.hash' : 'user.name'
  const isSet = found.outcome === 'set_offline'
  return {
    ...(found.outcome !== null && {
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [
          {
            Namespace: 'CcpSignoff/Watchdog',
            Dimensions: [['Outcome']],
            Metrics: [
              { Name: 'Cases', Unit: 'Count' },
              ...(isSet ? [{ Name: 'SecondsToOffline', Unit: 'Seconds' }] : []),
            ],
          },
        ],
      },
      Outcome: found.outcome,
      Cases: 1,
      ...(isSet && { SecondsToOffline: Math.round(exposure.atMostMs / 1_000) }),
    }),
    Timestamp: now,
    SeverityText: what !== null && !CONCERNS.has(what) ? 'ERROR' : what === 'set_offline' ? 'WARN' : 'INFO',
    EventName: 'ccp_signoff.watchdog',
    Body: what === null ? `${found.agent.slice(2)} is waited for: ${found.waiting}` : sentenceOf(found, what),
    attributes: attributesOf(found, instance, identity, exposure),
  }
}

function attributesOf(found: Case, instance: string, identity: string, exposure: CaseExposure): object {
  return {
    'log.record.uid': `watchdog/${found.id}/${found.outcome ?? found.waiting}`,
    'event.name': 'ccp_signoff.watchdog',
    [identity]: found.agent.slice(2),
    'server.address': instance,
    'ccp_signoff.watchdog.reason': found.reason,
    'ccp_signoff.watchdog.outcome': found.outcome ?? '',
    'ccp_signoff.watchdog.waiting': found.outcome === null ? found.waiting : '',
    'ccp_signoff.watchdog.since': new Date(found.since).toISOString(),
    'ccp_signoff.watchdog.puts': found.puts,
    'ccp_signoff.watchdog.site': found.site,
    'ccp_signoff.exposure.at_least_ms': exposure.atLeastMs,
    'ccp_signoff.exposure.at_most_ms': exposure.atMostMs,
  }
}
