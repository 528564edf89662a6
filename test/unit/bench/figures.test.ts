import { known, median, ratio, share, worst } from '../../../bench/judge/statistics'
import { summarize } from '../../../bench/judge/summary'
import { meetsAll, targetsOf } from '../../../bench/judge/targets'
import type { RunResult } from '../../../bench/judge/run-result'
import { idOf, type Cell } from '../../../bench/matrix/cell'
import { documentOf } from '../../../bench/report/document'
import { overviewOf } from '../../../bench/report/overview'
import { plotOf } from '../../../bench/report/plot'
import { withCells, type RawFigures } from '../../../bench/report/raw-figures'
import { resultLine } from '../../../bench/report/result-line'
import { tableOf } from '../../../bench/report/table'
import { CELL, result } from './build'

const log = result().log as NonNullable<RunResult['log']>
const rival = (contender: 'none' | 'keepalive' | 'aws-snippet', change: Partial<RunResult> = {}): RunResult =>
  result({ contender, log: null, ...change })
const targetsIn = (cell: Cell, ...results: RunResult[]) =>
  targetsOf(
    summarize(
      cell,
      results.map((each) => ({ ...each, cell: idOf(cell) })),
    ),
  )

it('statistics of nothing are unknown', () => {
  expect([median([]), worst([]), share(0, 0), ratio(1, 0), ratio(null, 1)]).toEqual([null, null, null, null, null])
})

it('statistics match their names', () => {
  expect([median([9, 1, 4]), median([1, 2, 10, 4]), worst([3, 7, 5]), share(1, 4), ratio(90, 60)]).toEqual([
    4, 3, 7, 0.25, 1.5,
  ])
  expect(known([1, null, 0])).toEqual([1, 0])
})

it('figures of cells that were measured again replace those of the whole matrix', () => {
  const other: Cell = { ...CELL, close: 'quit' }
  const raw = (started: string, offlineMs: number, ...cells: Cell[]): RawFigures => {
    const results = cells.map((cell) => result({ cell: idOf(cell), offlineMs }))
    return { runs: 3, seed: 1, versions: {}, started, cells: cells.map((cell) => summarize(cell, results)), results }
  }
  const outside: Cell = { ...CELL, close: 'frame' }
  const merged = withCells(raw('first', 60, CELL, other), raw('second', 90, other, outside))
  expect(merged.cells.map(({ id, figures }) => [id, figures.signoff?.medianMs])).toEqual([
    [idOf(CELL), 60],
    [idOf(other), 90],
  ])
  expect(merged.results.map(({ cell, offlineMs }) => [cell, offlineMs])).toEqual([
    [idOf(CELL), 60],
    [idOf(other), 90],
  ])
  expect(merged.started).toBe('first')
  expect(merged.again).toEqual({ [idOf(other)]: 'second' })
  expect(withCells(merged, raw('third', 70, CELL)).again).toEqual({ [idOf(other)]: 'second', [idOf(CELL)]: 'third' })
})

describe('the figures of a cell', () => {
  it('are those of the usable runs in that cell', () => {
    const { figures } = summarize(CELL, [
      result(),
      result({ offlineMs: null, offlineBy: null }),
      result({ trouble: 'no window', offlineMs: null, goneMs: null, log: null }),
      result({ cell: 'another', offlineMs: 9_999 }),
    ])
    expect(figures.signoff).toMatchObject({
      runs: 2,
      troubled: 1,
      offline: 0.5,
      medianMs: 60,
      worstMs: 60,
      truthful: 1,
    })
    expect(figures.none).toBeUndefined()
  })

  it('distinguish Offline by the close from Offline by the next start', () => {
    const { figures } = summarize(CELL, [result(), result({ offlineMs: 5_000, offlineBy: 'restart' })])
    expect(figures.signoff).toMatchObject({ offline: 1, offlineByClose: 0.5, medianMs: 2_530, worstMs: 5_000 })
  })

  it('compare the hold with a close without an extension, and the pace with the raw request', () => {
    const summary = summarize(CELL, [
      result({ goneMs: 90, offlineMs: 90 }),
      rival('none', { goneMs: 40, offlineMs: null }),
      rival('keepalive', { offlineMs: 45 }),
    ])
    expect(summary.figures.signoff?.addedHoldMs).toBe(50)
    expect(summary.toKeepalive).toBe(2)
  })

  it('count late entries as untrue', () => {
    expect(targetsIn(CELL, result({ log: { ...log, late: 1 } })).truth).toBe(false)
  })
})

