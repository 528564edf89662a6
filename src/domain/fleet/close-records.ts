/** The records of log entries and their amendments. */
import type { Exposure } from '../exposure'
import type { Amendment, LogEntry } from '../log-entry'
import { needsAttention } from '../log-entry'
import type { Attributes, Draft, Severity } from './record'
import { attributesOf, wholeOf } from './record'

/** The record of an entry: under the entry's own id, however often it is sent. */
export function closeRecord(entry: LogEntry): Draft {
  const { id, at, instance, username, outcome, evidence, reason, cause, event, error, stateBefore } = entry
  return {
    id,
    at,
    event: 'ccp_signoff.close',
    severity: severityOf(entry),
    body: `${cause}: ${outcome}${reason === null ? '' : ` (${reason})`}`,
    attributes: attributesOf({
      'server.address': instance,
      'ccp_signoff.close.id': id,
      'ccp_signoff.close.outcome': outcome,
      'ccp_signoff.close.evidence': evidence,
      'ccp_signoff.close.reason': reason,
      'ccp_signoff.close.cause': cause,
      'ccp_signoff.close.trigger': event,
      'ccp_signoff.close.needs_attention': needsAttention(entry),
      'ccp_signoff.close.would': entry.would,
      'ccp_signoff.close.duration_ms': wholeOf(entry.tookMs),
      'ccp_signoff.close.state_before': stateBefore.name,
      'ccp_signoff.close.state_before.type': stateBefore.type,
      'ccp_signoff.close.target': entry.target,
      'ccp_signoff.agent.routing_profile': entry.routingProfile,
      ...exposureOf(entry.exposure),
      'ccp_signoff.ccp.surface': entry.surface,
      'ccp_signoff.ccp.framed': entry.framed,
      'ccp_signoff.ccp.streams_version': entry.streamsVersion,
      'exception.type': error?.type,
      'exception.message': error?.message,
    }),
    about: { instance, username },
    isUrgent: needsAttention(entry),
  }
}

/** The record of what became known later. It names the close, and no person. */
export function amendmentRecord({ id, exposure, step }: Amendment): Draft {
  return {
    id: `${id}/${step.event}/${step.at}`,
    at: step.at,
    event: 'ccp_signoff.close.amended',
    severity: 'INFO',
    body: `${step.event} after the close`,
    attributes: attributesOf({
      'ccp_signoff.close.id': id,
      'ccp_signoff.close.amendment': step.event,
      ...exposureOf(exposure),
    }),
    about: null,
    isUrgent: false,
  }
}

function severityOf(entry: LogEntry): Severity {
  if (entry.outcome === 'unprotected') return 'WARN'
  if (!needsAttention(entry)) return 'INFO'
  return entry.outcome === 'unconfirmed' ? 'WARN' : 'ERROR'
}

/** For how long the agent was Available with nobody there; without a duration while it is not known. */
function exposureOf(exposure: Exposure | null): Attributes {
  if (exposure === null) return {}
  const { from, until, certainty } = exposure
  return attributesOf({
    'ccp_signoff.exposure.certainty': certainty,
    'ccp_signoff.exposure.duration_ms': until === null ? null : wholeOf(until - from),
  })
}
