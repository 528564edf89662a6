import fc from 'fast-check'
import type { Would } from '../../../src/domain/decide-close'
import type { Cause, LogEntry } from '../../../src/domain/log-entry'
import type { PilotFigures } from '../../../src/domain/pilot-report'
import { addFigures, binned, NO_FIGURES, pilotReport } from '../../../src/domain/pilot-report'
import { sampleEntry } from '../ui/samples'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const HOUR = 60 * 60_000
const DAY = 24 * HOUR
const T0 = Date.UTC(2026, 10, 1, 9)
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

let ids = 0
/**
 * A close that was observed, `at` ms after the first; the agent stayed Available for `leftMs`, or not at all (null).
 */
function observed(at: number, leftMs: number | null, over: Partial<LogEntry> = {}): LogEntry {
  const from = T0 + at
  return sampleEntry({
    id: `close-${(ids += 1)}`,
    at: from,
    outcome: 'not_needed',
    evidence: 'none',
    reason: 'mode_observe',
    would: 'set_offline',
    exposure: leftMs === null ? null : { from, until: from + leftMs, certainty: 'exact' },
    ...over,
  })
}
/** A close that needed nothing, without `would`. */
function needless(at: number, over: Partial<LogEntry> = {}): LogEntry {
  const entry: { would?: Would } & LogEntry = observed(at, null, { reason: 'not_routable', ...over })
  delete entry.would
  return entry
}
const acted = (at: number): LogEntry => needless(at, { outcome: 'confirmed', evidence: 'call_answered', reason: null })
const report = (...entries: LogEntry[]) => pilotReport(entries, dayOf)

test('counts closes, those that left their agent Available, for how long, and what would have ended it', () => {
  const { total, span } = report(
    observed(0, HOUR),
    needless(HOUR),
    observed(2 * HOUR, 2 * HOUR, { would: 'contact_first' }),
    observed(DAY, HOUR, { would: 'no_offline_state' }),
    observed(DAY + HOUR, null, { would: 'reload' }),
  )
  expect(total).toEqual({ closes: 5, left: 3, ended: 2, leftMs: 4 * HOUR, open: 0, isBound: false })
  expect(span).toEqual({ from: T0, until: T0 + DAY + HOUR })
})

test('an open exposure adds no hours yet, and a bounded one makes the total a bound', () => {
  const open = { from: T0, until: null, certainty: 'open' } as const
  const bound = { from: T0, until: T0 + HOUR, certainty: 'at_most' } as const
  expect(report(observed(0, null, { exposure: open }), observed(1, null, { exposure: bound })).total).toEqual({
    closes: 2,
    left: 2,
    ended: 2,
    leftMs: HOUR,
    open: 1,
    isBound: true,
  })
})

test('an exposure that ended at once, as on a call, does not count as left Available', () => {
  expect(report(observed(0, 0)).total).toMatchObject({ closes: 1, left: 0, leftMs: 0, ended: 0 })
})

test('closes that were acted on, and needless ones around them, are not part of the pilot', () => {
  const { total, span } = report(
    needless(0),
    acted(1),
    needless(2),
    observed(3, HOUR),
    needless(4),
    observed(5, null),
    needless(6),
    acted(7),
    needless(8),
    observed(9, null),
    needless(10),
  )
  expect(total).toMatchObject({ closes: 4, left: 1 })
  expect(span).toEqual({ from: T0 + 3, until: T0 + 9 })
})

test.each<Cause>(['none', 'stayed', 'locked', 'idle', 'slept'])('%s is not a close', (cause) => {
  expect(report(observed(0, HOUR, { cause })).span).toBeNull()
})

test('there is no report for a log in off mode, or an empty one', () => {
  expect(report(needless(0, { reason: 'mode_off' }), needless(1)).total).toEqual(NO_FIGURES)
  expect(report()).toEqual({ total: NO_FIGURES, span: null, days: [], causes: [] })
})

test('days without a close are listed, and causes are ordered by agents left Available', () => {
  const { days, causes } = report(
    observed(0, null, { cause: 'tab_closed' }),
    observed(1, null, { cause: 'tab_closed' }),
    observed(3 * DAY, HOUR, { cause: 'browser_ended' }),
  )
  expect(days.map(({ day, closes, left }) => [day, closes, left])).toEqual([
    ['2026-11-01', 2, 0],
    ['2026-11-02', 0, 0],
    ['2026-11-03', 0, 0],
    ['2026-11-04', 1, 1],
  ])
  expect(causes.map(({ cause, closes, left }) => [cause, closes, left])).toEqual([
    ['browser_ended', 1, 1],
    ['tab_closed', 2, 0],
  ])
})

test('an entry from a clock that was years off does not fill the report with days', () => {
  expect(report(observed(0, HOUR), observed(9_000 * DAY, HOUR)).days).toHaveLength(2)
})

describe('for any log', () => {
  const woulds: readonly (Would | undefined)[] = [undefined, 'set_offline', 'reload', 'other_ccp', 'no_offline_state']
  const anyEntry = fc
    .record({
      at: fc.integer({ min: 0, max: 40 * DAY }),
      would: fc.constantFrom(...woulds),
      outcome: fc.constantFrom('not_needed', 'confirmed', 'unconfirmed', 'left_available', 'unprotected'),
      cause: fc.constantFrom<Cause[]>('tab_closed', 'crashed', 'reloaded', 'stayed', 'idle', 'none'),
      leftMs: fc.option(fc.integer({ min: -HOUR, max: 3 * DAY })),
      certainty: fc.constantFrom('exact', 'at_most', 'open'),
    })
    .map(({ at, would, outcome, cause, leftMs, certainty }): LogEntry => {
      const from = T0 + at
      const until = certainty === 'open' ? null : from + (leftMs ?? 0)
      const entry = needless(at, { outcome, cause, exposure: leftMs === null ? null : { from, until, certainty } })
      return would === undefined ? entry : { ...entry, would }
    })
  const anyLog = fc.array(anyEntry, { maxLength: 30 })
  const sum = (parts: readonly PilotFigures[]): PilotFigures => {
    const { closes, left, ended, leftMs, open, isBound } = parts.reduce(addFigures, NO_FIGURES)
    return { closes, left, ended, leftMs, open, isBound }
  }

  test('days and causes add up to the total, however days are binned', () => {
    fc.assert(
      fc.property(anyLog, fc.integer({ min: 1, max: 50 }), (entries, most) => {
        const { total, days, causes } = report(...entries)
        expect(sum(days)).toEqual(total)
        expect(sum(causes)).toEqual(total)
        const bins = binned(days, most)
        expect(sum(bins)).toEqual(total)
        expect(bins.length).toBeLessThanOrEqual(most)
        expect(bins.map(({ day }) => day)).toEqual([...bins.map(({ day }) => day)].sort())
      }),
    )
  })

  test('only existing closes are counted, and no part exceeds its whole', () => {
    fc.assert(
      fc.property(anyLog, (entries) => {
        const { closes, left, ended, leftMs, open } = report(...entries).total
        expect(closes).toBeLessThanOrEqual(entries.length)
        expect(closes).toBeGreaterThanOrEqual(left)
        expect(left).toBeGreaterThanOrEqual(ended)
        expect(left).toBeGreaterThanOrEqual(open)
        expect(leftMs).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('the order of the entries does not matter', () => {
    fc.assert(
      fc.property(
        anyLog.chain((log) => fc.tuple(fc.constant(log), fc.shuffledSubarray(log, { minLength: log.length }))),
        ([log, shuffled]) => expect(report(...shuffled)).toEqual(report(...log)),
      ),
    )
  })
})
