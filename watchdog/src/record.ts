/** Reports of a case: a record as docs/fleet.md describes it, with metrics, and a sentence for people. */
import type { NoticeKind } from './decide/notice'
import type { Case } from './decide/rows'

/** How long an agent was Available with nobody there, in ms. */
export interface CaseExposure {
  /** A silent agent may have been there until just before the next heartbeat was due, an interval after the last. */
  readonly atLeastMs: number
  readonly atMostMs: number
}

/** The exposure of a case until Offline was first set, or until now. @param now in ms since the epoch */
export function exposureOf({ since, intervalMs, reason, firstPutAt }: Case, now: number): CaseExposure {
  const until = firstPutAt ?? now
  const alive = reason === 'silent' ? intervalMs : 0
  return { atLeastMs: Math.max(0, until - since - alive), atMostMs: Math.max(0, until - since) }
}

const SENTENCES: Readonly<Record<NoticeKind, string>> = {
  set_offline: 'was set Offline by the watchdog, and Connect shows it',
  unconfirmed: 'was to be set Offline, but Connect never showed it',
  refused: 'could not be set Offline: Connect refused, or does not know the agent',
  not_needed: 'does not take contacts',
  state_changed: 'has changed status since then: somebody may be there, and nothing was set',
  back: 'sends heartbeats again',
  observed: 'would have been set Offline: the watchdog only observes',
  out_of_scope: 'is not opted in',
  not_confirmed: 'was set Offline, but Connect does not show it yet: the watchdog sets it again',
  contact: 'has had a contact for half an hour, with nobody there: the watchdog waits until it ends',
  unknown: 'may still be Available: Connect does not list the agent, or gives no answer',
  ingest: 'may still be Available: heartbeats were lost, and the watchdog waits for two whole intervals',
}

/** A sentence for people about a case. */
export function sentenceOf(found: Case, kind: NoticeKind): string {
  const why = found.reason === 'silent' ? 'no heartbeat' : 'close flagged'
  return `${found.agent.slice(2)} ${SENTENCES[kind]} (${why} since ${new Date(found.since).toISOString()})`
}

const CONCERNS: ReadonlySet<string> = new Set(['set_offline', 'back', 'not_needed', 'out_of_scope', 'observed'])

/**
 * The record of a case, from which CloudWatch extracts metrics
 * (embedded metric format). To be logged as one line of JSON.
 */
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
    Body: what === null ? `${found.agent.slice(2)}: waiting (${found.waiting})` : sentenceOf(found, what),
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
