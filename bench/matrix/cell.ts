import type { BrowserName } from '../../test/browser'
import type { Background } from '../../test/e2e/stage'

/** The ways in which a CCP goes. */
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

/** What the way to the instance is like, and what the instance does, while it goes. */
export const NETWORKS = ['warm', 'cold', 'first-fails', 'throttled', 'late', 'gone', 'refused', 'stale'] as const
export type Network = (typeof NETWORKS)[number]

/** Whether the session at the instance outlives the browser. */
export const COOKIES = ['persistent', 'session'] as const
export type Cookies = (typeof COOKIES)[number]

/** One place in the matrix: what is done, and under which conditions. */
export interface Cell {
  readonly browser: BrowserName
  readonly close: Close
  readonly network: Network
  readonly background: Background
  readonly cookies: Cookies
}

/** Who is compared: the extension, AWS's snippet, nothing, and the quickest request that a page can make. */
export const CONTENDERS = ['signoff', 'aws-snippet', 'keepalive', 'none'] as const
export type Contender = (typeof CONTENDERS)[number]

/** The cell's name, by which it can be run alone. */
export function idOf({ browser, close, network, background, cookies }: Cell): string {
  return [browser, close, network, background, cookies].join('/')
}

const ENDING: ReadonlySet<Close> = new Set<Close>(['window', 'quit', 'several', 'sigterm', 'sigkill'])

/** Whether the browser ends together with the CCP. */
export const endsBrowser = ({ close }: Pick<Cell, 'close'>): boolean => ENDING.has(close)

/** The round trip of each network, in ms. */
export function roundTripOf(network: Network): number {
  return network === 'cold' ? 250 : 60
}

/** Whether the page gets its `beforeunload` at all. */
const hearsOfIt = ({ close }: Cell): boolean =>
  ['tab', 'beside', 'window', 'quit', 'several', 'navigate'].includes(close)

/** Who takes part in a cell: the raw request is the measure of warm cells alone. */
export function contendersOf(cell: Cell): readonly Contender[] {
  return CONTENDERS.filter((name) => name !== 'keepalive' || (cell.network === 'warm' && hearsOfIt(cell)))
}

/**
 * How many runs a contender gets. What nothing does is soon known, but where somebody waits for the page to go, it is the
 * measure of how long that takes.
 */
export function runsOf(contender: Contender, cell: Cell, runs: number): number {
  return contender === 'none' && !hearsOfIt(cell) ? Math.ceil(runs / 3) : runs
}
