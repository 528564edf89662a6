import type { CellSummary } from '../judge/summary'
import { targetsOf } from '../judge/targets'
import type { Cell } from '../matrix/cell'
import { LEFT_OUT } from '../matrix/chosen'
import type { MatrixResults } from '../stage/run-matrix'
import type { Scale } from '../scale/table'
import { scaleTables } from '../scale/table'
import { overviewOf } from './overview'
import { tableOf } from './table'

export interface Circumstances {
  readonly runs: number
  readonly seed: number
  readonly versions: MatrixResults['versions']
  readonly started: Date
  /** The ids of the cells that were measured again later, on their own. */
  readonly again: readonly string[]
}

/**
 * The text of docs/benchmark.md, before Prettier.
 * @param scale the figures of `--scale`; null where they were not measured
 */
export function documentOf(cells: readonly CellSummary[], about: Circumstances, scale: Scale | null): string {
  const { runs, seed, versions, started, again } = about
  return `# The close matrix

What happens to agents when their CCP is closed: with the extension, with the snippet that AWS documents, and with nothing.

${overviewOf(cells, scale)}

Measured against a stand-in for an instance, not a live one, in Chromium and Firefox on one Linux machine. Written by \`npm run bench -- --runs ${runs} --seed ${seed} --write-docs\` on ${started.toISOString().slice(0, 10)}, with
${Object.values(versions).join(' and ')}; the raw figures are in [benchmark.json](benchmark.json).${again.length === 0 ? '' : ` Measured again after a change: ${again.map((id) => `\`${id}\``).join(', ')}.`}

![The share of closes that left the agent Offline, cell by cell](benchmark.svg)

## What was missed

${missed(cells)}

## The figures

${tableOf(cells)}

## How to read them

- **Cell:** browser / close / network / background / session cookies. \`npm run bench -- --cell ID\` runs one cell.
- **Offline** is the share of runs in which the stand-in instance recorded Offline in time: within 10 s after the close;
  where network or instance are bad for longer, within that time plus the background's back-off; and where the browser ends,
  within 20 s after its next start, which follows at once here. In brackets: the share before that start.
- **Median and worst** are from the key press, or the signal, to Offline at the instance, in round trips of the cell.
  Closes without Offline are not included. In a cell with a cold connection a request takes three round trips.
- **Added hold** is how much longer the tab, the window or the page stayed than with nothing, at the median, in round
  trips. Values below zero are noise.
- **True entries:** each closed CCP has one entry, or a flag while its close is still being checked; the instance's
  journal contradicts no outcome, evidence, cause or reason; and exactly the agents who may still be Available are flagged.
- **Confirmed:** the share of entries with this outcome. An \`unconfirmed\` entry may be just as true.
- **Hold on a cold connection:** a request cannot leave before the connection is open, which takes two round trips, and
  Chromium drops unsent requests with its last window. Unless the page is held that long, the agent stays Available; the
  setting \`holdMs\` limits the time. Firefox waits for Connect's answer, which the extension then has.
- **Missed** names the targets that were missed: Offline in every run, or a flag where the end of the browser signs the agent
  out; only true entries; on open connections at most a tenth slower than a raw \`keepalive\` request; less added hold than a round
  trip plus 50 ms; and where only the next start of the browser can bring Offline, within 5 s after the browser is ready.

## After the next start

${mended(cells)}

${scale === null ? '' : scaleSection(scale)}## The conditions

| part | what it is |
| --- | --- |
| \`warm\` | 60 ms round trip, idle connections open |
| \`h2\` | 60 ms round trip, HTTP/2: one connection, which stays open |
| \`cold\` | 250 ms round trip, every request on a new connection |
| \`idle-10\`, \`idle-60\` | 60 ms round trip; the instance has closed every connection that was idle for 10 or 60 s, and the extension had 100 s to notice |
| \`first-fails\` | warm; the first request to set the state is answered with a server error |
| \`throttled\` | warm; for 3 s every request to the API is throttled |
| \`late\` | warm; from the close on the API carries requests out, but answers after 3 s |
| \`gone\` | warm; no network for 10 s from the close on |
| \`refused\` | warm; the instance refuses the extension's own origin |
| \`stale\` | warm, until the instance closes its idle connections right before the close: the page wrongly expects a warm connection |
| \`beside\` | a tab is closed while another window is open: then Chromium's page is not held |
| \`several\` | the browser is quit with three CCPs of one agent in two instances |
| \`session\` | the session at the instance ends with the browser |

## What was left out

${LEFT_OUT.map((reason) => `- ${reason}`).join('\n')}
`
}

function scaleSection(scale: Scale): string {
  return `## What grows with use

Written by \`npm run bench -- --scale --write-docs\` on ${scale.started.slice(0, 10)}; the raw figures are in
[benchmark-scale.json](benchmark-scale.json). Times are until the page shows the result, on
a machine with ${scale.processors} processors: the ratios say more than they do. The page was opened ${scale.openings} times, and the median counts; a
write, what follows an update and what earlier versions did were measured once. The last column compares the largest log with the time
to read all of it, which earlier versions did whenever the page opened.

${scaleTables(scale)}

`
}

/** How soon after a restart of the browser agents were Offline. In seconds, not in round trips, like its target. */
function mended(cells: readonly CellSummary[]): string {
  const lines = cells.flatMap(({ id, figures }) => {
    const slowest = figures.signoff?.mendedMs ?? null
    return slowest === null
      ? []
      : [`- \`${id}\`: Offline ${(slowest / 1_000).toFixed(1)} s after the browser was ready, at the slowest`]
  })
  return lines.length === 0 ? 'No close was left to the next start.' : lines.join('\n')
}

/** Why nothing could be done beforehand for a shorter hold; null where something could. */
function unforeseeable({ browser, network }: Cell): string | null {
  if (network === 'cold') return 'each request needs a new connection, so that none can be opened beforehand'
  if (network === 'idle-10' || network === 'idle-60')
    return 'the first sign of a close comes about 120 ms before it, and a new connection takes longer than that'
  if (network === 'stale') return 'the connection is closed in the moment of the close, so that no page can know of it'
  if (network === 'late' && browser === 'firefox')
    return 'Firefox waits for an answer that comes late for the first time'
  return null
}

function missed(cells: readonly CellSummary[]): string {
  const lines = cells.flatMap((cell) => {
    const names = Object.entries(targetsOf(cell)).flatMap(([name, met]) => (met === false ? [name] : []))
    const { untruths = [] } = cell.figures.signoff ?? {}
    if (names.length === 0) return []
    const why = names.includes('hold') ? unforeseeable(cell.cell) : null
    return [
      `- \`${cell.id}\`: ${names.join(', ')}${why === null ? '' : ` (${why})`}${untruths.length === 0 ? '' : `. The log ${untruths.join('; ')}`}`,
    ]
  })
  return lines.length === 0 ? 'Nothing.' : lines.join('\n')
}
