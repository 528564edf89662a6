import * as fc from 'fast-check'
import type { AgentState } from '../../../src/domain/agent'
import { isSameState } from '../../../src/domain/agent'
import {
  beganAfter,
  beganBefore,
  choiceBounds,
  comparePeriods,
  isSameSnapshot,
  isUninterrupted,
  isSamePeriod,
  mayBeSamePeriod,
} from '../../../src/domain/state-period'
import { PROPERTY_MS } from '../../property-time'
import { state } from './build'

jest.setTimeout(PROPERTY_MS)

const AVAILABLE: AgentState = { name: 'Available', type: 'routable', arn: null, startTimestamp: null }
/** When the agent of the recorded snapshots of 2022 chose Available, in ms. */
const CHOSEN_AT = 1_646_311_432_223

/** A look at that period as the service answers it: its own clock minus the whole seconds in the state. */
const look = (snapshotAt: number, chosenAt = CHOSEN_AT): AgentState => ({
  ...AVAILABLE,
  startTimestamp: snapshotAt - Math.floor((snapshotAt - chosenAt) / 1_000) * 1_000,
})
const told = (one: AgentState, since: number | null = CHOSEN_AT, name = 'Available'): AgentState => ({
  ...one,
  availability: { name, since },
})

describe('one period in Available, as recorded in 2022', () => {
  // live-evidence: a supervisor listens in, a chat rings, a task rings; an agent without contacts a day later.
  const starts = [1_646_311_432_698, 1_646_311_433_065, 1_646_311_432_413]
  const looks = starts.map((startTimestamp): AgentState => ({ ...AVAILABLE, startTimestamp }))

  it('is one period by the start times alone', () => {
    for (const a of looks) for (const b of looks) expect(comparePeriods(a, b)).toBe('same')
  })

  it('is one period by the availability, even under a state that a contact has put over it', () => {
    const ringing: AgentState = { name: 'PendingBusy', type: 'system', arn: null, startTimestamp: 1_646_369_082_783 }
    for (const a of looks) expect(comparePeriods(told(a), told(ringing))).toBe('same')
    for (const a of looks) expect(comparePeriods(a, ringing)).toBe('other')
  })
})

test('by the service’s own formula, any two looks at one period agree', () => {
  const moment = fc.integer({ min: 0, max: 100_000_000 })
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      expect(comparePeriods(look(CHOSEN_AT + a), look(CHOSEN_AT + b))).toBe('same')
    }),
  )
})

test('a period that began two seconds later is another, whenever both are looked at', () => {
  const moment = fc.integer({ min: 0, max: 100_000_000 })
  const later = fc.integer({ min: 2_006, max: 100_000_000 })
  fc.assert(
    fc.property(moment, moment, later, (a, b, ms) => {
      const earlier = look(CHOSEN_AT + a)
      const next = look(CHOSEN_AT + ms + b, CHOSEN_AT + ms)
      expect(comparePeriods(earlier, next)).toBe('other')
      expect(beganAfter(next, earlier)).toBe('after')
      expect(beganAfter(earlier, next)).toBe('before')
    }),
  )
})

test('the availability separates two periods that began within one second', () => {
  const [first, second] = [told(look(CHOSEN_AT + 5_000)), told(look(CHOSEN_AT + 5_400), CHOSEN_AT + 400)]
  expect(comparePeriods(first, second)).toBe('other')
  expect(comparePeriods(first, told(second, CHOSEN_AT, 'Lunch'))).toBe('other')
})

test('a stay in a contact’s state is one by its own start, and not by a start that is the choice’s', () => {
  const calling = (startTimestamp: number | null): AgentState =>
    told({ ...state('system'), name: 'CallingCustomer', startTimestamp })
  const [began, later] = [calling(CHOSEN_AT + 60_000), calling(CHOSEN_AT + 60_900)]
  expect(isUninterrupted(began, later)).toBe(true)
  expect(isUninterrupted(began, calling(CHOSEN_AT + 61_005))).toBe(false)
  expect(isUninterrupted(began, calling(null))).toBe(false)
  expect(isUninterrupted(began, told(look(CHOSEN_AT + 60_000)))).toBe(false)
  // As a queued callback's `Pending` was recorded: another callback would look the same.
  const pending = calling(CHOSEN_AT + 810)
  expect(isUninterrupted(pending, pending)).toBe(false)
  expect(isUninterrupted(told(look(CHOSEN_AT)), told(look(CHOSEN_AT)))).toBe(true)
})

test('if only one look has the availability, or it has no time, the state decides', () => {
  const [a, b] = [look(CHOSEN_AT + 5_000), look(CHOSEN_AT + 65_400)]
  expect(comparePeriods(told(a), b)).toBe('same')
  expect(comparePeriods(told(a, null), told(b, null))).toBe('same')
  expect(comparePeriods(told(a, null), told(b))).toBe('same')
  expect(comparePeriods(told(a), told(b, null))).toBe('same')
  expect(comparePeriods(told(a, null), told(state('not_routable'), null))).toBe('other')
})

