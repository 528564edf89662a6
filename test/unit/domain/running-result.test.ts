import type { LogEntry } from '../../../src/domain/log-entry'
import type { Calendar } from '../../../src/domain/running-result'
import { isCounted, runningResult } from '../../../src/domain/running-result'
import { sampleEntry } from '../ui/samples'

const calendar: Calendar = {
  monthOf: (at) => new Date(at).toISOString().slice(0, 7),
  weekOf: (at) => `week ${Math.ceil(new Date(at).getUTCDate() / 7)}`,
}
const day = (date: number, month = 10) => Date.UTC(2026, month, date, 12)
let nth = 0
function close(at: number, over: Partial<LogEntry> = {}): LogEntry {
  nth += 1
  return sampleEntry({ id: `close-${nth}`, at, exposure: null, ...over })
}
const left = (at: number, until: number | null, over: Partial<LogEntry> = {}) =>
  close(at, {
    outcome: 'unconfirmed',
    evidence: 'none',
    tookMs: null,
    exposure: { from: at, until, certainty: until === null ? 'open' : 'at_most' },
    ...over,
  })

test('the figures of a month: confirmed, left Available and for how long, and the median', () => {
  const entries = [
    close(day(2), { tookMs: 1_000 }),
    close(day(9), { tookMs: 3_000 }),
    close(day(9), { tookMs: 2_000 }),
    left(day(10), day(10) + 720_000),
    left(day(11), null),
    close(day(12), { outcome: 'failed', reason: 'agent_present', evidence: 'none' }),
    close(day(12, 9)),
  ]
  const { total } = runningResult(entries, '2026-11', calendar)
  expect(total).toEqual({ closes: 6, setOffline: 3, left: 2, leftMs: 720_000, open: 1, medianMs: 2_000 })
})

test('closes that needed nothing or were only observed, and entries without a close, are not counted', () => {
  const entries = [
    close(day(2), { outcome: 'not_needed', reason: 'not_routable' }),
    close(day(2), { would: 'set_offline', outcome: 'not_needed', reason: 'mode_observe' }),
    close(day(2), { cause: 'idle', outcome: 'left_available' }),
    close(day(2), { cause: 'none', outcome: 'unprotected' }),
  ]
  expect(runningResult(entries, '2026-11', calendar).total.closes).toBe(0)
  expect(entries.filter(isCounted)).toEqual([])
})

test('weeks are in order; other groups start with the most agents left Available', () => {
  const entries = [
    close(day(20), { cause: 'crashed' }),
    close(day(2), { routingProfile: 'Sales' }),
    close(day(3), { routingProfile: 'Sales' }),
    left(day(3), day(3) + 5_000, { cause: 'reloaded', agentName: 'Li Wei' }),
  ]
  const { groups } = runningResult(entries, '2026-11', calendar)
  expect(groups.week.map(({ name, closes }) => [name, closes])).toEqual([
    ['week 1', 3],
    ['week 3', 1],
  ])
  expect(groups.cause.map(({ name, left: count }) => [name, count])).toEqual([
    ['reloaded', 1],
    ['tab_closed', 0],
    ['crashed', 0],
  ])
  expect(groups.profile.map(({ name }) => name)).toEqual(['', 'Sales'])
  expect(groups.agent.map(({ name }) => name)).toEqual(['Li Wei', 'Dana Reyes'])
})

test('labels form their own table once an entry has one', () => {
  const labelsOf = (...entries: LogEntry[]) =>
    runningResult(entries, '2026-11', calendar).groups.label.map(({ name, closes }) => [name, closes])
  expect(labelsOf(close(day(2)))).toEqual([])
  expect(
    labelsOf(close(day(2)), close(day(3), { label: 'site=Lisboa' }), close(day(4), { label: 'site=Lisboa' })),
  ).toEqual([
    ['site=Lisboa', 2],
    ['', 1],
  ])
})

test('entries of older versions have no exposure', () => {
  const old = { ...left(day(2, 9), null), exposure: undefined } as unknown as LogEntry
  expect(runningResult([old], '2026-10', calendar).total).toMatchObject({ left: 1, open: 1, medianMs: null })
})
