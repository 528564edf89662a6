import { findSame, readAgent } from '../../../src/page/read-agent'
import { readyStreams, versionOf } from '../../../src/page/streams'
import type { InsecureAgent } from '../../../src/page/streams'

const OLD_STATES = [
  { agentStateARN: 'arn:1', type: 'routable', name: 'Available' },
  { agentStateARN: 'arn:2', type: 'offline', name: 'Feierabend' },
  { agentStateARN: 'arn:3', type: 'not_routable', name: 'Offline' },
]

function agent(changes: Partial<Record<keyof InsecureAgent, unknown>> = {}): InsecureAgent {
  const parts = {
    getState: { ...OLD_STATES[0], startTimestamp: new Date('2026-01-05T08:00:00Z') },
    getAgentStates: OLD_STATES,
    getConfiguration: { username: 'ada', name: 'Ada L.', routingProfile: { name: 'Basic' } },
    getContacts: [],
    ...changes,
  }
  const getters = Object.entries(parts).map(([name, value]) => [name, () => value] as const)
  return Object.fromEntries(getters) as unknown as InsecureAgent
}

test('an agent of Streams 1.4.5 is read: plain states, a Date, a state of type offline with any name', () => {
  expect(readAgent(agent())).toEqual({
    username: 'ada',
    name: 'Ada L.',
    routingProfile: 'Basic',
    routingProfileArn: null,
    state: { name: 'Available', type: 'routable', arn: 'arn:1', startTimestamp: Date.UTC(2026, 0, 5, 8) },
    offlineState: { name: 'Feierabend', type: 'offline', arn: 'arn:2', startTimestamp: null },
    contacts: [],
    softphone: null,
  })
})

test('an agent of Streams 2 is read: contacts with getters, an upper-case type, unknown extras', () => {
  const contact = { getType: () => 'chat', getStatus: () => ({ type: 'CONNECTED', timestamp: new Date() }), getX: 1 }
  const state = {
    name: 'On chat',
    type: 'ROUTABLE',
    agentStateARN: 'arn:1',
    startTimestamp: '2026-01-05T08:00:00.000Z',
  }
  const read = readAgent(agent({ getState: state, getContacts: [contact] }))
  expect(read.contacts).toEqual([{ channel: 'chat', state: 'connected' }])
  expect(read.state).toEqual({
    name: 'On chat',
    type: 'routable',
    arn: 'arn:1',
    startTimestamp: Date.UTC(2026, 0, 5, 8),
  })
})

test.each([
  ['a Date', new Date(5_000), 5_000],
  ['ISO text', '1970-01-01T00:00:05Z', 5_000],
  ['a number', 5_000, 5_000],
  ['nonsense', 'yesterday', null],
  ['an invalid Date', new Date(NaN), null],
  ['a time before all time', -1, null],
  ['nothing', undefined, null],
  ['an object', {}, null],
])('the timestamp of a state may be %s', (_what, startTimestamp, ms) => {
  expect(readAgent(agent({ getState: { ...OLD_STATES[0], startTimestamp } })).state.startTimestamp).toBe(ms)
})

test.each([undefined, null, 7, 'text', [], {}])('pieces that are %p count as missing, and break nothing', (piece) => {
  const missing = { getState: piece, getAgentStates: piece, getConfiguration: piece, getContacts: piece }
  expect(readAgent(agent(missing))).toEqual({
    username: '',
    name: '',
    routingProfile: null,
    routingProfileArn: null,
    state: { name: '', type: 'unknown', arn: null, startTimestamp: null },
    offlineState: null,
    contacts: [],
    softphone: null,
  })
})

test('the chosen and the enqueued state are read where Streams has them', () => {
  const read = readAgent(
    agent({
      getState: { name: 'Busy', type: 'system' },
      getAvailabilityState: { state: 'Available', timeStamp: new Date() },
      getNextState: OLD_STATES[1],
    }),
  )
  expect(read.chosenState).toMatchObject({ arn: 'arn:1', type: 'routable' })
  expect(read.nextState).toMatchObject({ arn: 'arn:2', type: 'offline' })
  const none = readAgent(agent({ getAvailabilityState: { state: 'Busy' }, getNextState: undefined }))
  expect(Object.keys(none)).not.toEqual(expect.arrayContaining(['chosenState']))
  expect(Object.keys(none)).not.toEqual(expect.arrayContaining(['nextState']))
})

test('an unrecognized state type is unknown', () => {
  expect(readAgent(agent({ getState: { type: 'constructor' } })).state.type).toBe('unknown')
})

test('names are cut to the protocol’s limit, and contacts to 50', () => {
  const contacts = Array.from({ length: 80 }, () => ({}))
  const read = readAgent(agent({ getConfiguration: { username: 'a'.repeat(5_000) }, getContacts: contacts }))
  expect(read.username).toHaveLength(1_024)
  expect(read.contacts).toHaveLength(50)
})

test('the page’s own object of the state to set is found', () => {
  const { offlineState } = readAgent(agent())
  expect(findSame(agent(), offlineState)).toBe(OLD_STATES[1])
  expect(findSame(agent({ getAgentStates: [OLD_STATES[0]] }), offlineState)).toBeNull()
  expect(findSame(agent(), null)).toBeNull()
})

test.each([
  ['nothing', '', 'arn:2'],
  ['a name, ignoring case and spaces', ' offline ', 'arn:3'],
  ['an ARN', 'arn:3', 'arn:3'],
  ['a routable state', 'Available', 'arn:2'],
  ['a state that this agent does not have', 'Gone home', 'arn:2'],
])('the state that a close sets, where the settings name %s', (_what, wanted, arn) => {
  expect(readAgent(agent(), wanted).offlineState?.arn).toBe(arn)
})

test('the routing profile’s ARN is read from the configuration', () => {
  const routingProfile = { name: 'Basic', routingProfileARN: 'arn:aws:basic' }
  expect(readAgent(agent({ getConfiguration: { routingProfile } })).routingProfileArn).toBe('arn:aws:basic')
})

describe('the page’s Streams', () => {
  const bus = { subscribe: () => undefined }
  const streams = { agent: () => undefined, core: { getEventBus: () => bus } }

  test('is ready once its event bus exists, under either global name', () => {
    expect(readyStreams({ connect: streams })).toBe(streams)
    expect(readyStreams({ lily: streams })).toBe(streams)
    expect(readyStreams({ connect: { ...streams, core: { getEventBus: () => null } } })).toBeNull()
  })

  test.each([
    undefined,
    null,
    {},
    { connect: 1 },
    { connect: {} },
    { connect: { agent: 1, core: {} } },
    { connect: { agent() {} } },
  ])('is not %p', (global) => {
    expect(readyStreams(global)).toBeNull()
  })

  test('reports its version, or null', () => {
    expect(versionOf({ ...streams, version: '2.28.2' })).toBe('2.28.2')
    expect(versionOf({ ...streams, version: 3 })).toBeNull()
    expect(versionOf(streams)).toBeNull()
  })
})
