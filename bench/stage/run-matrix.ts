import type { Browser, BrowserName } from '../../test/browser'
import { startDisplay } from '../../test/browser'
import type { Instance } from '../../test/instance/instance'
import { startInstance } from '../../test/instance/instance'
import type { RunResult } from '../judge/run-result'
import type { Cell, Contender } from '../matrix/cell'
import { idOf } from '../matrix/cell'
import { orderOfCells, turnsOf } from '../matrix/turns'
import type { BenchOptions } from '../options'
import { resultLine } from '../report/result-line'
import { withKeyTimes, type TimedDisplay } from './key-times'
import { runOnce } from './run'
import { newInLog, openSeat, type Seat } from './seat'
import { tenantsIn } from './tenants'

export interface MatrixResults {
  readonly results: readonly RunResult[]
  /** The browsers' own names and versions. */
  readonly versions: Readonly<Partial<Record<BrowserName, string>>>
}

/** A run that takes longer is ended: it hangs, since no wait in a run is that long. */
const RUN_MS = 300_000

/** Makes all runs, one at a time, on one instance and one display. */
export async function runMatrix({ cells, runs, seed, world: { world } }: BenchOptions): Promise<MatrixResults> {
  const instance = await startInstance({ tenants: tenantsIn(world) })
  const display = withKeyTimes(await startDisplay())
  const seats = new Seats({ instance, display })
  const results: RunResult[] = []
  const versions: Partial<Record<BrowserName, string>> = {}
  const order = orderOfCells(cells, seed)
  try {
    for (const [index, cell] of order.entries()) {
      console.log(`\n${idOf(cell)} (${index + 1} of ${order.length})`)
      for (const turn of turnsOf(cell, runs, seed + index)) {
        const result = await seats.run(cell, turn.contender, turn.run)
        results.push(result)
        console.log(`  ${resultLine(result)}`)
      }
      versions[cell.browser] ??= await seats.version(cell)
      // The other browser's windows are closed first: four idle browsers are load enough.
      if (order[index + 1]?.browser !== cell.browser) await seats.close()
    }
  } finally {
    await seats.close()
    await display.stop()
    await instance.close()
  }
  return { results, versions }
}

/** The open browsers, one for each contender, opened when first needed. */
class Seats {
  private readonly open = new Map<Contender, Seat>()

  constructor(private readonly on: { readonly instance: Instance; readonly display: TimedDisplay }) {}

  /** Makes one run. Where that fails, the result says why, and the contender gets a new browser. */
  async run(cell: Cell, contender: Contender, run: number): Promise<RunResult> {
    try {
      const seat = this.open.get(contender) ?? (await openSeat(cell.browser, contender, this.on))
      this.open.set(contender, seat)
      return await inTime(runOnce(seat, cell, run, this.on.display))
    } catch (error) {
      await this.leave(contender)
      const nothing = { offlineMs: null, offlineBy: null, mendedMs: null, goneMs: null, log: null }
      return { cell: idOf(cell), contender, run, ...nothing, trouble: wordsOf(error) }
    }
  }

  async version({ browser }: Cell): Promise<string> {
    const running = [...this.open.values()].map(({ stage }) => stage.browser).find(isRunning)
    return running === undefined ? browser : running.driver.version()
  }

  async close(): Promise<void> {
    for (const [contender, seat] of [...this.open]) {
      const isSignoff = contender === 'signoff' && isRunning(seat.stage.browser)
      if (isSignoff) await newInLog(seat, Date.now()).catch(() => undefined)
      await this.leave(contender)
    }
  }

  private async leave(contender: Contender): Promise<void> {
    const seat = this.open.get(contender)
    this.open.delete(contender)
    await seat?.close().catch((error: unknown) => console.error(`Cleaning up: ${wordsOf(error)}`))
  }
}

const isRunning = (browser: Browser): boolean => !browser.hasExited()

async function inTime<T>(run: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The run was not over after ${RUN_MS / 1000} s`)), RUN_MS)
  })
  try {
    return await Promise.race([run, late])
  } finally {
    clearTimeout(timer)
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
