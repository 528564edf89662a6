import type { Contender, Network } from '../matrix/cell'
import { idleTimeoutOf, isOpen } from '../matrix/cell'
import { median } from '../judge/statistics'
import type { CellSummary, Figures } from '../judge/summary'
import type { Scale } from '../scale/table'
import { percent } from './words'

/** What people ask first, and the cells that answer it. */
const QUESTIONS: readonly { readonly asks: string; readonly isIn: (cell: CellSummary['cell']) => boolean }[] = [
  {
    asks: 'Somebody closes a tab, a window or the browser, on a good network',
    isIn: ({ close, network }) => isByHand(close) && isOpen(network),
  },
  {
    asks: 'The same, on a slow network or after the connection was idle',
    isIn: ({ close, network }) => isByHand(close) && isClosed(network),
  },
  {
    asks: 'The same, while the network or Amazon Connect has trouble',
    isIn: ({ close, network }) => isByHand(close) && !isOpen(network) && !isClosed(network),
  },
  { asks: 'The CCP’s tab goes to another page, or its frame is removed', isIn: ({ close }) => isLeft(close) },
  { asks: 'The page crashes', isIn: ({ close }) => close === 'renderer' },
  {
    asks: 'The system ends or kills the browser, and it is started again',
    isIn: ({ close, cookies }) => close.startsWith('sig') && cookies === 'persistent',
  },
  {
    asks: 'The same, where the agent has to sign in again first',
    isIn: ({ close, cookies }) => close.startsWith('sig') && cookies === 'session',
  },
]

const isByHand = (close: string): boolean => ['tab', 'beside', 'window', 'quit', 'several'].includes(close)
const isClosed = (network: Network): boolean =>
  network === 'cold' || network === 'stale' || idleTimeoutOf(network) !== null
const isLeft = (close: string): boolean => close === 'navigate' || close === 'frame'

/**
 * The page's summary as a Markdown table: how many agents are
 * Offline in the end, whether the log is true, and what it costs.
 */
export function overviewOf(cells: readonly CellSummary[], scale: Scale | null): string {
  const rows = QUESTIONS.flatMap(({ asks, isIn }) => {
    const asked = cells.filter(({ cell }) => isIn(cell))
    if (asked.length === 0) return []
    return [
      [
        `**${asks}**: agents who are Offline`,
        ...(['signoff', 'aws-snippet', 'none'] as const).map((each) => shareOf(asked, each)),
      ],
    ]
  })
  const all = [
    ...rows,
    ['**The log**: entries that are true', truthOf(cells), '–', '–'],
    [
      '**The wait**: how much longer a closed tab or window stays, at the median',
      holdOf(cells, 'signoff'),
      holdOf(cells, 'aws-snippet'),
      '–',
    ],
    ...firstRows(scale),
  ]
  return [['', 'Signoff', 'AWS’s snippet', 'nothing'], ['---', '--:', '--:', '--:'], ...all]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}

/** The share of Offline over all runs of these cells; in brackets the share before the browser was started again. */
function shareOf(cells: readonly CellSummary[], contender: Contender): string {
  const figures = cells.flatMap(({ figures: all }) => all[contender] ?? [])
  const sumOf = (each: (of: Figures) => number): number => figures.reduce((sum, of) => sum + each(of), 0)
  const runs = sumOf((of) => of.runs)
  const share = (of: 'offline' | 'offlineByClose'): string =>
    percent(sumOf((each) => each.runs * (each[of] ?? 0)) / runs)
  if (runs === 0) return '–'
  const [all, byClose] = [share('offline'), share('offlineByClose')]
  return all === byClose ? all : `${all} (${byClose} at the close)`
}

function truthOf(cells: readonly CellSummary[]): string {
  const known = cells.flatMap(({ figures }) => figures.signoff?.truthful ?? [])
  return known.length === 0 ? '–' : percent(Math.min(...known))
}

function holdOf(cells: readonly CellSummary[], contender: Contender): string {
  const holds = cells
    .filter(({ cell }) => isByHand(cell.close))
    .flatMap(({ figures }) => figures[contender]?.addedHoldMs ?? [])
  const middle = median(holds)
  if (middle === null) return '–'
  return `${Math.max(0, Math.round(middle / 10) * 10)} ms; ${Math.round(Math.max(...holds) / 10) * 10} ms at most`
}

function firstRows(scale: Scale | null): string[][] {
  const slowest = Math.max(...Object.values(scale?.log ?? {}).flatMap((sizes) => sizes.at(-1)?.rows ?? []))
  if (!Number.isFinite(slowest)) return []
  return [['**A log of 100,000 entries**: until its first rows are shown', `${Math.round(slowest)} ms`, '–', '–']]
}
