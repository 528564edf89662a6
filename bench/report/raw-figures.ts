import type { CellSummary } from '../judge/summary'
import type { BenchOptions } from '../options'
import type { MatrixResults } from '../stage/run-matrix'

/** The raw figures in docs. */
export interface RawFigures extends Pick<BenchOptions, 'runs' | 'seed'>, MatrixResults {
  /** As ISO 8601. */
  readonly started: string
  readonly cells: readonly CellSummary[]
  /** When cells were measured again, on their own, by cell id; as ISO 8601. */
  readonly again?: Readonly<Record<string, string>>
}

/** The figures of the whole matrix, with those of its cells that were measured again on their own. */
export function withCells(all: RawFigures, again: RawFigures): RawFigures {
  const known = new Set(all.cells.map(({ id }) => id))
  const newer = new Map(again.cells.filter(({ id }) => known.has(id)).map((cell) => [cell.id, cell]))
  return {
    ...all,
    cells: all.cells.map((cell) => newer.get(cell.id) ?? cell),
    results: [
      ...all.results.filter(({ cell }) => !newer.has(cell)),
      ...again.results.filter(({ cell }) => newer.has(cell)),
    ],
    again: { ...all.again, ...Object.fromEntries([...newer.keys()].map((id) => [id, again.started])) },
  }
}
