import type { BrowserName } from '../../test/browser'
import type { Background } from '../../test/e2e/stage'

/** The ways in which a CCP is closed. */
export const CLOSES = [
  'tab',
  'beside',
  'window',
  'quit',
  'several',
  'navigate',
  'frame',
  'renderer',
  'sigterm',
  'sigkill',
] as const
export type Close = (typeof CLOSES)[number]

/** The state of network and instance during the close. */
export const NETWORKS = [
  'warm',
  'h2',
  'cold',
  'idle-10',
  'idle-60',
  'first-fails',
  'throttled',
  'late',
  'gone',
  'refused',
  'stale',
] as const
export type Network = (typeof NETWORKS)[number]

/** Whether the session at the instance outlives the browser. */
export const COOKIES = ['persistent', 'session'] as const
export type Cookies = (typeof COOKIES)[number]

/** One cell of the matrix: a kind of close and its conditions. */
export interface Cell {
  readonly browser: BrowserName
  readonly close: Close
  readonly network: Network
  readonly background: Background
  readonly cookies: Cookies
}

/**
 * What is compared: the extension, AWS's snippet, the fastest request that a page can make, and no extension at all.
 */
export const CONTENDERS = ['signoff', 'aws-snippet', 'keepalive', 'none'] as const
export type Contender = (typeof CONTENDERS)[number]

/** The cell's id, as `--cell` takes it. */
export function idOf({ browser, close, network, background, cookies }: Cell): string {
  return [browser, close, network, background, cookies].join('/')
}

const ENDING: ReadonlySet<Close> = new Set<Close>(['window', 'quit', 'several', 'sigterm', 'sigkill'])

/** Whether the browser ends with the CCP. */
export const endsBrowser = ({ close }: Pick<Cell, 'close'>): boolean => ENDING.has(close)

/** The round trip of each network, in ms. */
export function roundTripOf(network: Network): number {
  return network === 'cold' ? 250 : 60
}

/** Whether a request of the close finds an open connection. */
export const isOpen = (network: Network): boolean => network === 'warm' || network === 'h2'

/** Whether the page gets `beforeunload`. */
const hearsOfIt = ({ close }: Cell): boolean =>
  ['tab', 'beside', 'window', 'quit', 'several', 'navigate'].includes(close)

/**
 * The contenders of a cell. The raw request takes part only on
 * open connections, and only if the page gets `beforeunload`.
 */
export function contendersOf(cell: Cell): readonly Contender[] {
  return CONTENDERS.filter((name) => name !== 'keepalive' || (isOpen(cell.network) && hearsOfIt(cell)))
}

/** After how long the instance closes an idle connection, in ms; null where no cell waits for it. */
export function idleTimeoutOf(network: Network): number | null {
  switch (network) {
    case 'idle-10':
      return 10_000
    case 'idle-60':
      return 60_000
    default:
      return null
  }
}

/**
 * How many runs a contender gets. "None" gets a third, since its result is always the same, except where the page gets
 * `beforeunload`: there its runs are the measure of how long a close takes. Where a run waits for minutes, each contender gets a third.
 */
export function runsOf(contender: Contender, cell: Cell, runs: number): number {
  const isThird = idleTimeoutOf(cell.network) !== null || (contender === 'none' && !hearsOfIt(cell))
  return isThird ? Math.ceil(runs / 3) : runs
}
