import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { World } from '../test/instance/world/axes'
import { RECORDED } from '../test/instance/world/axes'
import { worldFor } from '../test/instance/world/world-file'
import type { Cell, Network } from './matrix/cell'
import { CELLS, QUICK_CELLS } from './matrix/chosen'
import { cellsThatFit } from './matrix/choose'

/** How the benchmark was asked for. */
export interface BenchOptions {
  readonly cells: readonly Cell[]
  readonly runs: number
  readonly seed: number
  readonly list: boolean
  /** Where the raw figures go. */
  readonly json: string
  readonly writeDocs: boolean
  /** What the instance does where real ones are not known for sure. */
  readonly world: BenchWorld
}

/** A world, and the name under which it was asked for. */
export interface BenchWorld {
  readonly name: string
  readonly world: World
}

/** Cells whose conditions are about connections that are opened for one request: HTTP/2 has none. */
const PER_REQUEST: ReadonlySet<Network> = new Set<Network>(['cold', 'stale'])

export const USAGE = `npm run bench -- [--quick] [--cell PATTERN]... [--runs N] [--seed N] [--json FILE] [--world NAME|FILE] [--write-docs] [--list]

  --quick       few cells and runs, about five minutes
  --cell        only cells whose id contains PATTERN, or fits it where it has a * in it; the whole id of any other
                cell of the product brings that one (browser/close/network/background/cookies)
  --runs        runs of each contender in each cell (5; 2 with --quick)
  --seed        of the order in which they take turns (1)
  --json        where the raw figures go (out/benchmark.json)
  --world       what the instance does where real ones are not known for sure: recorded (over HTTP/2, the likelier one),
                worst, or a file of a world; over HTTP/2 there are no cells with a cold or a stale connection
  --write-docs  writes docs/benchmark.md, .svg and .json
  --list        names the cells, and runs nothing

npm run bench -- --scale [--browser NAME]... [--json FILE] [--write-docs]

  what grows with use: the log of 100,000 entries, the state of 10,000 closes, 20 CCPs and 10,000 routing profiles;
  --write-docs writes its tables into docs/benchmark.md, beside those of the close matrix

npm run bench -- --rest [--seconds N] [--browser NAME]...

  how often the background is started, and stores, while an agent is Available and nothing happens

npm run bench -- --fleet [--agents N] [--seed N] [--pipeline] [--json FILE]

  a working day of 10,000 machines that report to a collector; --pipeline puts Debian's syslog-ng behind it`

/** Reads the arguments; throws with a word for people where they make no sense. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      cell: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string', default: join('out', 'benchmark.json') },
      world: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  })
  const world = worldOf(values.world)
  if (world !== USUAL && values['write-docs']) throw new Error('The documentation is written of the usual world.')
  const cells = cellsThatFit(values.quick ? QUICK_CELLS : CELLS, values.cell).filter(
    ({ network }) => world.world.http !== 'h2' || !PER_REQUEST.has(network),
  )
  if (cells.length === 0) throw new Error(`There is no cell like ${values.cell.join(' or ')}.`)
  return {
    cells,
    runs: positive('--runs', values.runs ?? (values.quick ? '2' : '5')),
    seed: positive('--seed', values.seed),
    list: values.list,
    json: values.json,
    writeDocs: values['write-docs'],
    world,
  }
}

/** The matrix as it is documented: HTTP/1.1, where connections can be cold. */
const USUAL: BenchWorld = { name: 'usual', world: RECORDED }

function worldOf(name: string | undefined): BenchWorld {
  if (name === undefined) return USUAL
  return { name, world: name === 'recorded' ? { ...RECORDED, http: 'h2' } : worldFor(name) }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} wants a whole number from 1, not "${text}".`)
  return value
}
