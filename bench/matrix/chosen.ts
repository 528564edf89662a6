import type { BrowserName } from '../../test/browser'
import type { Background } from '../../test/e2e/stage'
import type { Cell, Close, Cookies, Network } from './cell'

export const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox']

type Choice = readonly [Close, Network, Background, Cookies, 'quick'?]

/** Each close warm or cold, each network on the commonest close, both backgrounds on both; and where sessions matter. */
const CHOICES: readonly Choice[] = [
  ['tab', 'warm', 'awake', 'persistent', 'quick'],
  ['tab', 'warm', 'stopped', 'persistent'],
  ['tab', 'cold', 'awake', 'persistent'],
  ['tab', 'cold', 'stopped', 'persistent', 'quick'],
  ['beside', 'cold', 'awake', 'persistent'],
  ['tab', 'first-fails', 'awake', 'persistent'],
  ['tab', 'throttled', 'stopped', 'persistent'],
  ['tab', 'late', 'awake', 'persistent'],
  ['tab', 'gone', 'stopped', 'persistent'],
  ['tab', 'refused', 'stopped', 'persistent'],
  ['window', 'warm', 'stopped', 'persistent'],
  ['window', 'stale', 'awake', 'persistent'],
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

/** What the choice leaves out of the whole product, and why. */
export const LEFT_OUT = [
  'The product has 640 cells. Chosen are: each close on a warm or a cold connection, most on both, each other network on a closing ' +
    'tab, each background on both connections, and session cookies where the browser ends.',
  'A quit on a warm connection by itself: the one with several CCPs is one too.',
  'A network that fails, is late or is gone while the browser ends: what follows is done by the next start, as in the ' +
    'other cells in which the browser ends.',
  'Session cookies where the browser lives on: they are there as long as it is.',
  'The frame is one of another site, whose cookies are of that site’s own jar: nothing can be asked afterwards, ' +
    'whatever the cookies’ life.',
  'The raw keepalive request stands in the warm cells whose close the page notices: it is the measure there alone.',
  'Contenders without a background run in both kinds of cell nevertheless; nothing has a third of the runs where no ' +
    'page waits for its handlers.',
]

function toCell(browser: BrowserName, [close, network, background, cookies]: Choice): Cell {
  return { browser, close, network, background, cookies }
}

/** Every cell of the matrix, browser by browser. */
export const CELLS: readonly Cell[] = BROWSERS.flatMap((browser) => CHOICES.map((choice) => toCell(browser, choice)))

/** The cells for a look of about five minutes. */
export const QUICK_CELLS: readonly Cell[] = BROWSERS.flatMap((browser) =>
  CHOICES.filter(([, , , , quick]) => quick).map((choice) => toCell(browser, choice)),
)
