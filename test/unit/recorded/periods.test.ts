/** What two recorded snapshots say of each other: of one stay in Available, and of different ones. */
import type { AgentState } from '../../../src/domain/agent'
import { hasMoved } from '../../../src/domain/closes/has-moved'
import { offlineEvidence } from '../../../src/domain/evidence'
import { exposureUntil } from '../../../src/domain/exposure'
import { comparePeriods, COUNTING_MS, ROUNDING_MS } from '../../../src/domain/state-period'
import { without } from '../../../src/domain/without'
import type { RecordedName } from '../../recorded/snapshots'
import { factsOf, IN_AVAILABLE, recordedAs, toMs } from './recorded'

const stateOf = (what: RecordedName): AgentState => factsOf(what).state
const withoutAvailability = (state: AgentState): AgentState => without(state, 'availability')

const PAIRS = IN_AVAILABLE.flatMap((a) => IN_AVAILABLE.map((b) => [a, b] as const))

it.each(PAIRS)('one stay in Available is recognized: %s, %s', (one, other) => {
  const [a, b] = [stateOf(one), stateOf(other)]
  expect(comparePeriods(a, b)).toBe('same')
  expect(comparePeriods(withoutAvailability(a), withoutAvailability(b))).toBe('same')
})

it.each<[RecordedName, RecordedName]>([
  ['a chat rings', 'Offline, 2023'],
  ['a queued callback rings', 'Offline, 2023'],
  ['Offline, 2023', 'Offline, 2025'],
])('two stays are distinguished: %s, %s', (one, other) => {
  const [a, b] = [stateOf(one), stateOf(other)]
  expect(comparePeriods(a, b)).toBe('other')
  expect(comparePeriods(withoutAvailability(a), withoutAvailability(b))).toBe('other')
})

it('a later Offline confirms a close from Available; an earlier one is stale', () => {
  const [available, offline] = [stateOf('a chat rings'), stateOf('Offline, 2023')]
  expect(offlineEvidence(available, offline)).toBe('confirmed')
  const laterClose = { ...available, startTimestamp: (offline.startTimestamp ?? 0) + 60_000 }
  expect(offlineEvidence(withoutAvailability(laterClose), withoutAvailability(offline))).toBe('stale')
})

it('the start of Available is that of the choice, also after calls', () => {
  const inOrder = ['a supervisor listens in', 'an outbound call', 'a queued callback is taken', 'a task rings'] as const
  const times = inOrder.map((what) => toMs(recordedAs(what).snapshotTimestamp))
  expect(times).toEqual([...times].sort((a, b) => a - b))
  for (const what of IN_AVAILABLE) {
    const { startTimestamp, availability } = stateOf(what)
    const late = (startTimestamp ?? NaN) - (availability?.since ?? NaN)
    expect(late).toBeGreaterThan(-ROUNDING_MS)
    expect(late).toBeLessThan(COUNTING_MS + ROUNDING_MS)
  }
})

describe('the exposure after a close', () => {
  // By this machine's clock, which the server's has nothing to do with.
  const [FROM, AT] = [5_000_000, 8_600_000]
  const until = (before: RecordedName, seen: RecordedName) =>
    exposureUntil(FROM, stateOf(before), { at: AT, state: stateOf(seen) })

  it('is exact where the agent is seen in the same stay in Available', () => {
    expect(until('a task rings', 'a chat rings')).toEqual({ from: FROM, until: AT, certainty: 'exact' })
  })

  it.each<RecordedName>(['a call rings, softphone', 'an outbound call'])(
    'is none where they are seen with the contact that they had: %s',
    (what) => {
      expect(until(what, what)).toEqual({ from: FROM, until: FROM, certainty: 'exact' })
    },
  )

  it.each<[string, RecordedName, RecordedName]>([
    ['another call', 'just before a contact', 'a call rings, softphone'],
    ['the end of a call', 'a call rings, desk phone', 'a supervisor listens in'],
    ['a call', 'a supervisor listens in', 'an outbound call'],
    ['a callback', 'a supervisor listens in', 'a queued callback rings'],
    ['perhaps another callback', 'a queued callback rings', 'a queued callback rings'],
    ['the answer to a callback', 'a queued callback rings', 'a queued callback is taken'],
    ['Offline', 'a chat rings', 'Offline, 2023'],
    ['another Offline', 'Offline, 2023', 'Offline, 2025'],
  ])('has an upper bound where %s came in between: %s, %s', (_what, before, seen) => {
    expect(until(before, seen)).toEqual({ from: FROM, until: AT, certainty: 'at_most' })
  })
})

describe('an agent who was flagged', () => {
  const isBack = (before: RecordedName, now: RecordedName): boolean => hasMoved(stateOf(before), factsOf(now))

  it.each<[RecordedName, RecordedName]>([
    ['a supervisor listens in', 'a task rings'],
    ['a supervisor listens in', 'a chat rings'],
    ['a task rings', 'a chat rings'],
    ['a supervisor listens in', 'a queued callback rings'],
    ['Offline, 2025', 'Offline, 2025'],
  ])('has not come back where a contact only rings in the same stay: %s, %s', (before, now) => {
    expect(isBack(before, now)).toBe(false)
  })

  it.each<[RecordedName, RecordedName]>([
    ['a chat rings', 'Offline, 2023'],
    ['a queued callback is taken', 'Offline, 2023'],
    ['Offline, 2023', 'Offline, 2025'],
  ])('has come back where they have chosen again: %s, %s', (before, now) => {
    expect(isBack(before, now)).toBe(true)
  })

  it('has come back where they have taken the contact', () => {
    const { contacts, state } = factsOf('a chat rings')
    const taken = contacts.map((contact) => ({ ...contact, state: 'connected' }))
    expect(taken).toHaveLength(1)
    expect(hasMoved(stateOf('a task rings'), { state, contacts: taken })).toBe(true)
  })
})
