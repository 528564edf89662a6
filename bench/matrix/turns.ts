import type { Cell, Contender } from './cell'
import { contendersOf, runsOf } from './cell'
import { shuffled } from './shuffle'

/** One run to be made. */
export interface Turn {
  readonly contender: Contender
  readonly run: number
}

/** The order in which the cells run: browser by browser, and shuffled with the seed within each. */
export function orderOfCells(cells: readonly Cell[], seed: number): Cell[] {
  const browsers = [...new Set(cells.map(({ browser }) => browser))]
  return browsers.flatMap((name) =>
    shuffled(
      cells.filter(({ browser }) => browser === name),
      seed,
    ),
  )
}

/** A cell's runs, shuffled with the seed: contenders are mixed, so that a busy minute affects all of them. */
export function turnsOf(cell: Cell, runs: number, seed: number): Turn[] {
  const turns = contendersOf(cell).flatMap((contender) =>
    Array.from({ length: runsOf(contender, cell, runs) }, (_, index) => ({ contender, run: index + 1 })),
  )
  return shuffled(turns, seed)
}
