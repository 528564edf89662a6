import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { World } from '../test/instance/world/axes'
import { RECORDED } from '../test/instance/world/axes'
import { worldFor } from '../test/instance/world/world-file'
import type { Cell, Network } from './matrix/cell'
import { CELLS, QUICK_CELLS } from './matrix/chosen'
import { cellsThatFit } from './matrix/choose'

/** The options of the close matrix. */
export interface BenchOptions {
  readonly cells: readonly Cell[]
  readonly runs: number
  readonly seed: number
  readonly list: boolean
  /** The file for the raw figures. */
  readonly json: string
  readonly writeDocs: boolean
  /** How the instance behaves where real instances are not known for sure. */
  readonly world: BenchWorld
}

/** A world, and its name or file from the command line. */
export interface BenchWorld {
  readonly name: string
  readonly world: World
}

/** Networks that depend on a connection for each request. HTTP/2 has no such connections, and so no such cells. */
const PER_REQUEST: ReadonlySet<Network> = new Set<Network>(['cold', 'stale', 'idle-10', 'idle-60'])

export const USAGE = `npm run bench -- [--quick] [--cell PATTERN]... [--runs N] [--seed N] [--json FILE] [--world NAME|FILE] [--write-docs] [--list]

  --quick       few cells and runs, about five minutes
  --cell        only cells whose id (browser/close/network/background/cookies) contains PATTERN, or matches it where it
                has a *; the whole id of a cell outside the matrix adds that cell
  --runs        runs of each contender in each cell (5; 2 with --quick)
  --seed        the seed of the order of all runs (1)
  --json        the file for the raw figures (out/benchmark.json)
  --world       how the instance behaves where real instances are not known for sure: recorded (over HTTP/2, which is
                likelier), worst, or a file of a world; over HTTP/2 there are no cells with a cold, stale or idle connection
  --write-docs  writes docs/benchmark.md, .svg and .json; together with --cell it replaces the figures of these cells
  --list        lists the cells, and runs nothing

npm run bench -- --scale [--browser NAME]... [--json FILE] [--write-docs]

  what grows with use: a log of 100,000 entries, the close state after 10,000 closes, 20 CCPs and 10,000 routing
  profiles; --write-docs writes its tables into docs/benchmark.md, next to those of the close matrix

npm run bench -- --rest [--seconds N] [--browser NAME]... [--heartbeat] [--json FILE]

  how often the background is started, and writes to storage, while an agent is Available and nothing happens;
  --heartbeat measures it again with heartbeats to a watchdog

npm run bench -- --load [--rounds N] [--slowdown N] [--browser NAME]...

  what the extension adds to loading a CCP

npm run bench -- --fleet [--agents N] [--seed N] [--pipeline] [--json FILE]

  a working day of 10,000 machines that report to a collector; --pipeline puts syslog-ng behind the collector`

/** Parses the arguments of the close matrix. Throws an Error for people where they make no sense. */
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
  if (world !== USUAL && values['write-docs']) throw new Error('--write-docs does not go together with --world.')
  const cells = cellsThatFit(values.quick ? QUICK_CELLS : CELLS, values.cell).filter(
    ({ network }) => world.world.http !== 'h2' || !PER_REQUEST.has(network),
  )
  if (cells.length === 0) throw new Error(`No cell matches ${values.cell.join(' or ')}.`)
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

/** The world of the documented matrix: HTTP/1.1, where connections can be cold. */
const USUAL: BenchWorld = { name: 'usual', world: RECORDED }

function worldOf(name: string | undefined): BenchWorld {
  if (name === undefined) return USUAL
  return { name, world: name === 'recorded' ? { ...RECORDED, http: 'h2' } : worldFor(name) }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${name} must be a whole number of at least 1, not "${text}".`)
  return value
}
