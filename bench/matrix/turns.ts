import type { Cell, Contender } from './cell'
import { contendersOf, runsOf } from './cell'
import { shuffled } from './shuffle'

/** One run to be made. */
export interface Turn {
  readonly contender: Contender
  readonly run: number
}

/** The cells in the order in which they are run: each browser's together, drawn by the seed. */
export function orderOfCells(cells: readonly Cell[], seed: number): Cell[] {
  const browsers = [...new Set(cells.map(({ browser }) => browser))]
  return browsers.flatMap((name) =>
    shuffled(
      cells.filter(({ browser }) => browser === name),
      seed,
    ),
  )
}

/** The runs of a cell, drawn by the seed: contenders take turns, so that a busy minute is everybody's. */
export function turnsOf(cell: Cell, runs: number, seed: number): Turn[] {
  const turns = contendersOf(cell).flatMap((contender) =>
    Array.from({ length: runsOf(contender, cell, runs) }, (_, index) => ({ contender, run: index + 1 })),
  )
  return shuffled(turns, seed)
}
