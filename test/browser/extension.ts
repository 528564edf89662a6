import type { Page as DriverPage } from 'puppeteer-core'
import type { Sendable } from './expression'
import type { ExtensionQuirks } from './quirks'
import type { Browser, Extension, Page } from './types'
import { until } from './until'

/** A file of every extension that, opened in a tab, is a document of the extension's origin without any script. */
const BARE_PAGE = 'manifest.json'

/** The extension of this browser. */
export function extensionOf(browser: Browser, quirks: ExtensionQuirks, known: (page: DriverPage) => Page): Extension {
  const openPage = async (path: string): Promise<Page> => {
    const page = known(await browser.driver.newPage())
    await quirks.goto(page.driver, path)
    await until(`the extension's ${path}`, () =>
      page.evaluate(
        (origin: string) => location.href.startsWith(origin) && document.readyState === 'complete',
        quirks.origin,
      ),
    )
    return page
  }
  return {
    id: quirks.id,
    origin: quirks.origin,
    openPage,
    backgroundRuns: () => quirks.backgroundRuns(),
    stopBackground: () => quirks.stopBackground(),
    reload: () => quirks.reload(),
    evaluateInBackground: (fn, ...args) => quirks.evaluateInBackground(fn, args),
    readStore: async <A extends unknown[], R>(fn: Sendable<A, R>, ...args: A): Promise<Awaited<R>> => {
      const page = await openPage(BARE_PAGE)
      try {
        return await page.evaluate(fn, ...args)
      } finally {
        await page.discard()
      }
    },
  }
}
