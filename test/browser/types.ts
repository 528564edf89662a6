import type { Browser as Driver, Page as DriverPage } from 'puppeteer-core'
import type { ChildProcess } from 'node:child_process'
import type { Display } from './display'
import type { Sendable } from './expression'
import type { MachinePolicy } from './machine-policy'

/** The supported browsers. */
export type BrowserName = 'chromium' | 'firefox'

/** What to launch, and in which surroundings. */
export interface LaunchOptions {
  browser: BrowserName
  display: Display
  /** The unpacked extension. */
  extensionDir?: string
  /** The machine's policies, and the id of the extension that they install. */
  policy?: { readonly machine: Pick<MachinePolicy, 'program'>; readonly extensionId: string }
  /** Allows the extension in private windows; not possible in Firefox with a kept profile. */
  inPrivate?: boolean
  /** A profile to keep, so that the browser can be launched with it again; otherwise a new one, removed at the end. */
  profileDir?: string
  /** Host name patterns, such as `*.awsapps.com`, that are served at 127.0.0.1; no other host can be reached. */
  hosts: string[]
  /** The port there that replaces 443. */
  port: number
  /** SHA-256 of the test certificate's public key, in base64. */
  spki: string
  /** The language of the browser's texts, and so of the extension's; English by default. */
  language?: string
  extraArgs?: string[]
  extraPrefs?: Record<string, string | number | boolean>
}

/** Where functions can be evaluated. */
interface Realm {
  evaluate<A extends unknown[], R>(fn: Sendable<A, R>, ...args: A): Promise<Awaited<R>>
}

/** A document inside a page. */
export interface Frame extends Realm {
  url(): string
  click(selector: string): Promise<void>
  waitFor(what: string): Promise<void>
  waitFor<A extends unknown[], R>(what: Sendable<A, R>, ...args: A): Promise<Awaited<R>>
}

/** A tab, with its main document. */
export interface Page extends Frame {
  readonly browser: Browser
  /** The driver's own page, for everything else. */
  readonly driver: DriverPage
  /** Navigates like a script of the page: the old document's unload events fire. */
  navigate(url: string): Promise<void>
  /** The frame whose address contains the text, once there is one. */
  frame(urlPart: string): Promise<Frame>
  screenshot(file: string): Promise<void>
  /** The user's colour scheme as the page sees it; in Firefox it applies to all pages. */
  preferColorScheme(scheme: 'light' | 'dark'): Promise<void>
  /** Makes this the selected tab of the active window, and returns that X window's id. */
  toFront(): Promise<string>
  isClosed(): boolean
  /** Removes the tab without asking the page: no `beforeunload`. For a person's close see by-key.ts. */
  discard(): Promise<void>
}

/** The loaded extension. */
export interface Extension {
  readonly id: string
  /** The origin of its pages, without a trailing slash. */
  readonly origin: string
  openPage(path: string): Promise<Page>
  /** Wakes the background first if it is stopped. */
  evaluateInBackground<A extends unknown[], R>(fn: Sendable<A, R>, ...args: A): Promise<Awaited<R>>
  backgroundRuns(): Promise<boolean>
  /** Ends the background as the browser does when it is idle; resolves when it is gone. */
  stopBackground(): Promise<void>
  /** Makes the extension reload itself, as for an update; resolves when another background runs. Its tabs close. */
  reload(): Promise<void>
  /** Evaluates in a bare extension page without a script, to read what the extension has stored. */
  readStore<A extends unknown[], R>(fn: Sendable<A, R>, ...args: A): Promise<Awaited<R>>
}

/** A running browser. */
export interface Browser {
  readonly name: BrowserName
  readonly display: Display
  readonly process: ChildProcess
  /** The tab that the browser started with. */
  readonly home: Page
  /** The driver's own browser, for everything else. */
  readonly driver: Driver
  readonly profileDir: string
  /** Throws if there is none. */
  readonly extension: Extension
  /** Installs an unpacked extension in the running browser, until its end; resolves when it is there. */
  installExtension(dir: string): Promise<void>
  /** Removes the extension, as its user may do at any time; resolves when it is gone. */
  uninstallExtension(): Promise<void>
  newWindow(url: string): Promise<Page>
  newTab(url: string): Promise<Page>
  /** The tab whose address contains the text, once there is one: for tabs that the page opened itself. */
  pageAt(urlPart: string): Promise<Page>
  /** Signals the browser's main process; resolves when it is gone. */
  signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<void>
  /** Kills the process that renders the page; resolves when it is gone, with the time of the signal. */
  killRenderer(page: Page): Promise<number>
  /** Stops all of the browser's processes for this long, like a machine's sleep. */
  sleep(ms: number): Promise<void>
  hasExited(): boolean
  /** Resolves when the browser has ended, for whatever reason. */
  exited(): Promise<void>
  /** Ends the browser if it still runs, and removes the profile unless it was given. */
  close(): Promise<void>
}
