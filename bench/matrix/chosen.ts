import type { BrowserName } from '../../test/browser'
import type { Background } from '../../test/e2e/stage'
import { BACKGROUND } from '../../test/e2e/stage'
import type { Cell, Close, Cookies, Network } from './cell'
import { CLOSES, COOKIES, NETWORKS } from './cell'

export const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox']

type Choice = readonly [Close, Network, Background, Cookies, 'quick'?]

/** Which cells are chosen, and why: see `LEFT_OUT`. */
const CHOICES: readonly Choice[] = [
  ['tab', 'warm', 'awake', 'persistent', 'quick'],
  ['tab', 'warm', 'stopped', 'persistent'],
  ['tab', 'h2', 'stopped', 'persistent'],
  ['tab', 'cold', 'awake', 'persistent'],
  ['tab', 'cold', 'stopped', 'persistent', 'quick'],
  ['beside', 'cold', 'awake', 'persistent'],
  ['tab', 'first-fails', 'awake', 'persistent'],
  ['tab', 'throttled', 'stopped', 'persistent'],
  ['tab', 'late', 'awake', 'persistent'],
  ['tab', 'gone', 'stopped', 'persistent'],
  ['tab', 'refused', 'stopped', 'persistent'],
  ['window', 'warm', 'stopped', 'persistent'],
  ['window', 'h2', 'awake', 'persistent'],
  ['window', 'stale', 'awake', 'persistent'],
  ['window', 'idle-10', 'awake', 'persistent'],
  ['window', 'idle-60', 'awake', 'persistent'],
  ['window', 'cold', 'awake', 'persistent', 'quick'],
  ['window', 'cold', 'awake', 'session'],
  ['quit', 'cold', 'stopped', 'persistent'],
  ['several', 'warm', 'stopped', 'persistent'],
  ['navigate', 'warm', 'stopped', 'persistent'],
  ['navigate', 'cold', 'awake', 'persistent'],
  ['frame', 'cold', 'stopped', 'session', 'quick'],
  ['renderer', 'warm', 'stopped', 'persistent'],
  ['renderer', 'cold', 'awake', 'persistent'],
  ['sigterm', 'warm', 'awake', 'persistent'],
  ['sigkill', 'cold', 'stopped', 'persistent', 'quick'],
  ['sigkill', 'warm', 'awake', 'session'],
]

const POSSIBLE = BROWSERS.length * CLOSES.length * NETWORKS.length * BACKGROUND.length * COOKIES.length

/** Sentences for the documentation: what the choice leaves out of all possible cells, and why. */
export const LEFT_OUT = [
  `There are ${POSSIBLE} possible cells. Chosen are: each close on a warm or a cold connection, most on both, every other network with a ` +
    'closing tab or window, each background on both connections, and session cookies where the browser ends.',
  'A quit on a warm connection with a single CCP: the cell with several CCPs is such a quit, too.',
  'A network that fails, is late or is gone while the browser ends: the next start does the rest, as in the other cells ' +
    'in which the browser ends.',
  'Session cookies where the browser keeps running: they last as long as the browser does.',
  'Persistent cookies in a frame: it is on another site and has cookies of its own there, so that the background cannot ' +
    'ask the instance afterwards, however long the cookies last.',
  'The raw keepalive request is measured only on open connections where the page notices the close, since only there it is a yardstick.',
  'Contenders without a background still run in the cells of both backgrounds. “Nothing” has a third of the runs where ' +
    'no page has handlers to wait for, and so has everybody where a connection has to lie idle, which takes minutes.',
]

function toCell(browser: BrowserName, [close, network, background, cookies]: Choice): Cell {
  return { browser, close, network, background, cookies }
}

/** Every cell of the matrix, browser by browser. */
export const CELLS: readonly Cell[] = BROWSERS.flatMap((browser) => CHOICES.map((choice) => toCell(browser, choice)))

/** The cells of `--quick`, which take about five minutes. */
export const QUICK_CELLS: readonly Cell[] = BROWSERS.flatMap((browser) =>
  CHOICES.filter(([, , , , quick]) => quick).map((choice) => toCell(browser, choice)),
)
