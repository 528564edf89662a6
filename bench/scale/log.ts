/** Measures the log section of the options page with many entries, in a real browser. */
import type { BrowserName, Page } from '../../test/browser'
import { launchBrowser, startDisplay, until } from '../../test/browser'
import { shipped } from '../../test/e2e/builds'
import { storeSettings } from '../../test/e2e/own-store'
import { median } from '../judge/statistics'
import { fillLog } from './fill'
import { countAll, readAll, writeOne } from './previous'
import type { Shown } from './sampler'
import { startSampler, takeSample } from './sampler'

/** How long each step took until the page showed its result, in ms. */
export type LogTimes = Readonly<Record<LogStep, number>>

/** The steps, and their names in the table. */
export const LOG_STEPS = {
  rows: 'the first rows',
  outcome: 'a filter, by a rare outcome',
  agent: 'a filter, by an agent',
  search: 'a search that finds entries',
  nothing: 'a search that finds nothing, until its end',
  sort: 'a sort, by how long a close took',
  more: 'more rows, by scrolling',
  news: 'a change is shown',
  write: 'a write of one entry',
  export: 'an export of all entries',
  upgrade: 'the first opening after an update',
  digests: 'the first sort of all entries after an update',
  readAll: 'earlier versions: all entries are read, not shown',
  countAll: 'earlier versions: all entries are counted at each write',
} as const
export type LogStep = keyof typeof LOG_STEPS

/** How long the browser may take to make the indexes of a long log, and the page to make its digests. */
const UPGRADE_MS = 180_000

/** How often the page is opened: each step is measured once in each, and the median counts. */
export const OPENINGS = 5

/** The close that took longest, in the first row: a close at the newest end took no time at all. */
const LONGEST: Shown = { selector: '#log-rows tr:first-child td:nth-child(9)', text: '4' }

/** Measures a log with so many entries, in a browser of its own. */
export async function measureLog(browser: BrowserName, entries: number): Promise<LogTimes> {
  const display = await startDisplay()
  const driven = await launchBrowser({
    browser,
    display,
    extensionDir: shipped(browser),
    hosts: [],
    port: 9,
    spki: '',
  })
  try {
    const store = await driven.extension.openPage('manifest.json')
    await until('the background to have started', () => driven.extension.backgroundRuns())
    // Otherwise the background would shorten the log to the default number.
    await storeSettings(driven, { retentionEntries: 100_000 })
    await store.evaluate(fillLog, entries)
    const filled = Date.now()
    const first = await driven.extension.openPage('options.html#log')
    await first.toFront()
    const isThere = () => first.evaluate(() => document.querySelector('#log-rows tr') !== null)
    await until('the log', isThere, { timeout: UPGRADE_MS })
    const upgrade = Date.now() - filled
    const digests = await timed(first, 'click', '[data-sort="took"] button', LONGEST, UPGRADE_MS)
    await first.discard()
    const before = { readAll: await store.evaluate(readAll), countAll: await store.evaluate(countAll) }
    const openings: Steps[] = []
    for (let nth = 0; nth < OPENINGS; nth += 1) {
      // Another section first, so that loading the page itself is not measured.
      const page = await driven.extension.openPage('options.html#health')
      await page.driver.setViewport({ width: 1280, height: 900 })
      await page.toFront()
      openings.push(await steps(page, entries))
      await page.discard()
    }
    return { ...mediansOf(openings), write: await store.evaluate(writeOne), upgrade, digests, ...before }
  } finally {
    await driven.close()
    await display.stop()
  }
}

/** Acts in the page (see `startSampler`), and resolves with the ms until the page showed the result. */
async function timed(page: Page, act: string, value: string, shown: Shown, timeout = 40_000): Promise<number> {
  await page.evaluate(startSampler, act, value, shown)
  const sample = await until(`${act} ${value}`, () => page.evaluate(takeSample), { timeout })
  return sample.tookMs
}

/** The steps of one opening of the page. */
type Steps = Readonly<Record<(typeof OPENED)[number], number>>
const OPENED = ['rows', 'outcome', 'agent', 'search', 'nothing', 'sort', 'more', 'news', 'export'] as const

function mediansOf(openings: readonly Steps[]): Steps {
  const medians = OPENED.map((step) => [step, median(openings.map((times) => times[step])) ?? NaN])
  return Object.fromEntries(medians) as Steps
}

async function steps(page: Page, entries: number): Promise<Steps> {
  const total = new Intl.NumberFormat('en').format(entries)
  const all: Shown = { selector: '#log-count', text: `${total} ` }
  const some: Shown = { selector: '#log-count', text: ` of ${total}` }
  const rows = await timed(page, 'hash', '#log', { selector: '#log-rows tr' })
  const outcome = await timed(page, 'outcome', 'left_available', some)
  await timed(page, 'click', '#log-reset', all)
  const agent = await timed(page, 'agent', 'Agent 17 ', some)
  await timed(page, 'click', '#log-reset', all)
  const search = await timed(page, 'search', 'agent 17', some)
  const nothing = await timed(page, 'search', 'nobody at all', { selector: '#log-message .empty' })
  await timed(page, 'search', '', all)
  const sort = await timed(page, 'click', '[data-sort="took"] button', LONGEST)
  await timed(page, 'click', '[data-sort="when"] button', { selector: '[data-sort="when"][aria-sort="descending"]' })
  const more = await timed(page, 'scroll', '', { selector: '#log-rows > tr', atLeast: 101 })
  const news = await timed(page, 'revision', '', all)
  const file = await timed(page, 'click', '#log-csv', { selector: '#log-said', text: 'Saved' })
  return { rows, outcome, agent, search, nothing, sort, more, news, export: file }
}
