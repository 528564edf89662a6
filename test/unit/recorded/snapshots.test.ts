import * as v from 'valibot'
import type { AgentState } from '../../../src/domain/agent'
import { decideClose } from '../../../src/domain/decide-close'
import { offlineEvidence } from '../../../src/domain/evidence'
import { comparePeriods, ROUNDING_MS } from '../../../src/domain/state-period'
import { milliseconds, readAgent } from '../../../src/page/read-agent'
import type { InsecureAgent } from '../../../src/page/streams'
import { snapshotAnswer } from '../../../src/protocol/connect-answers'
import { answerOf, RECORDED_SNAPSHOTS, type RecordedSnapshot } from '../../recorded/snapshots'
import { RULES } from '../domain/build'

const CASES = RECORDED_SNAPSHOTS.map((recorded) => [recorded.what, recorded] as const)

/** The AWS SDK in Streams returns times as dates. */
const date = (time: number | string): Date => new Date(typeof time === 'number' ? time * 1000 : time)
const toMs = (time: number | string): number => date(time).getTime()

/** The agent as Streams gives it to the page with such a snapshot. */
function streamsAgent(recorded: RecordedSnapshot): InsecureAgent {
  const { snapshot } = answerOf(recorded)
  const listed = (name: string, type: string) => ({ name, type, agentStateARN: `arn:${name}`, startTimestamp: null })
  return {
    getState: () => ({ ...snapshot.state, startTimestamp: date(snapshot.state.startTimestamp) }),
    getAgentStates: () => [
      listed('Available', 'routable'),
      listed('Break', 'not_routable'),
      listed('Offline', 'offline'),
    ],
    getConfiguration: () => ({ username: 'ada', name: 'Ada', extension: '', softphoneEnabled: true }),
    getContacts: () => snapshot.contacts.map(({ type, state }) => ({ getType: () => type, getStatus: () => state })),
    getAvailabilityState: () => ({
      state: snapshot.agentAvailabilityState.state,
      timeStamp: date(snapshot.agentAvailabilityState.timeStamp),
    }),
    getNextState: () => null,
    onRefresh: () => undefined,
    setState: () => undefined,
  }
}

it.each(CASES)('counts whole seconds: %s', (_what, { state, snapshotTimestamp }) => {
  const inState = toMs(snapshotTimestamp) - toMs(state.startTimestamp)
  expect(Math.abs(inState - Math.round(inState / 1000) * 1000)).toBeLessThan(ROUNDING_MS)
})

it.each(CASES)('is read by the answers’ schema: %s', (_what, recorded) => {
  const { snapshot } = v.parse(snapshotAnswer, answerOf(recorded))
  expect(snapshot.state).toMatchObject({ name: recorded.state.name, type: recorded.state.type })
  expect(snapshot.state.startTimestamp).toBeCloseTo(toMs(recorded.state.startTimestamp), -1)
  expect((snapshot.contacts ?? []).map(({ type, state }) => [type, state?.type])).toEqual(
    recorded.contact === null ? [] : [[recorded.contact.channel, recorded.contact.state]],
  )
})

it.each(CASES)('is read by the page’s reader: %s', (_what, recorded) => {
  const facts = readAgent(streamsAgent(recorded))
  // A state that differs from the availability is caused by a contact, whatever its type.
  const type = recorded.state.name === 'Pending' ? 'system' : recorded.state.type
  expect(facts.state).toMatchObject({ name: recorded.state.name, type })
  expect(facts.state.startTimestamp).toBe(milliseconds(date(recorded.state.startTimestamp)))
  expect(facts.offlineState?.name).toBe('Offline')
  expect(facts.contacts.map(({ channel, state }) => [channel, state])).toEqual(
    recorded.contact === null ? [] : [[recorded.contact.channel, recorded.contact.state]],
  )
})

describe('state periods', () => {
  const stateOf = (what: string): AgentState => {
    const recorded = RECORDED_SNAPSHOTS.find((each) => each.what === what)
    if (recorded === undefined) throw new Error(what)
    const { availability, state } = recorded
    return {
      name: state.name,
      type: state.type as AgentState['type'],
      arn: null,
      startTimestamp: toMs(state.startTimestamp),
      availability: { name: availability.state, since: toMs(availability.timeStamp) },
    }
  }
  const without = ({ name, type, arn, startTimestamp }: AgentState): AgentState => ({ name, type, arn, startTimestamp })
  const STAY = ['a supervisor listens in', 'a chat rings', 'a task rings']

  it('one period in Available is recognized in each of its snapshots', () => {
    const looks = STAY.map(stateOf)
    for (const a of looks) {
      for (const b of looks) {
        expect(comparePeriods(a, b)).toBe('same')
        expect(comparePeriods(without(a), without(b))).toBe('same')
      }
    }
  })

  it('a later Offline confirms a close from Available; an earlier one is stale', () => {
    const [available, offline] = [stateOf('a chat rings'), stateOf('Offline, 2023')]
    expect(offlineEvidence(available, offline)).toBe('confirmed')
    const laterClose = { ...available, startTimestamp: (offline.startTimestamp ?? 0) + 60_000 }
    expect(offlineEvidence(without(laterClose), without(offline))).toBe('stale')
  })
})

/** The decision of a close for each: an agent with a contact is awaited, whatever the state is called. */
const DECISIONS: Readonly<Record<string, string>> = {
  'just before a contact': 'contact_first',
  'a call rings, softphone': 'contact_first',
  'a call rings, desk phone': 'contact_first',
  'a supervisor listens in': 'contact_first',
  'an outbound call': 'contact_first',
  'a queued callback rings': 'contact_first',
  'a queued callback is taken': 'contact_first',
  'a chat rings': 'contact_first',
  'a task rings': 'contact_first',
  'Offline, 2023': 'not_routable',
}

it.each(CASES.filter(([what]) => what in DECISIONS))('decides a close: %s', (what, recorded) => {
  const moment = { event: 'beforeunload', hint: null, otherCcps: 0, lastWindow: false } as const
  const decision = decideClose(readAgent(streamsAgent(recorded)), RULES, moment)
  expect('reason' in decision ? decision.reason : decision.action).toBe(DECISIONS[what])
})
