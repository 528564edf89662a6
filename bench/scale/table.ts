import type { BrowserName } from '../../test/browser'
import { ratio } from '../judge/statistics'
import { times } from '../report/words'
import type { LogStep, LogTimes } from './log'
import { LOG_STEPS } from './log'
import type { StateCosts } from './state'

/** The numbers of entries in the measured logs, in ascending order. */
export const LOG_SIZES = [1_000, 20_000, 100_000] as const

/** The figures of `npm run bench -- --scale`. */
export interface Scale {
  readonly started: string
  /** How many processors the machine has. */
  readonly processors: number
  /** See `OPENINGS`. */
  readonly openings: number
  /** The times of a log of each size, in the order of `LOG_SIZES`. */
  readonly log: Partial<Readonly<Record<BrowserName, readonly LogTimes[]>>>
  readonly state: StateCosts
}

const whole = (value: number): string => new Intl.NumberFormat('en').format(Math.round(value))

/** The figures as Markdown: a table for each browser's log, and one for the background. */
export function scaleTables({ log, state }: Scale): string {
  return [...Object.entries(log).map(([browser, sizes]) => logTable(browser, sizes)), stateTable(state)].join('\n\n')
}

function logTable(browser: string, sizes: readonly LogTimes[]): string {
  const [small] = sizes
  const large = sizes.at(-1)
  const head = [
    `log, ${browser}`,
    ...LOG_SIZES.map((size) => `${whole(size)} entries`),
    'largest : smallest',
    'largest : reading all',
  ]
  // Figures of an older run lack the steps that were added since.
  const steps = (Object.keys(LOG_STEPS) as LogStep[]).filter((step) => small !== undefined && step in small)
  const rows = steps.map((step) => [
    LOG_STEPS[step],
    ...sizes.map((size) => `${whole(size[step])} ms`),
    times(ratio(large?.[step] ?? null, small?.[step] ?? null)),
    times(ratio(large?.[step] ?? null, large?.readAll ?? null)),
  ])
  return table(head, rows)
}

function stateTable({
  closes,
  closeMs,
  closeBytes,
  ccps,
  restartBytes,
  restartWrites,
  profiles,
  policyMs,
}: StateCosts): string {
  const row = (what: string, [small, large]: readonly [number, number], say: (value: number) => string): string[] => [
    what,
    say(small),
    say(large),
    times(ratio(large, small)),
  ]
  const ms = (value: number): string => `${value.toFixed(2)} ms`
  const bytes = (value: number): string => `${whole(value / 1_000)} kB`
  const of = ([small, large]: readonly [number, number], what: string): string =>
    `${whole(small)} and ${whole(large)} ${what}`
  return table(
    ['background', 'small', 'large', 'large : small'],
    [
      row(`a close, after ${of(closes, 'others')}: time`, closeMs, ms),
      row(`the same: written`, closeBytes, bytes),
      row(`a restart with ${of(ccps, 'CCPs')}: written`, restartBytes, bytes),
      row('the same: writes', restartWrites, String),
      row(`a policy with ${of(profiles, 'routing profiles')}: resolved`, policyMs, ms),
    ],
  )
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows].map(line).join('\n')
}
