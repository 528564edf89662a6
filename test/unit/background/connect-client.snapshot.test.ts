/** What the background reads from a snapshot of the instance's API. */
import { ConnectClient } from '../../../src/background/connect-client'
import type { Snapshot } from '../../../src/domain/judge-snapshot'
import { INSTANCE } from '../domain/build'

const SINCE = Date.parse('2026-01-05T08:00:00.250Z')

async function read(snapshot: unknown): Promise<Snapshot> {
  const answers = [{ accessToken: 'the-token' }, { snapshot, nextToken: 'x' }]
  const headers = { 'Content-Type': 'application/x-amz-json-1.0' }
  jest.spyOn(globalThis, 'fetch').mockImplementation(() => {
    return Promise.resolve(new Response(JSON.stringify(answers.shift()), { status: 200, headers }))
  })
  const client = await ConnectClient.signedIn(`https://${INSTANCE}/ccp-v2/`)
  return client.snapshot(null, [])
}
const wire = (startTimestamp: unknown) => ({
  name: 'Mittag',
  type: 'routable',
  agentStateARN: 'arn:1',
  startTimestamp,
})

test.each([
  ['seconds with fractions', SINCE / 1000],
  ['ISO text', new Date(SINCE).toISOString()],
  ['ISO text of another zone', '2026-01-05T10:00:00.250+02:00'],
])('has its time from %s', async (_what, startTimestamp) => {
  const { state: now } = await read({ state: wire(startTimestamp), contacts: [] })
  expect(now).toEqual({ name: 'Mittag', type: 'routable', arn: 'arn:1', startTimestamp: SINCE })
})

test.each([undefined, null])('without a time and an ARN (%p) is read without them', async (nothing) => {
  const { state: now } = await read({
    state: { name: 'x', type: 'routable', agentStateARN: nothing, startTimestamp: nothing },
  })
  expect(now).toMatchObject({ arn: null, startTimestamp: null })
})

test.each(['yesterday', '', {}, true])('with %p as its time is not an answer', async (startTimestamp) => {
  await expect(read({ state: wire(startTimestamp) })).rejects.toHaveProperty('name', 'ValiError')
})

test.each([
  ['OFFLINE', 'offline'],
  ['Not_Routable', 'not_routable'],
  ['system', 'system'],
  // An unrecognized type counts as caused by a contact.
  ['holiday', 'error'],
  ['', 'error'],
])('maps the type %p to %s', async (type, expected) => {
  expect((await read({ state: { name: 'x', type } })).state.type).toBe(expected)
})

test('contains the contacts, with their states where it has them', async () => {
  const contacts = [{ state: { type: 'CONNECTED' } }, { state: {} }, {}, { contactId: '1', state: { type: 'ended' } }]
  expect((await read({ state: wire(1), contacts })).contacts.map((contact) => contact.state)).toEqual([
    'connected',
    '',
    '',
    'ended',
  ])
})

test.each([undefined, null])('with %p for its contacts is read as one without contacts', async (contacts) => {
  expect((await read({ state: wire(1), contacts })).contacts).toEqual([])
})

test.each<[string, object, object]>([
  ['id', { contactId: null, type: 'voice', state: { type: 'connected' } }, { channel: 'voice', state: 'connected' }],
  ['type', { contactId: '1', type: null, state: { type: 'ended' } }, { id: '1', channel: '', state: 'ended' }],
  ['state', { contactId: '1', type: 'chat', state: null }, { id: '1', channel: 'chat', state: '' }],
  ['state’s type', { contactId: '1', type: 'chat', state: { type: null } }, { id: '1', channel: 'chat', state: '' }],
])('with null for a contact’s %s has what else is said of the contact', async (_what, contact, expected) => {
  const { state, contacts } = await read({ state: wire(1), contacts: [contact] })
  expect(state.name).toBe('Mittag')
  expect(contacts).toEqual([expected])
})

test('contains each contact’s id and channel, and the enqueued state', async () => {
  const contacts = [{ contactId: 'c-1', type: 'voice', state: { type: 'ended' } }, { state: { type: 'missed' } }]
  const snapshot = await read({ state: wire(1), nextState: { name: 'Ende', type: 'offline' }, contacts })
  expect(snapshot.contacts).toEqual([
    { id: 'c-1', channel: 'voice', state: 'ended' },
    { channel: '', state: 'missed' },
  ])
  expect(snapshot.nextState).toMatchObject({ name: 'Ende', type: 'offline' })
})

test.each([undefined, null, 7, {}, { name: 1 }])(
  'with %p as the enqueued state is read without one',
  async (nextState) => {
    const snapshot = await read({ state: wire(1), nextState })
    expect(snapshot.state.name).toBe('Mittag')
    expect(snapshot.nextState).toBeUndefined()
  },
)
