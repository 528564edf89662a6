/**
 * How the log section fares with many entries, in real browsers: `npm run bench -- --log-page [--entries N] [--shots DIR]`.
 * It prints figures, and fails nobody.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserName, Page } from '../test/browser'
import { launchBrowser, startDisplay, until } from '../test/browser'
import { fillLog } from './log-page/fill'
import type { Shown } from './log-page/sampler'
import { startSampler, takeSample } from './log-page/sampler'

/** What each browser calls the build that is for it. */
const TARGETS: Readonly<Record<BrowserName, string>> = { chromium: 'chrome', firefox: 'firefox' }

interface Figure {
  readonly what: string
  /** Until the page shows it, in ms. */
  readonly tookMs: number
  /** The longest time for which nothing else could run, in ms. */
  readonly longestTaskMs: number
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'log-page': { type: 'boolean' },
      entries: { type: 'string', default: '20000' },
      browser: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
      shots: { type: 'string' },
    },
  })
  const entries = Number(values.entries)
  for (const browser of ['chromium', 'firefox'] as const) {
    if (!values.browser.includes(browser)) continue
    console.log(`\n${browser}, ${entries} entries`)
    for (const { what, tookMs, longestTaskMs } of await measure(browser, entries, values.shots)) {
      console.log(
        `${what.padEnd(34)} ${tookMs.toFixed(0).padStart(6)} ms   longest task ${longestTaskMs.toFixed(0)} ms`,
      )
    }
  }
}

async function measure(browser: BrowserName, entries: number, shots: string | undefined): Promise<Figure[]> {
  const display = await startDisplay()
  const extensionDir = join(__dirname, '..', process.env['SIGNOFF_DIST'] ?? 'dist', TARGETS[browser])
  const driven = await launchBrowser({ browser, display, extensionDir, hosts: [], port: 9, spki: '' })
  try {
    const store = await driven.extension.openPage('manifest.json')
    await until('the background to have started', () => driven.extension.backgroundRuns())
    await store.evaluate(fillLog, entries)
    // Another section first: what is measured is not the start of the browser's own page.
    const page = await driven.extension.openPage('options.html#health')
    await page.driver.setViewport({ width: 1280, height: 900 })
    await page.toFront()
    const figures = await run(page, entries)
    if (shots !== undefined) {
      await mkdir(shots, { recursive: true })
      await page.screenshot(join(shots, `log-page-${browser}.png`))
    }
    return figures
  } finally {
    await driven.close()
    await display.stop()
  }
}

async function run(page: Page, entries: number): Promise<Figure[]> {
  const figures: Figure[] = []
  /** Does something in the page, and waits there until the page shows what comes of it. */
  const step = async (what: string, act: string, value: string, shown: Shown): Promise<void> => {
    await page.evaluate(startSampler, act, value, shown)
    const sample = await until(what, () => page.evaluate(takeSample), { timeout: 60_000 })
    figures.push({ what, ...sample })
  }
  const total = new Intl.NumberFormat('en').format(entries)
  const all: Shown = { selector: '#log-count', text: `${total} ` }
  const some: Shown = { selector: '#log-count', text: ` of ${total}` }
  await step('open: the first rows', 'hash', '#log', { selector: '#log-rows tr' })
  await step('open: all is read', 'none', '', all)
  await step('filter by text', 'search', 'agent 17', some)
  await step('filter by text, no match', 'search', 'nobody at all', { selector: '#log-message .empty' })
  await step('no filter', 'search', '', all)
  await step('filter by outcome', 'outcome', 'failed', some)
  await step('reset', 'click', '#log-reset', all)
  await step('sort by agent', 'click', '[data-sort="agent"] button', { selector: '[data-sort="agent"][aria-sort]' })
  await step('sort by took', 'click', '[data-sort="took"] button', { selector: '[data-sort="took"][aria-sort]' })
  await step('scroll to more rows', 'scroll', '', { selector: '#log-rows > tr', atLeast: 101 })
  await step('a change is shown', 'revision', '', all)
  await step('export CSV', 'click', '#log-csv', { selector: '#log-said:not(:empty)' })
  await step('support file', 'click', '#support-save', { selector: '#support-said:not(:empty)' })
  return figures
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
