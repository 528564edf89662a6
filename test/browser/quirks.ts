import type { Browser as Driver, Page as DriverPage } from 'puppeteer-core'
import type { Sendable } from './expression'

/** What each browser does differently. */
export interface Quirks {
  readonly driver: Driver
  readonly extension: ExtensionQuirks | undefined
  installExtension(dir: string): Promise<ExtensionQuirks>
  uninstallExtension(id: string): Promise<void>
  preferColorScheme(page: DriverPage, scheme: 'light' | 'dark'): Promise<void>
  /** The process id of the page's renderer. */
  rendererPid(page: DriverPage): Promise<number>
}

/** What each browser does differently with an extension. */
export interface ExtensionQuirks {
  readonly id: string
  readonly origin: string
  /** Navigates a tab to a page of the extension; may resolve before it has loaded. */
  goto(page: DriverPage, path: string): Promise<void>
  backgroundRuns(): Promise<boolean>
  evaluateInBackground<A extends unknown[], R>(fn: Sendable<A, R>, args: A): Promise<Awaited<R>>
  stopBackground(): Promise<void>
  reload(): Promise<void>
}

/** The rest of the browser's start; if that fails, the browser is closed, because nobody else can close it yet. */
export async function orClose<T>(driver: Driver, rest: Promise<T>): Promise<T> {
  try {
    return await rest
  } catch (error) {
    await driver.close()
    throw error
  }
}
