import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Cell } from './matrix/cell'
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
}

export const USAGE = `npm run bench -- [--quick] [--cell PATTERN]... [--runs N] [--seed N] [--json FILE] [--write-docs] [--list]

  --quick       few cells and runs, about five minutes
  --cell        only cells whose id contains PATTERN, or fits it where it has a * in it; the whole id of any other
                cell of the product brings that one (browser/close/network/background/cookies)
  --runs        runs of each contender in each cell (5; 2 with --quick)
  --seed        of the order in which they take turns (1)
  --json        where the raw figures go (out/benchmark.json)
  --write-docs  writes docs/benchmark.md, .svg and .json
  --list        names the cells, and runs nothing

npm run bench -- --log-page [--entries N] [--browser NAME]... [--shots DIR]

  how the log section opens, filters and sorts with 20,000 entries

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
      'write-docs': { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  })
  const cells = cellsThatFit(values.quick ? QUICK_CELLS : CELLS, values.cell)
  if (cells.length === 0) throw new Error(`There is no cell like ${values.cell.join(' or ')}.`)
  return {
    cells,
    runs: positive('--runs', values.runs ?? (values.quick ? '2' : '5')),
    seed: positive('--seed', values.seed),
    list: values.list,
    json: values.json,
    writeDocs: values['write-docs'],
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} wants a whole number from 1, not "${text}".`)
  return value
}
