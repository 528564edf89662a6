import * as fc from 'fast-check'
import type { AgentState } from '../../../src/domain/agent'
import { exposureUntil } from '../../../src/domain/exposure'
import { amended } from '../../../src/domain/log-entry'
import { sampleEntry } from '../ui/samples'
import { state, T0 } from './build'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const BEFORE = state('routable')
const HOUR = 3_600_000

test('an agent found in the same state period was Available all the time', () => {
  const seen = { at: T0 + 14 * HOUR, state: BEFORE }
  expect(exposureUntil(T0, BEFORE, seen)).toEqual({ from: T0, until: T0 + 14 * HOUR, certainty: 'exact' })
})

test('an agent who has a contact now may have been there for it: an upper bound', () => {
  const seen = { at: T0 + HOUR, state: BEFORE, hasContact: true }
  expect(exposureUntil(T0, BEFORE, seen)).toEqual({ from: T0, until: T0 + HOUR, certainty: 'at_most' })
})

test('an agent found on the same call was never Available', () => {
  const seen = { at: T0 + HOUR, state: state('system'), hasContact: true }
  expect(exposureUntil(T0, state('system'), seen)).toEqual({ from: T0, until: T0, certainty: 'exact' })
})

test.each(['offline', 'not_routable'] as const)(
  'an agent found in the same %s state as before the close was never Available',
  (type) => {
    const seen = { at: T0 + 14 * HOUR, state: state(type) }
    expect(exposureUntil(T0, state(type), seen)).toEqual({ from: T0, until: T0, certainty: 'exact' })
  },
)

test('a server time rounded through seconds is the same', () => {
  const seen = { at: T0 + HOUR, state: { ...BEFORE, startTimestamp: (BEFORE.startTimestamp ?? 0) + 1 } }
  expect(exposureUntil(T0, BEFORE, seen).certainty).toBe('exact')
})

test.each([
  ['Offline', state('offline')],
  ['the same state, entered again', BEFORE],
  ['a missed call', state('error')],
])('%s in between gives an upper bound', (_name, now) => {
  const seen = { at: T0 + 2 * HOUR, state: { ...now, startTimestamp: T0 + HOUR } }
  expect(exposureUntil(T0, BEFORE, seen)).toEqual({ from: T0, until: T0 + 2 * HOUR, certainty: 'at_most' })
})

describe('with the availability, which survives contacts', () => {
  const availability = { name: BEFORE.name, since: T0 - HOUR }
  const before = { ...BEFORE, availability }
  const seenIn = (seen: Partial<AgentState>) =>
    exposureUntil(T0, before, { at: T0 + HOUR, state: { ...before, ...seen } }).certainty

  test('the same stay in it is exact', () => {
    expect(seenIn({})).toBe('exact')
    expect(seenIn({ startTimestamp: (before.startTimestamp ?? 0) + 900 })).toBe('exact')
  })

  test('a state that has begun again, or a contact’s, gives an upper bound: calls came in between', () => {
    expect(seenIn({ startTimestamp: T0 + HOUR / 2 })).toBe('at_most')
    expect(seenIn({ ...state('system'), availability })).toBe('at_most')
    expect(seenIn({ ...state('error'), availability })).toBe('at_most')
  })

  test('an agent who was left on a call, and is Available now, was so for an unknown time', () => {
    const onCall = { ...state('system'), availability }
    const seen = { at: T0 + HOUR, state: { ...before, startTimestamp: T0 + HOUR / 2 } }
    expect(exposureUntil(T0, onCall, seen)).toEqual({ from: T0, until: T0 + HOUR, certainty: 'at_most' })
  })

  test('a start that is unknown proves nothing', () => {
    expect(seenIn({ startTimestamp: null })).toBe('at_most')
  })
})

test('a start time from a wrong clock is ignored', () => {
  const late = { at: T0 + HOUR, state: { ...state('offline'), startTimestamp: T0 + 9 * HOUR } }
  const early = { at: T0 + HOUR, state: { ...state('offline'), startTimestamp: T0 - 9 * HOUR } }
  for (const seen of [late, early]) expect(exposureUntil(T0, BEFORE, seen).until).toBe(T0 + HOUR)
})

test('the exposure ends between the close and the sighting, whatever is seen', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1 }),
      fc.option(fc.integer()),
      fc.constantFrom('routable', 'offline'),
      (after, start, type) => {
        const startTimestamp = start === null ? null : T0 + start
        const { until } = exposureUntil(T0, BEFORE, { at: T0 + after, state: { ...state(type), startTimestamp } })
        expect(until).toBeGreaterThanOrEqual(T0)
        expect(until).toBeLessThanOrEqual(T0 + after)
      },
    ),
  )
})

test('an amendment from a page applies only to closes of its own agent', () => {
  const entry = sampleEntry()
  const { instance, username } = entry
  const step = { at: T0, event: 'given_back' } as const
  const by = (of: { instance: string; username: string | null }) =>
    amended(entry, { id: entry.id, of, exposure: null, step }).timeline.some(({ event }) => event === 'given_back')
  expect(by({ instance, username })).toBe(true)
  expect(by({ instance, username: null })).toBe(true)
  expect(by({ instance: 'other.my.connect.aws', username })).toBe(false)
  expect(by({ instance: 'other.my.connect.aws', username: null })).toBe(false)
  expect(by({ instance, username: 'somebody-else' })).toBe(false)
})

test('an amendment adds its step once, and keeps the outcome', () => {
  const entry = sampleEntry({ outcome: 'unconfirmed', exposure: { from: T0, until: null, certainty: 'open' } })
  const exposure = { from: T0, until: T0 + 5, certainty: 'exact' as const }
  const amendment = { id: entry.id, exposure, step: { at: T0 + 5, event: 'agent_returned' as const } }
  const once = amended(entry, amendment)
  expect(once).toMatchObject({ outcome: 'unconfirmed', exposure })
  expect(once.timeline.filter(({ event }) => event === 'agent_returned')).toHaveLength(1)
  expect(amended(once, amendment)).toEqual(once)
})
