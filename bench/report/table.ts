import { ratio } from '../judge/statistics'
import type { CellSummary, Figures } from '../judge/summary'
import { meetsAll, targetsOf, type Targets } from '../judge/targets'
import { percent, times } from './words'

const HEAD = [
  'cell',
  'Offline: Signoff',
  'AWS snippet',
  'nothing',
  'raw keepalive',
  'median, worst: Signoff',
  'AWS snippet',
  'Signoff : raw keepalive',
  'added hold: Signoff',
  'AWS snippet',
  'true entries',
  'confirmed',
  'missed',
]

/** The cells as a Markdown table. Times are in round trips of each cell. */
export function tableOf(cells: readonly CellSummary[]): string {
  const rows = cells.map(rowOf)
  return [HEAD, HEAD.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}

function rowOf(cell: CellSummary): string[] {
  const { id, figures, toKeepalive, roundTripMs } = cell
  const { signoff, none, keepalive } = figures
  const snippet = figures['aws-snippet']
  return [
    `\`${id}\``,
    offline(signoff),
    offline(snippet),
    offline(none),
    offline(keepalive),
    pace(signoff, roundTripMs),
    pace(snippet, roundTripMs),
    times(toKeepalive),
    times(ratio(signoff?.addedHoldMs ?? null, roundTripMs)),
    times(ratio(snippet?.addedHoldMs ?? null, roundTripMs)),
    percent(signoff?.truthful),
    percent(signoff?.confirmed),
    missedOf(targetsOf(cell)),
  ]
}

/** The share of Offline; in brackets the share before the browser was started again, where it differs. */
function offline(figures: Figures | undefined): string {
  if (figures === undefined) return '–'
  const { offline: all, offlineByClose } = figures
  return all === offlineByClose ? percent(all) : `${percent(all)} (${percent(offlineByClose)} at the close)`
}

function pace(figures: Figures | undefined, roundTripMs: number): string {
  if (figures?.medianMs === null || figures === undefined) return '–'
  return `${times(ratio(figures.medianMs, roundTripMs))}, ${times(ratio(figures.worstMs, roundTripMs))}`
}

function missedOf(targets: Targets): string {
  if (meetsAll(targets)) return 'none'
  return Object.entries(targets)
    .filter(([, met]) => met === false)
    .map(([name]) => name)
    .join(', ')
}
