/**
 * Snapshots that were recorded on real Amazon Connect instances, as the tests of amazon-connect-streams hold them:
 * `test/unit/sample-snapshots.js` (2022), `test/cross-context-contracts/utils.js` (2023), `test/unit/log.spec.js` (2025).
 * Times are seconds since 1970, or ISO text in the last. Facts, not examples: nothing here is to be changed.
 */

/** A contact as it was recorded: many of its fields are null. */
interface RecordedContact {
  readonly channel: string
  readonly state: string
  /** The connections' types and states. */
  readonly connections: Readonly<Record<string, string>>
}

export interface RecordedSnapshot {
  readonly what: string
  readonly availability: { readonly state: string; readonly timeStamp: number | string }
  readonly state: {
    readonly name: string
    readonly type: string
    readonly hasArn: boolean
    readonly startTimestamp: number | string
  }
  readonly snapshotTimestamp: number | string
  readonly contact: RecordedContact | null
}

/** When the agent of 2022 chose Available. */
const AVAILABLE = { state: 'Available', timeStamp: 1646311432.223 }

const ringing = (channel: string, state: string): RecordedContact => ({
  channel,
  state,
  connections: channel === 'task' ? { agent: 'connecting' } : { agent: 'connecting', inbound: 'connected' },
})

const state = (name: string, type: string, startTimestamp: number | string): RecordedSnapshot['state'] => ({
  name,
  type,
  hasArn: type === 'offline',
  startTimestamp,
})

export const RECORDED_SNAPSHOTS = [
  {
    what: 'just before a contact',
    availability: AVAILABLE,
    state: state('PendingBusy', 'system', 1646368813.952),
    snapshotTimestamp: 1646368813.952,
    contact: null,
  },
  {
    what: 'a call rings, softphone',
    availability: AVAILABLE,
    state: state('PendingBusy', 'system', 1646369082.783),
    snapshotTimestamp: 1646369082.783,
    contact: ringing('voice', 'connecting'),
  },
  {
    what: 'a call rings, desk phone',
    availability: AVAILABLE,
    state: state('PendingBusy', 'system', 1646405876.49),
    snapshotTimestamp: 1646405876.49,
    contact: ringing('voice', 'connecting'),
  },
  {
    what: 'a supervisor listens in',
    availability: AVAILABLE,
    state: state('Available', 'routable', 1646311432.698),
    snapshotTimestamp: 1646406656.698,
    contact: { channel: 'voice', state: 'connected', connections: { monitoring: 'connected' } },
  },
  {
    what: 'an outbound call',
    availability: AVAILABLE,
    state: state('CallingCustomer', 'system', 1646407074.859),
    snapshotTimestamp: 1646407083.859,
    contact: { channel: 'voice', state: 'connecting', connections: { agent: 'connecting', outbound: 'connected' } },
  },
  {
    what: 'a queued callback rings',
    availability: AVAILABLE,
    state: state('Pending', 'not_routable', 1646311433.033),
    snapshotTimestamp: 1646433490.033,
    contact: ringing('queue_callback', 'incoming'),
  },
  {
    what: 'a queued callback is taken',
    availability: AVAILABLE,
    state: state('CallingCustomer', 'system', 1646433497.026),
    snapshotTimestamp: 1646433497.026,
    contact: ringing('queue_callback', 'connecting'),
  },
  {
    what: 'a chat rings',
    availability: AVAILABLE,
    state: state('Available', 'routable', 1646311433.065),
    snapshotTimestamp: 1646436970.065,
    contact: ringing('chat', 'connecting'),
  },
  {
    what: 'a task rings',
    availability: AVAILABLE,
    state: state('Available', 'routable', 1646311432.413),
    snapshotTimestamp: 1646436838.413,
    contact: ringing('task', 'connecting'),
  },
  {
    what: 'Offline, 2023',
    availability: { state: 'Offline', timeStamp: 1700500056.102 },
    state: state('Offline', 'offline', 1700500056.968),
    snapshotTimestamp: 1700537607.968,
    contact: null,
  },
  {
    what: 'Offline, 2025',
    // Its one contact is left out: it was made up for that test, without a type and a state.
    availability: { state: 'Offline', timeStamp: '2025-08-06T22:30:29.364Z' },
    state: state('Offline', 'offline', '2025-08-06T22:30:29.802Z'),
    snapshotTimestamp: '2025-08-06T23:58:58.802Z',
    contact: null,
  },
] as const satisfies readonly RecordedSnapshot[]

export type RecordedName = (typeof RECORDED_SNAPSHOTS)[number]['what']

/** The ARN of a state: made up, since the recorded ones were redacted. */
export const arnOf = (name: string): string => `arn:aws:connect:us-west-2:123456789012:instance/i/agent-state/${name}`

/** The recorded snapshot as the answer of `GetAgentSnapshot`, with its nulls. */
export function answerOf({ availability, state: of, snapshotTimestamp, contact }: RecordedSnapshot) {
  const { hasArn, ...rest } = of
  const timestamp = of.startTimestamp
  return {
    snapshot: {
      state: { ...rest, agentStateARN: hasArn ? arnOf(of.name) : null },
      nextState: null,
      agentAvailabilityState: availability,
      contacts: contact === null ? [] : [contactOf(contact, timestamp)],
      snapshotTimestamp,
    },
    nextToken: 'token',
  }
}

/** What is null in most recorded contacts. */
export const CONTACT_NULLS = {
  initialContactId: null,
  channelContext: null,
  description: null,
  initiationMethod: null,
  name: null,
  references: null,
} as const

function contactOf({ channel, state: type, connections }: RecordedContact, timestamp: number | string) {
  const isMonitoring = 'monitoring' in connections
  return {
    contactId: 'contact',
    type: channel,
    state: { type, timestamp },
    queue: isMonitoring ? null : { queueARN: 'arn:queue', name: 'BasicQueue' },
    queueTimestamp: isMonitoring ? null : timestamp,
    connections: Object.entries(connections).map(([kind, connection]) => ({
      connectionId: kind,
      endpoint: null,
      state: { type: connection, timestamp },
      type: kind,
      chatMediaInfo: null,
      monitoringInfo: null,
      mute: null,
      quickConnectName: null,
    })),
    attributes: {},
    ...CONTACT_NULLS,
  }
}
