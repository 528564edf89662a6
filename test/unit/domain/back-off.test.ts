import { atMost, doubling, isGivenUp, nextTry, pauseAfter } from '../../../src/domain/back-off'

const NOW = 1_700_000_000_000

test('doubling pauses stop at the longest', () => {
  expect(doubling(1_000, 30_000).pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000])
  expect(doubling(4_000, 3_000).pauses).toEqual([3_000])
  expect(doubling(1_000, 4_000).pauses).toEqual([1_000, 2_000, 4_000])
})

test('the last pause repeats', () => {
  expect([1, 2, 3, 99].map((nth) => pauseAfter({ pauses: [10, 20] }, nth))).toEqual([10, 20, 20, 20])
})

test.each([
  ['up to a quarter shorter or longer', {}, [750, 1_000, 1_250]],
  ['up to half shorter, never longer, in a fleet', { isFleet: true } as const, [500, 750, 1_000]],
])('jitter makes a pause %s', (_, more, pauses) => {
  expect([0, 0.5, 1].map((jitter) => nextTry({ pauses: [1_000], ...more }, 1, NOW, jitter) - NOW)).toEqual(pauses)
})

test('it gives up after its time, but not before the minimum number of attempts', () => {
  const backOff = { pauses: [1_000], giveUp: { afterMs: 5_000, fewest: 3 } } as const
  expect(isGivenUp(backOff, NOW, 3, NOW + 5_000)).toBe(true)
  expect(isGivenUp(backOff, NOW, 2, NOW + 5_000)).toBe(false)
  expect(isGivenUp(backOff, NOW, 3, NOW + 4_999)).toBe(false)
  expect(isGivenUp({ pauses: [1_000] }, NOW, 99, NOW + 1e9)).toBe(false)
})

test('atMost caps every pause', () => {
  expect(atMost({ pauses: [1_000, 9_000] }, 5_000).pauses).toEqual([1_000, 5_000])
})