describe('the targets', () => {
  const never = { offlineMs: null, offlineBy: null }

  it('are all met by a successful run, and unknown without one', () => {
    expect(meetsAll(targetsIn(CELL, result(), rival('none'), rival('keepalive')))).toBe(true)
    expect(targetsIn(CELL, rival('none'))).toEqual({
      offline: null,
      truth: null,
      pace: null,
      hold: null,
      mended: null,
    })
  })

  it('require Offline every time, and accept a flag only if the agent is signed out', () => {
    const flagged = result({ ...never, log: { ...log, flagged: true } })
    const signedOut: Cell = { ...CELL, close: 'window', cookies: 'session' }
    expect(targetsIn(CELL, result(), flagged).offline).toBe(false)
    expect(targetsIn({ ...signedOut, close: 'tab' }, flagged).offline).toBe(false)
    expect(targetsIn(signedOut, flagged).offline).toBe(true)
    expect(targetsIn(signedOut, result(never)).offline).toBe(false)
    expect(targetsIn(signedOut, result({ log: { ...log, flagsTrue: false } })).offline).toBe(false)
  })

  it.each([
    [49, true],
    [60, false],
  ])('pace: %d ms beside 50 ms is met: %s', (offlineMs, met) => {
    expect(targetsIn(CELL, result({ offlineMs }), rival('keepalive', { offlineMs: 50 })).pace).toBe(met)
  })

  it.each([
    [4_999, true],
    [5_000, false],
    [null, null],
  ])('completed %s ms after the browser was ready is met: %s', (mendedMs, met) => {
    expect(targetsIn(CELL, result({ mendedMs })).mended).toBe(met)
  })

  it('accept late entries of closes that were flagged', () => {
    const pending = { ...log, entries: 0, truthful: 0, pending: 1, told: [], flagged: true }
    expect(targetsIn(CELL, result({ log: { ...pending, late: 1 } })).truth).toBe(true)
    expect(targetsIn(CELL, result({ log: { ...pending, late: 2 } })).truth).toBe(false)
  })

  it.each([
    [149, true],
    [150, false],
  ])('hold: gone after %d ms beside 40 ms, at 60 ms round trip, is met: %s', (goneMs, met) => {
    expect(targetsIn(CELL, result({ goneMs }), rival('none', { goneMs: 40 })).hold).toBe(met)
  })
})

describe('the report', () => {
  const cells = [
    summarize(CELL, [
      result({ offlineMs: 120 }),
      rival('aws-snippet', { offlineMs: null, offlineBy: null }),
      rival('none', { offlineMs: null, offlineBy: null }),
      rival('keepalive', { offlineMs: 60 }),
    ]),
  ]

  it('has a row for each cell, with ratios instead of times', () => {
    const [head = '', , row = ''] = tableOf(cells).split('\n')
    expect(row.split('|')).toHaveLength(head.split('|').length)
    expect(row).toContain(
      '| `chromium/tab/warm/awake/persistent` | 100 % | 0 % | 0 % | 100 % | 2.00, 2.00 | – | 2.00 |',
    )
    expect(row).toMatch(/\| pace \|$/)
  })

  it('draws each contender at its share', () => {
    const plot = plotOf(cells)
    expect(plot).toContain('Signoff: 100 %')
    expect(plot).toContain('AWS snippet: 0 %')
    expect(plot).toContain('prefers-color-scheme: dark')
    expect(plot.match(/<svg/g)).toHaveLength(1)
  })

  it('lists missed targets', () => {
    const about = { runs: 1, seed: 1, versions: { chromium: 'Chromium 1' }, started: new Date(0), again: [] }
    const text = documentOf(cells, about, null)
    expect(text).not.toContain('Measured again after')
    expect(documentOf(cells, { ...about, again: ['a/cell'] }, null)).toContain(
      'Measured again after a change: `a/cell`.',
    )
    expect(text).toContain('- `chromium/tab/warm/awake/persistent`: pace')
    expect(text).toContain('on 1970-01-01')
  })

  it('begins with a table of shares over all runs of the cells behind a question', () => {
    const overview = overviewOf(cells, null).split('\n')
    expect(overview[0]).toBe('|  | Signoff | AWS’s snippet | nothing |')
    expect(overview[2]).toMatch(/^\| \*\*Somebody closes a tab.*\| 100 % \| 0 % \| 0 % \|$/)
    // No cell of the other questions was run.
    expect(overview.filter((line) => line.includes('agents who are Offline'))).toHaveLength(1)
    expect(overview.find((line) => line.includes('entries that are true'))).toContain('| 100 % | – | – |')
  })

  it('describes each run in one line', () => {
    expect(resultLine(result())).toContain('Offline after 60 ms, gone after 50 ms; log: confirmed (asked, tab_closed)')
    expect(resultLine(result({ trouble: 'no window' }))).toContain('TROUBLE: no window')
    const untrue = { ...log, untruths: ['says failed'], flagsTrue: false }
    expect(resultLine(result({ log: untrue }))).toContain('UNTRUE: says failed; flags are wrong')
  })
})
