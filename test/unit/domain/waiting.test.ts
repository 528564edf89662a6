import * as fc from 'fast-check'
import type { Occupation, Waiting } from '../../../src/domain/waiting'
import { isWorkOver, waitingAfter } from '../../../src/domain/waiting'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const T0 = 1_700_000_000_000
const MINUTE = 60_000
const LIMIT = 10 * MINUTE
const work = (...ended: string[]): Occupation => ({ kind: 'work', ended, isReady: false })
const LIVE: Occupation = { kind: 'live', ended: [], isReady: false }

const after = (...looks: readonly (readonly [number, Occupation])[]): Waiting | null =>
  looks.reduce<Waiting | null>((waiting, [at, found]) => waitingAfter(waiting, found, T0 + at), null)

test('work is over when it has been seen for as long as the limit', () => {
  const seen = after([0, work('a')], [5 * MINUTE, work('a')])
  expect(isWorkOver(seen, work('a'), LIMIT, T0 + LIMIT - 1)).toBe(false)
  expect(isWorkOver(seen, work('a'), LIMIT, T0 + LIMIT)).toBe(true)
})

test('work on another contact begins when it is seen, and does not inherit time from finished work', () => {
  const seen = after([0, work('a')], [5 * MINUTE, work('a', 'b')], [6 * MINUTE, work('b')])
  expect(isWorkOver(seen, work('b'), LIMIT, T0 + 15 * MINUTE - 1)).toBe(false)
  expect(isWorkOver(seen, work('b'), LIMIT, T0 + 15 * MINUTE)).toBe(true)
})

test('work after another conversation begins again', () => {
  const seen = after([0, work('a')], [9 * MINUTE, LIVE])
  expect(isWorkOver(seen, work('a'), LIMIT, T0 + 11 * MINUTE)).toBe(false)
})

test('a first look never ends the wait', () => {
  expect(isWorkOver(null, work('a'), LIMIT, T0)).toBe(false)
  expect(isWorkOver(null, LIVE, LIMIT, T0)).toBe(false)
})

test('a clock that is set back restarts the wait', () => {
  const seen = after([0, work('a')], [-60 * MINUTE, work('a')])
  expect(isWorkOver(seen, work('a'), LIMIT, T0 - 51 * MINUTE)).toBe(false)
  expect(isWorkOver(seen, work('a'), LIMIT, T0 - 50 * MINUTE)).toBe(true)
})

test.each([
  ['never', [false, false]],
  ['always', [true, true]],
  ['sometimes', [false, true]],
  ['sometimes', [true, false, true]],
] as const)('an agent who was %s seen Available is remembered so', (ready, looks) => {
  const seen = after(...looks.map((isReady, nth) => [nth, { ...LIVE, isReady }] as const))
  expect(seen?.ready).toBe(ready)
})

test('work is never over before its limit, and always at its limit if it is all that is seen', () => {
  const step = fc.record({
    wait: fc.integer({ min: 1, max: 3 * MINUTE }),
    found: fc.constantFrom(LIVE, work('a'), work('a', 'b'), work('b'), work('')),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let now = T0
      let seen: Waiting | null = null
      /** Since when each contact has been in after-contact work only. */
      const since = new Map<string, number>()
      for (const { wait, found } of steps) {
        now += wait
        if (found.kind === 'live') since.clear()
        for (const id of [...since.keys()]) if (!found.ended.includes(id)) since.delete(id)
        for (const id of found.ended) since.set(id, since.get(id) ?? now)
        const youngest = Math.max(...since.values())
        const oldest = Math.min(...since.values())
        const isOver = isWorkOver(seen, found, LIMIT, now)
        if (isOver) expect(now - youngest).toBeGreaterThanOrEqual(LIMIT)
        else if (since.size === 1) expect(now - oldest < LIMIT || (seen?.work?.since ?? now) > oldest).toBe(true)
        seen = waitingAfter(seen, found, now)
      }
    }),
  )
})
