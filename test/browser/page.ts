import { setTimeout as delay } from 'node:timers/promises'
import type { Frame as DriverFrame, Page as DriverPage } from 'puppeteer-core'
import { expressionOf, valueOf, type Sendable } from './expression'
import type { Quirks } from './quirks'
import type { Browser, Frame, Page } from './types'
import { until } from './until'

/** Longer than a tab takes to close on a busy machine. */
const ASK_AGAIN_MS = 2_000

let marks = 0

/** Wraps the driver's frame. */
function frameOf(driver: () => DriverFrame): Frame {
  const evaluate = async <A extends unknown[], R>(fn: Sendable<A, R>, ...args: A): Promise<Awaited<R>> =>
    valueOf<R>(await driver().evaluate(expressionOf(fn, args)))
  return {
    evaluate,
    url: () => driver().url(),
    click: async (selector) => {
      await until(selector, () => evaluate((s: string) => document.querySelector(s) !== null, selector))
      await driver().click(selector)
    },
    waitFor: <A extends unknown[], R>(what: string | Sendable<A, R>, ...args: A) =>
      typeof what === 'string'
        ? until(what, () => evaluate((s: string) => document.querySelector(s) !== null, what))
        : until(what.toString(), () => evaluate(what, ...args)),
  } as Frame
}

/** Wraps the driver's page. */
export function pageOf(browser: Browser, driver: DriverPage, quirks: Quirks): Page {
  const main = frameOf(() => driver.mainFrame())
  return {
    ...main,
    browser,
    driver,
    navigate: async (url) => {
      const before = await main.evaluate(() => performance.timeOrigin)
      await main.evaluate((to: string) => void (location.href = to), url)
      await until(`navigation to ${url}`, () =>
        main.evaluate((old: number) => performance.timeOrigin !== old && document.readyState === 'complete', before),
      )
    },
    frame: async (urlPart) => {
      const found = await until(`a frame at ${urlPart}`, () => driver.frames().find((f) => f.url().includes(urlPart)))
      return frameOf(() => found)
    },
    screenshot: async (file) => {
      await driver.screenshot({ path: file })
    },
    preferColorScheme: async (scheme) => {
      await quirks.preferColorScheme(driver, scheme)
      const query = `(prefers-color-scheme: ${scheme})`
      await until(query, () => main.evaluate((q: string) => matchMedia(q).matches, query))
    },
    toFront: async () => {
      await driver.bringToFront()
      // An X window has the title of its selected tab: a unique title finds it, and proves the selection.
      const mark = `find-this-window-${++marks}`
      const title = await main.evaluate((m: string) => {
        const old = document.title
        document.title = m
        return old
      }, mark)
      const id = await until(`the X window of ${driver.url()}`, () => browser.display.windowTitled(mark))
      await main.evaluate((old: string) => void (document.title = old), title)
      await browser.display.activate(id)
      return id
    },
    isClosed: () => driver.isClosed(),
    discard: async () => {
      // Chromium loses a close that coincides with a change of the tab's document: seen 1 time in 7 beside a log-out.
      // The tab then stays, and the driver waits for its end for ever.
      await until(`${driver.url()} to be discarded`, () => {
        const closed = driver.close().then(
          () => true,
          () => driver.isClosed(),
        )
        return Promise.race([closed, delay(ASK_AGAIN_MS, false)])
      })
    },
  }
}