test('two looks at different states that begin at one time show two periods', () => {
  const lunch = { ...look(CHOSEN_AT), name: 'Lunch', type: 'not_routable' } as const
  expect(comparePeriods(look(CHOSEN_AT), lunch)).toBe('other')
  expect([
    isSamePeriod(look(CHOSEN_AT), lunch),
    mayBeSamePeriod({ ...lunch, startTimestamp: null }, AVAILABLE),
  ]).toEqual([false, false])
})

const starting = (startTimestamp: number): AgentState => ({ ...AVAILABLE, startTimestamp })

test('times are the same up to the service’s own errors, and not beyond them', () => {
  const since = (ms: number) => comparePeriods(told(AVAILABLE), told(AVAILABLE, CHOSEN_AT + ms))
  expect([since(5), since(6)]).toEqual(['same', 'other'])
  const start = (ms: number) => comparePeriods(starting(CHOSEN_AT), starting(CHOSEN_AT + ms))
  expect([start(1_004), start(1_005)]).toEqual(['same', 'other'])
  expect([isSamePeriod(starting(CHOSEN_AT), starting(CHOSEN_AT)), mayBeSamePeriod(starting(1), starting(1))]).toEqual([
    true,
    true,
  ])
})

test('a choice lies within the errors of its time, and before a contact that covers it', () => {
  expect(choiceBounds(told(AVAILABLE))).toEqual({ earliest: CHOSEN_AT - 5, latest: CHOSEN_AT + 5 })
  expect(choiceBounds(starting(CHOSEN_AT))).toEqual({ earliest: CHOSEN_AT - 1_005, latest: CHOSEN_AT + 5 })
  expect(choiceBounds({ ...starting(CHOSEN_AT), type: 'system' })).toEqual({
    earliest: -Infinity,
    latest: CHOSEN_AT + 5,
  })
  expect(choiceBounds(AVAILABLE)).toBeNull()
})

test('a choice is before another only if their bounds do not meet', () => {
  const other = starting(CHOSEN_AT)
  const [meets, before] = [starting(CHOSEN_AT - 1_010), starting(CHOSEN_AT - 1_011)]
  expect([beganAfter(meets, other), beganAfter(before, other)]).toEqual(['after', 'before'])
  expect([beganBefore(meets, other), beganBefore(before, other)]).toEqual([false, true])
})

test('a look is the same only with the same start, state and availability', () => {
  const one = told(starting(CHOSEN_AT))
  expect(isSameSnapshot(one, { ...one })).toBe(true)
  expect(isSameSnapshot(one, { ...one, startTimestamp: CHOSEN_AT + 1 })).toBe(false)
  expect(isSameSnapshot(one, { ...one, name: 'Lunch' })).toBe(false)
  expect(isSameSnapshot(one, told(one, CHOSEN_AT + 1))).toBe(false)
  expect(isSameSnapshot(told(AVAILABLE), told(AVAILABLE))).toBe(false)
  const untold = starting(CHOSEN_AT)
  expect([isSameSnapshot(untold, untold), isSameSnapshot(untold, one), isSameSnapshot(one, untold)]).toEqual([
    true,
    false,
    false,
  ])
})

test('an unknown start leaves the answer open for the same state, and for no other', () => {
  const [known, unknown] = [look(CHOSEN_AT), AVAILABLE]
  expect(comparePeriods(known, unknown)).toBe('unknown')
  expect([isSamePeriod(unknown, known), mayBeSamePeriod(unknown, known)]).toEqual([false, true])
  expect(mayBeSamePeriod(known, unknown)).toBe(false)
  expect(mayBeSamePeriod(state('offline'), unknown)).toBe(false)
  expect([beganAfter(known, unknown), beganAfter(unknown, known)]).toEqual(['unknown', 'unknown'])
})

test('states are the same by ARN if both have one, else by name and type', () => {
  const lunch = { ...state('not_routable'), name: 'Lunch', arn: 'arn:lunch' }
  expect(isSameState(lunch, { ...lunch, name: 'Mittag' })).toBe(true)
  expect(isSameState(lunch, { ...lunch, arn: 'arn:other' })).toBe(false)
  expect(isSameState(lunch, { ...lunch, arn: null })).toBe(true)
  expect(isSameState(lunch, { ...lunch, arn: null, type: 'routable' })).toBe(false)
  // The target state of a close counts as Offline in one look, and has Connect's own type in the list.
  expect(isSameState(lunch, { ...lunch, arn: null, type: 'offline' })).toBe(true)
})
