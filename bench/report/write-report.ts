import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import type { RunResult } from '../judge/run-result'
import { summarize } from '../judge/summary'
import { targetsOf } from '../judge/targets'
import type { BenchOptions } from '../options'
import { idOf } from '../matrix/cell'
import { CELLS } from '../matrix/chosen'
import type { MatrixResults } from '../stage/run-matrix'
import type { Scale } from '../scale/table'
import { documentOf } from './document'
import { plotOf } from './plot'
import { withCells, type RawFigures } from './raw-figures'
import { tableOf } from './table'

export interface Report {
  readonly options: BenchOptions
  readonly results: readonly RunResult[]
  readonly versions: MatrixResults['versions']
  readonly started: Date
  readonly ended: Date
}

const DOCS = join(__dirname, '../../docs')

/** Prints the table and writes the raw figures; with `--write-docs` also the documentation. */
export async function writeReport({ options, results, versions, started, ended }: Report): Promise<void> {
  const cells = options.cells.map((cell) => summarize(cell, results))
  const { runs, seed, world } = options
  const raw = {
    started: started.toISOString(),
    ended: ended.toISOString(),
    versions,
    runs,
    seed,
    world: world.name,
    cells: cells.map((summary) => ({ ...summary, targets: targetsOf(summary) })),
    results,
  }
  const json = `${JSON.stringify(raw, null, 2)}\n`
  const minutes = ((ended.getTime() - started.getTime()) / 60_000).toFixed(1)
  console.log(
    `\n${tableOf(cells)}\n\nTimes are in round trips. ${results.length} runs in ${minutes} min: ${options.json}`,
  )
  write(options.json, json)
  if (!options.writeDocs) return
  const isWhole = CELLS.every((cell) => raw.cells.some(({ id }) => id === idOf(cell)))
  await writeRaw('benchmark.json', isWhole ? raw : withCells(read('benchmark.json') as RawFigures, raw))
  await writeBenchmarkPage()
}

/** Writes raw figures to a JSON file in docs. @param name the file's name */
export async function writeRaw(name: string, raw: object): Promise<void> {
  await writeFormatted(name, JSON.stringify(raw, null, 2))
}

/** Writes docs/benchmark.md and benchmark.svg from the raw figures in docs. */
export async function writeBenchmarkPage(): Promise<void> {
  const { cells, runs, seed, versions, started, again = {} } = read('benchmark.json') as RawFigures
  const scale = existsSync(join(DOCS, SCALE)) ? (read(SCALE) as Scale) : null
  await writeFormatted(
    'benchmark.md',
    documentOf(cells, { runs, seed, versions, started: new Date(started), again: Object.keys(again) }, scale),
  )
  write(join(DOCS, 'benchmark.svg'), plotOf(cells))
}

const SCALE = 'benchmark-scale.json'
const read = (name: string): unknown => JSON.parse(readFileSync(join(DOCS, name), 'utf8'))

/** Writes a file in docs, formatted by Prettier as lint requires. */
async function writeFormatted(name: string, text: string): Promise<void> {
  const filepath = join(DOCS, name)
  write(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }))
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
