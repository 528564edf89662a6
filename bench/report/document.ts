import type { CellSummary } from '../judge/summary'
import { targetsOf } from '../judge/targets'
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
}

/**
 * The documentation's page on the close matrix.
 * @param scale what grows with use; null where it was not measured.
 */
export function documentOf(cells: readonly CellSummary[], about: Circumstances, scale: Scale | null): string {
  const { runs, seed, versions, started } = about
  return `# The close matrix

What becomes of an agent whose CCP goes: with the extension, with the snippet that AWS documents, and with nothing.

${overviewOf(cells, scale)}

Measured against a stand-in for an instance, not a live one, in Chromium and Firefox on one Linux machine. Written by \`npm run bench -- --runs ${runs} --seed ${seed} --write-docs\` on ${started.toISOString().slice(0, 10)}, with
${Object.values(versions).join(' and ')}; the raw figures are in [benchmark.json](benchmark.json).

![The share of closes that left the agent Offline, cell by cell](benchmark.svg)

## What was missed

${missed(cells)}

## The figures

${tableOf(cells)}

## How to read them

- **Cell:** browser / close / network / background / session cookies. \`npm run bench -- --cell ID\` runs one alone.
- **Offline** is what the stand-in instance recorded: in 10 s after the close; where the network or the instance is worse
  for longer, in that time and what the background's growing pauses take; and where the browser ends, in 20 s after its
  next start. Agents start their browser again at once here. In brackets: what was there before that start.
- **Median and worst** are from the key press, or the signal, to Offline at the instance, in round trips of the cell.
  Closes that never came to Offline are not in them. In a cell with a cold connection a request takes three round trips.
- **Added hold** is how much longer the tab, the window or the page was there than with nothing, at the median, in round
  trips. Below zero is noise.
- **True entries:** one entry for each CCP that went, or a flag while its close is still asked about, and nothing in it that the instance's journal contradicts: outcome,
  evidence, cause, reason, and flags for exactly those who may still be Available.
- **Confirmed:** the entries that say so. An \`unconfirmed\` one may be as true.
- **Where the hold is missed on a cold connection:** nothing leaves before the connection stands, which takes two round
  trips, and Chromium takes with its last window what has not left. The page is held for that, or nobody is Offline; a
  setting (\`holdMs\`) says how long at most. Firefox waits for Connect's answer, which is then known to be had.
- **Missed:** Offline every time, or a flag where the end of the browser has signed the agent out; true entries; no slower
  than a raw \`keepalive\` request in warm cells, but for a tenth; less added hold than a round trip and 50 ms; what the
  next start of the browser had to mend, mended within 5 s of its being ready.

## After the next start

${mended(cells)}

${scale === null ? '' : scaleSection(scale)}## The conditions

| part | what it is |
| --- | --- |
| \`warm\` | 60 ms round trip, idle connections open |
| \`cold\` | 250 ms round trip, every request on a new connection |
| \`first-fails\` | warm; the first request for the state is answered with an error of the server's |
| \`throttled\` | warm; for 3 s every request to the API is throttled |
| \`late\` | warm; from the close on the API does what it is asked for, and answers after 3 s |
| \`gone\` | warm; no network for 10 s from the close on |
| \`refused\` | warm; the instance refuses the extension's own origin |
| \`stale\` | warm, until the instance closes its idle connections right before the close: the page takes the way for a warm one, and is wrong |
| \`beside\` | a tab is closed while another window is open: Chromium's page is not held then |
| \`several\` | three CCPs of one agent in two instances, and the browser is quit |
| \`session\` | the session at the instance ends with the browser |

## What was left out

${LEFT_OUT.map((reason) => `- ${reason}`).join('\n')}
`
}

/** For figures that were measured before the log had digests. */
const BEFORE_DIGESTS = ` These figures are from before the page sorted and searched the log by its
digests: the search that finds nothing read all entries, and the sort covered the newest 1,000 of them alone.`

function scaleSection(scale: Scale): string {
  const isOlder = Object.values(scale.log).some((sizes) => sizes.some((times) => !('digests' in times)))
  return `## What grows with use

Written by \`npm run bench -- --scale --write-docs\` on ${scale.started.slice(0, 10)}; the raw figures are in
[benchmark-scale.json](benchmark-scale.json). Times are until the page shows what was asked for. The machine had other work meanwhile: the ratios say more than the times. The last column sets the largest log beside the time that reading all of it takes alone,
which every opening of the page did before.${isOlder ? BEFORE_DIGESTS : ''}

${scaleTables(scale)}

`
}

/** How soon after a start of the browser what it found was mended: the one figure that is not a ratio, as its target is none. */
function mended(cells: readonly CellSummary[]): string {
  const lines = cells.flatMap(({ id, figures }) => {
    const slowest = figures.signoff?.mendedMs ?? null
    return slowest === null
      ? []
      : [`- \`${id}\`: Offline ${(slowest / 1_000).toFixed(1)} s after the browser was ready, at the slowest`]
  })
  return lines.length === 0 ? 'Nothing was left to it.' : lines.join('\n')
}

function missed(cells: readonly CellSummary[]): string {
  const lines = cells.flatMap((cell) => {
    const names = Object.entries(targetsOf(cell)).flatMap(([name, met]) => (met === false ? [name] : []))
    const { untruths = [] } = cell.figures.signoff ?? {}
    if (names.length === 0) return []
    return [`- \`${cell.id}\`: ${names.join(', ')}${untruths.length === 0 ? '' : `. The log ${untruths.join('; ')}`}`]
  })
  return lines.length === 0 ? 'Nothing.' : lines.join('\n')
}
