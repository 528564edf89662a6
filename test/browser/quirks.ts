import type { Browser as Driver, Page as DriverPage } from 'puppeteer-core'
import type { Sendable } from './expression'

/** What each browser does in its own way. */
export interface Quirks {
  readonly driver: Driver
  readonly extension: ExtensionQuirks | undefined
  installExtension(dir: string): Promise<ExtensionQuirks>
  uninstallExtension(id: string): Promise<void>
  preferColorScheme(page: DriverPage, scheme: 'light' | 'dark'): Promise<void>
  /** The process id of the page's renderer. */
  rendererPid(page: DriverPage): Promise<number>
}

/** What each browser does with an extension in its own way. */
export interface ExtensionQuirks {
  readonly id: string
  readonly origin: string
  /** Navigates a tab to a page of the extension; may resolve before it is complete. */
  goto(page: DriverPage, path: string): Promise<void>
  backgroundRuns(): Promise<boolean>
  evaluateInBackground<A extends unknown[], R>(fn: Sendable<A, R>, args: A): Promise<Awaited<R>>
  stopBackground(): Promise<void>
  reload(): Promise<void>
}

/** What was to come after the browser's start; where that fails, the browser is ended: nobody has a hold of it yet. */
export async function orClose<T>(driver: Driver, rest: Promise<T>): Promise<T> {
  try {
    return await rest
  } catch (error) {
    await driver.close()
    throw error
  }
}
