/** Each recorded snapshot as the answer to the background, after a close in Available. */
import { ConnectClient } from '../../../src/background/connect-client'
import type { AgentState } from '../../../src/domain/agent'
import { targetIn } from '../../../src/domain/close-rules'
import type { AtClose, Snapshot, SnapshotVerdict } from '../../../src/domain/judge-snapshot'
import { judgeSnapshot } from '../../../src/domain/judge-snapshot'
import { answerOf, arnOf, type RecordedName, type RecordedSnapshot } from '../../recorded/snapshots'
import { INSTANCE } from '../domain/build'
import { CASES, IN_AVAILABLE, LISTED, recordedAs, toMs } from './recorded'

/** What the instance answers to each operation; none for the request of a token. */
const answersOf = (recorded: RecordedSnapshot): Readonly<Record<string, unknown>> => ({
  none: { accessToken: 'the-token' },
  GetAgentStates: { states: LISTED, nextToken: null },
  GetAgentSnapshot: answerOf(recorded),
})

/** Asks as the background does after a close. */
async function ask(what: RecordedName, contact = recordedAs(what).contact): Promise<Snapshot> {
  const answers = answersOf({ ...recordedAs(what), contact })
  jest.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    const operation = new Headers(init?.headers).get('X-Amz-Target')?.split('.')[1] ?? 'none'
    const headers = { 'Content-Type': 'application/x-amz-json-1.0' }
    return Promise.resolve(new Response(JSON.stringify(answers[operation]), { status: 200, headers }))
  })
  const client = await ConnectClient.signedIn(`https://${INSTANCE}/ccp-v2/`)
  const list = await client.states()
  return client.snapshot(targetIn(list, ''), list)
}

/** A close in Available, chosen at this time of the service's clock; the start is counted, and so a little later. */
function closedSince(since: number): AtClose {
  const state: AgentState = {
    name: 'Available',
    type: 'routable',
    arn: arnOf('Available'),
    startTimestamp: since + 731,
    availability: { name: 'Available', since },
  }
  return { state, contacts: [], sawContact: false, isAnswered: false }
}

const HOUR = 3_600_000
const chosenAt = (what: RecordedName): number => toMs(recordedAs(what).availability.timeStamp)
/** A close in the period that the agent of 2022 chose, in one that ended before it, and in one that began after all snapshots. */
const [IN_IT, BEFORE_IT] = [closedSince(chosenAt('a chat rings')), closedSince(chosenAt('a chat rings') - HOUR)]
const AFTER_ALL = closedSince(chosenAt('Offline, 2025') + HOUR)

it.each(CASES)('is read by the client: %s', async (what, recorded) => {
  const { state, contacts, nextState } = await ask(what)
  const { availability, state: shown, contact } = recorded
  expect(state.name).toBe(shown.name)
  // A state that differs from the availability is caused by a contact, whatever its type.
  expect(state.type).toBe(shown.name === 'Pending' ? 'system' : shown.type)
  expect(state.arn).toBe(shown.hasArn ? arnOf(shown.name) : null)
  expect(state.startTimestamp).toBeCloseTo(toMs(shown.startTimestamp), -1)
  expect(state.availability?.name).toBe(availability.state)
  expect(state.availability?.since).toBeCloseTo(toMs(availability.timeStamp), -1)
  expect(contacts.map(({ channel, state }) => [channel, state])).toEqual(
    contact === null ? [] : [[contact.channel, contact.state]],
  )
  expect(nextState).toBeUndefined()
})

/** A contact is waited for, whoever chose the state beneath it; so is the one that Connect's own state announces. */
const VERDICTS: Readonly<Record<RecordedName, SnapshotVerdict>> = {
  'just before a contact': 'contact',
  'a call rings, softphone': 'contact',
  'a call rings, desk phone': 'contact',
  'a supervisor listens in': 'contact',
  'an outbound call': 'contact',
  'a queued callback rings': 'contact',
  'a queued callback is taken': 'contact',
  'a chat rings': 'contact',
  'a task rings': 'contact',
  'Offline, 2023': 'offline',
  'Offline, 2025': 'offline',
}

