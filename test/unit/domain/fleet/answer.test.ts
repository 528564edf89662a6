import { verdictOn } from '../../../../src/domain/fleet/answer'

const NOW = Date.UTC(2026, 0, 1)
const answer = (status: number, retryAfter: string | null = null) => ({ status, retryAfter, partial: null })

test('accepted records are done with, and so are the rejected ones among them', () => {
  expect(verdictOn(answer(200), NOW)).toEqual({ kind: 'taken', rejected: 0, message: null })
  expect(verdictOn({ ...answer(200), partial: { rejected: 3, message: 'no' } }, NOW)).toEqual({
    kind: 'taken',
    rejected: 3,
    message: 'no',
  })
})

test.each([408, 429, 500, 502, 503, 504])('%d is retried', (status) => {
  expect(verdictOn(answer(status), NOW)).toEqual({ kind: 'again', retryAfterMs: null })
})

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['soon', null],
  ['-5', null],
])('Retry-After: %s is a pause of %j ms', (header, ms) => {
  expect(verdictOn(answer(503, header), NOW)).toEqual({ kind: 'again', retryAfterMs: ms })
})

test.each([400, 413, 422])('%d means that the collector cannot read the request', (status) => {
  expect(verdictOn(answer(status), NOW)).toEqual({ kind: 'unreadable' })
})

test.each([300, 301, 401, 403, 404, 405, 415])('%d is kept until somebody fixes the set-up', (status) => {
  expect(verdictOn(answer(status), NOW)).toEqual({ kind: 'refused' })
})
