import type { BackOff } from '../../../src/domain/back-off'
import { isGivenUp, nextTry } from '../../../src/domain/back-off'
import {
  ACCEPTED,
  ANSWERED,
  DENIED,
  LIVE,
  LONGEST_MS,
  LOOK,
  UNANSWERED,
  WORK,
} from '../../../src/domain/check-back-off'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The longest pause at no jitter, and the limits: in ms, and in attempts. */
test.each<[string, BackOff, number, number, number]>([
  ['without an answer', UNANSWERED, 5 * MINUTE, 12 * HOUR, 60],
  ['where somebody else answers, or Connect that it is busy', ANSWERED, 5 * MINUTE, 12 * HOUR, 60],
  ['without an answer to a close that Connect has accepted', ACCEPTED, 5 * MINUTE, HOUR / 2, 12],
  ['where Connect denies the caller', DENIED, 5_000, HOUR / 2, 12],
  ['while somebody is on the line', LIVE, 20_000, 4 * HOUR, 12],
  ['while notes are written', WORK, 20_000, 8 * HOUR, 12],
  ['of a look', LOOK, 2_000, 0, 3],
])('a check %s pauses and gives up as it should', (_, backOff, longest, afterMs, fewest) => {
  const pauses = Array.from({ length: 200 }, (_nth, index) => nextTry(backOff, index + 1, 0))
  expect(Math.max(...pauses)).toBe(longest)
  // A pause that is longer than this would count as one that was set before the clock was set back.
  expect(nextTry(backOff, 200, 0, 1)).toBeLessThanOrEqual(LONGEST_MS)
  expect(isGivenUp(backOff, 0, fewest, afterMs)).toBe(true)
  expect(isGivenUp(backOff, 0, fewest - 1, afterMs)).toBe(false)
  expect(isGivenUp(backOff, 0, fewest, afterMs - 1)).toBe(false)
})

test('without an answer no pause of the first half minute is longer than 2 s, so that the end of a short outage is noticed', () => {
  let at = 0
  for (let nth = 1; at < 30_000; nth += 1) {
    const next = nextTry(UNANSWERED, nth, at, 1)
    expect(next - at).toBeLessThanOrEqual(2_000)
    at = next
  }
})

test('where somebody answers, pauses grow to 20 s, and the long ones begin at the same attempt as without an answer', () => {
  const pauses = (backOff: BackOff): number[] => Array.from({ length: 60 }, (_, nth) => nextTry(backOff, nth + 1, 0))
  const long = 30_000
  const first = pauses(UNANSWERED).findIndex((pause) => pause >= long)
  expect(pauses(ANSWERED).findIndex((pause) => pause >= long)).toBe(first)
  expect(pauses(ANSWERED).slice(0, 6)).toEqual([1_000, 2_000, 5_000, 10_000, 20_000, 20_000])
  expect(Math.max(...pauses(ANSWERED).slice(0, first))).toBe(20_000)
  expect(pauses(ANSWERED).slice(first)).toEqual(pauses(UNANSWERED).slice(first))
})
