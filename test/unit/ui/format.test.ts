import {
  formatAgo,
  formatDateTime,
  formatDuration,
  formatNumber,
  formatOffset,
  formatSpan,
  formatTime,
  formatTimeRange,
} from '../../../src/ui/format'
import { browser } from './fake-browser'
import { NOW } from './samples'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./fake-browser'))

test.each([
  [0, '0\u00a0ms'],
  [240, '240\u00a0ms'],
  [1_840, '1.8\u00a0s'],
  [150_000, '2.5 mins'],
  [3 * 3_600_000, '3 hrs'],
])('%d ms took %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test('a step before the close has a minus sign', () => {
  expect([formatOffset(-90_000), formatOffset(0), formatOffset(12)]).toEqual(['−1.5 mins', '0\u00a0ms', '+12\u00a0ms'])
})

test.each([
  [0, 'now'],
  [59_000, '59 seconds ago'],
  [5 * 60_000, '5 minutes ago'],
  [2 * 3_600_000, '2 hours ago'],
  [26 * 3_600_000, 'yesterday'],
  [-60_000, 'now'],
])('%d ms before now is: %s', (ms, text) => {
  expect(formatAgo(NOW - ms, NOW)).toBe(text)
})

test.each([
  [0, '0\u00a0ms'],
  [240.4, '240\u00a0ms'],
  [2_221, '2.2\u00a0s'],
  [12_000, '12\u00a0s'],
  [59_700, '1 min'],
  [90_000, '1 min 30\u00a0s'],
  [3_599_900, '1 hr'],
  [(14 * 60 + 55) * 60_000 + 20_000, '14 hrs 55 mins'],
  [26 * 3_600_000 + 60_000, '1 day 2 hrs'],
])('%d ms went on for %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text)
})

test('a time range has seconds if needed, and dates if there are two', () => {
  expect(formatTimeRange(NOW, NOW + 12_000)).toMatch(/:00.*:12/)
  expect(formatTimeRange(NOW, NOW + 5 * 60_000)).toMatch(/^\d+:00\D*\d+:05$/)
  expect(formatTimeRange(NOW, NOW + 24 * 3_600_000)).toMatch(/22 Nov 2026.*23 Nov 2026/)
})

test('a time today has no date, one on another day has', () => {
  expect(formatTime(NOW, NOW)).not.toContain('2026')
  expect(formatTime(NOW - 3 * 86_400_000, NOW)).toContain('2026')
})

test('a log entry has its seconds', () => {
  expect(formatDateTime(NOW + 7_000)).toMatch(/22 Nov 2026.*:07$/)
})

test('numbers and dates follow the language of the texts', () => {
  browser.i18n.getUILanguage.mockReturnValue('de-DE')
  expect(formatNumber(3650)).toBe('3,650')
  expect(formatDateTime(NOW)).toContain('Nov 22, 2026')
})
