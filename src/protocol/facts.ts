/** The shapes of what the worlds report to each other about agents and closes, checked wherever they cross a border. */
import * as v from 'valibot'
import type { AgentFacts } from '../domain/agent'
import type { PageCapabilities } from '../domain/capabilities'
import { mayBeTarget } from '../domain/close-rules'
import type { CallError, CloseResult, ClosingReport } from '../domain/close-report'
import { OFFLINE_WHILE_OPEN } from '../domain/close-report'
import type { RecoveryFinding } from '../domain/recovery-order'
import { agentStateSchema, contactsSchema, id, text, timestamp } from './shapes'
import type { UnprotectedReason } from '../domain/reasons'

/** No bridge requests a state that takes contacts, and no close may set one. */
const targetSchema = v.pipe(agentStateSchema, v.check(mayBeTarget))

export const agentFactsSchema: v.GenericSchema<unknown, AgentFacts> = v.strictObject({
  username: text,
  name: text,
  routingProfile: v.nullable(text),
  routingProfileArn: v.nullable(text),
  state: agentStateSchema,
  offlineState: v.nullable(targetSchema),
  contacts: contactsSchema,
  chosenState: v.exactOptional(agentStateSchema),
  nextState: v.exactOptional(agentStateSchema),
  softphone: v.nullable(v.boolean()),
})

export const closingReportSchema: v.GenericSchema<unknown, ClosingReport> = v.strictObject({
  closeId: id,
  event: v.picklist(['beforeunload', 'pagehide', 'logout', 'try_again', ...OFFLINE_WHILE_OPEN]),
  did: v.variant('action', [
    v.strictObject({
      action: v.literal('attempted'),
      target: targetSchema,
      direct: v.nullable(v.picklist(['sync', 'keepalive'])),
      mayQueue: v.boolean(),
      connection: v.exactOptional(v.literal('cold')),
    }),
    v.strictObject({
      action: v.literal('left'),
      reason: v.picklist(['reload', 'other_ccp', 'contact_first']),
    }),
    v.strictObject({
      action: v.literal('none'),
      reason: v.picklist([
        'not_routable',
        'state_excluded',
        'mode_observe',
        'mode_off',
        'instance_excluded',
        'surface_excluded',
        'routing_profile_excluded',
        'desk_phone',
        'contact_kept',
      ]),
      would: v.exactOptional(
        v.picklist(['set_offline', 'reload', 'other_ccp', 'contact_first', 'no_offline_state', 'not_configured']),
      ),
    }),
    v.strictObject({ action: v.literal('cannot'), reason: v.picklist(['no_offline_state', 'not_configured']) }),
  ]),
  stateBefore: agentStateSchema,
  hint: v.nullable(v.picklist(['logout', 'terminated', 'reload', 'navigation'])),
})

const callErrorSchema: v.GenericSchema<unknown, CallError> = v.strictObject({ type: text, message: text })

export const closeResultSchema: v.GenericSchema<unknown, CloseResult> = v.variant('ok', [
  v.strictObject({ ok: v.literal(true) }),
  v.strictObject({ ok: v.literal(false), error: callErrorSchema }),
])

export const recoveryFindingSchema: v.GenericSchema<unknown, RecoveryFinding> = v.variant('kind', [
  v.strictObject({ kind: v.literal('offline'), by: v.picklist(['seen', 'set']) }),
  v.strictObject({ kind: v.literal('accepted') }),
  v.strictObject({ kind: v.literal('failed'), error: callErrorSchema }),
  v.strictObject({
    kind: v.literal('ended'),
    reason: v.picklist(['other_agent', 'contact', 'state_changed', 'superseded', 'no_offline_state']),
  }),
])

export const unprotectedReasonSchema: v.GenericSchema<unknown, UnprotectedReason> = v.picklist([
  'no_connect',
  'no_agent',
  'streams_hidden',
  'no_bridge',
])

/** The version that the page's Streams gives; 1.4.5 gives none. */
export const streamsVersionSchema = v.nullable(v.pipe(v.string(), v.maxLength(32)))

export const pageCapabilitiesSchema: v.GenericSchema<unknown, PageCapabilities> = v.strictObject({
  direct: v.strictObject({
    status: v.picklist(['untried', 'works', 'failed', 'no_token', 'expired', 'forbidden']),
    roundTripMs: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
    at: v.nullable(timestamp),
  }),
  deadMansSwitch: v.picklist(['armed', 'ready', 'unsupported', 'refused', 'forbidden']),
  hiddenStreams: v.exactOptional(v.strictObject({ requestsPerHour: v.pipe(v.number(), v.integer(), v.minValue(0)) })),
})