it.each(CASES)('is judged after a close in the Available of 2022, or before it: %s', async (what) => {
  const snapshot = await ask(what)
  expect(judgeSnapshot(IN_IT, snapshot)).toBe(VERDICTS[what])
  expect(judgeSnapshot(BEFORE_IT, snapshot)).toBe(VERDICTS[what])
})

it.each(['Offline, 2023', 'Offline, 2025'] as const)('is stale after a later close: %s', async (what) => {
  expect(judgeSnapshot(AFTER_ALL, await ask(what))).toBe('stale')
  expect(judgeSnapshot(closedSince(chosenAt(what) + HOUR), await ask(what))).toBe('stale')
  expect(judgeSnapshot(closedSince(chosenAt(what) - HOUR), await ask(what))).toBe('offline')
})

describe('the same agent when the contact is gone', () => {
  const without = (what: RecordedName): Promise<Snapshot> => ask(what, null)
  const inState = (what: RecordedName, state: string): Promise<Snapshot> => {
    const { contact } = recordedAs(what)
    return ask(what, contact && { ...contact, state })
  }

  it.each(IN_AVAILABLE)('is set Offline only after a close in the period that is shown: %s', async (what) => {
    const snapshot = await without(what)
    expect(judgeSnapshot(IN_IT, snapshot)).toBe('set')
    expect(judgeSnapshot(BEFORE_IT, snapshot)).toBe('superseded')
    expect(judgeSnapshot(AFTER_ALL, snapshot)).toBe('stale')
  })

  it.each(IN_AVAILABLE.flatMap((a) => IN_AVAILABLE.map((b) => [a, b] as const)))(
    'is still in the period, though its start has moved: %s, %s',
    async (atClose, now) => {
      const { state } = await ask(atClose)
      expect(judgeSnapshot({ ...IN_IT, state }, await without(now))).toBe('set')
    },
  )

  it.each(IN_AVAILABLE)('has gone on elsewhere, where the contact was taken since the close: %s', async (what) => {
    expect(judgeSnapshot(IN_IT, await inState(what, 'ended'))).toBe('superseded')
  })

  it.each(IN_AVAILABLE)('keeps the work after a contact that they had at the close: %s', async (what) => {
    const { contacts } = await inState(what, 'connected')
    expect(judgeSnapshot({ ...IN_IT, contacts, sawContact: true }, await inState(what, 'ended'))).toBe('work')
  })

  it('is set Offline after a call that they had dialled at the close, and that was answered since', async () => {
    const { state, contacts } = await ask('an outbound call')
    const left = { ...IN_IT, state, contacts, sawContact: true }
    expect(judgeSnapshot(left, await inState('an outbound call', 'connected'))).toBe('contact')
    expect(judgeSnapshot(left, await inState('an outbound call', 'ended'))).toBe('work')
    // Shown beside the state that the agent returns to: taken elsewhere, had the agent not dialled it.
    const ended = contacts.map((contact) => ({ ...contact, state: 'ended' }))
    expect(judgeSnapshot(left, { ...(await without('a chat rings')), contacts: ended })).toBe('work')
    expect(judgeSnapshot(left, await without('a chat rings'))).toBe('set')
  })

  it.each(['a call rings, softphone', 'a call rings, desk phone', 'an outbound call'] as const)(
    'is awaited while Connect’s own state says that there is one: %s',
    async (what) => {
      expect(judgeSnapshot(IN_IT, await without(what))).toBe('contact')
    },
  )

  it('is set Offline where nobody took the callback, and its state is still shown', async () => {
    const snapshot = await inState('a queued callback rings', 'missed')
    expect(snapshot.state.type).toBe('error')
    expect(judgeSnapshot(IN_IT, snapshot)).toBe('set')
  })
})
