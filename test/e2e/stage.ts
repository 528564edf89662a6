import type { LogEntry } from '../../src/domain/log-entry'
import type { CcpDocument } from '../../src/domain/sessions/ccp-document'
import type { SessionsState } from '../../src/domain/sessions/state'
import { EMPTY_SESSIONS } from '../../src/domain/sessions/state'
import type { Browser, BrowserName, Display, LaunchOptions, Page } from '../browser'
import { launchBrowser, startDisplay, until } from '../browser'
import type { Instance, InstanceOptions } from '../instance/instance'
import { startInstance } from '../instance/instance'

export interface StageOptions {
  readonly browser: BrowserName
  /** Nothing: the extension comes later, by `browser.installExtension()`. */
  readonly extensionDir?: string
  readonly instance?: InstanceOptions
  /** An instance and a display that are there already, for several browsers side by side: they outlive the stage. */
  readonly on?: { readonly instance: Instance; readonly display: Display }
  /** A profile to keep, for a restart. */
  readonly profileDir?: string
  /** Firefox's preferences, for what a test wants otherwise. */
  readonly extraPrefs?: LaunchOptions['extraPrefs']
  readonly extraArgs?: LaunchOptions['extraArgs']
  readonly inPrivate?: boolean
  readonly language?: LaunchOptions['language']
  /** The extension comes by policy. */
  readonly policy?: LaunchOptions['policy']
}

/** Whether the background runs when the page goes, or was stopped, as browsers do after half a minute. */
export const BACKGROUND = ['awake', 'stopped'] as const
export type Background = (typeof BACKGROUND)[number]

/** A real browser with the extension as it ships, real windows, and an instance behind it. */
export interface Stage {
  readonly display: Display
  readonly instance: Instance
  readonly browser: Browser
  /** Opens a CCP in a window of its own, with the agent Available, and waits until the background knows them. */
  openAvailable(url: string, who?: { username?: string; alias?: string }): Promise<Page>
  /** Ends the browser, if it has not ended, and starts it again on the same profile. */
  restart(): Promise<void>
  /** Closes the tab in which the stage looks into the extension's store; the next look opens another. */
  leaveStore(): Promise<void>
  /** Makes ready for a close: the window in front, and the background as the case wants it. */
  ready(page: Page, background: Background): Promise<void>
  /** What the background has stored of open documents. */
  sessions(): Promise<SessionsState>
  /** Waits for an open document of the agent, as the background has stored it, that fulfils the condition. */
  document(username: string, is?: (doc: CcpDocument) => boolean): Promise<CcpDocument>
  log(): Promise<LogEntry[]>
  /** The entries that are not in `before`, once there are so many. */
  newEntries(before: readonly LogEntry[], count?: number): Promise<LogEntry[]>
  close(): Promise<void>
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const { instance, display } = options.on ?? {
    instance: await startInstance(options.instance),
    display: await startDisplay(),
  }
  const { port, spki, hosts } = instance
  const { browser: name, extensionDir, profileDir, extraPrefs, extraArgs, inPrivate, language, policy } = options
  const launch = (): Promise<Browser> =>
    launchBrowser({
      browser: name,
      display,
      hosts: [...hosts],
      port,
      spki,
      ...(extensionDir !== undefined && { extensionDir }),
      ...(profileDir !== undefined && { profileDir }),
      ...(extraPrefs !== undefined && { extraPrefs }),
      ...(extraArgs !== undefined && { extraArgs }),
      ...(inPrivate !== undefined && { inPrivate }),
      ...(language !== undefined && { language }),
      ...(policy !== undefined && { policy }),
    })
  let browser = await launch()
  // One bare page for all looks into the store: tabs that come and go are events to the extension.
  let store: Page | null = null
  const look = async <R>(read: () => Promise<R>): Promise<Awaited<R>> => {
    // An extension that is loaded anew takes its tabs with it.
    if (store === null || store.isClosed()) store = await browser.extension.openPage('manifest.json')
    return store.evaluate(read)
  }

  const stage: Stage = {
    display,
    instance,
    get browser() {
      return browser
    },
    restart: async () => {
      await browser.close()
      store = null
      browser = await launch()
    },
    leaveStore: async () => {
      await store?.discard()
      store = null
    },
    openAvailable: async (url, { username = 'alice', alias } = {}) => {
      await look(readSessions)
      const page = await browser.newWindow(url)
      await stage.document(username)
      instance.agent(username, alias).set('routable')
      await stage.document(username, (doc) => doc.agent?.state.type === 'routable')
      return page
    },
    ready: async (page, background) => {
      await page.toFront()
      if (background === 'stopped') await browser.extension.stopBackground()
    },
    sessions: async () => (await look(readSessions)) ?? EMPTY_SESSIONS,
    document: (username, is = () => true) =>
      until(`the background to know ${username}${is.length > 0 ? ' as asked' : ''}`, async () => {
        const here = Object.values((await stage.sessions()).documents).filter(({ gone }) => gone === null)
        const found = here.find((doc) => doc.agent?.username === username && is(doc))
        if (found === undefined) throw new Error(`It knows ${JSON.stringify(here)}`)
        return found
      }),
    log: () => look(readLog),
    newEntries: async (before, count = 1) => {
      const known = new Set(before.map((entry) => entry.id))
      return until(`${count} new log entries`, async () => {
        const fresh = (await stage.log()).filter((entry) => !known.has(entry.id))
        return fresh.length >= count && fresh
      })
    },
    close: async () => {
      await browser.close()
      if (options.on !== undefined) return
      await display.stop()
      await instance.close()
    },
  }
  return stage
}

/** Of the extension API what is used here; Firefox has it under this name too. */
declare const chrome: { storage: { local: { get(key: string): Promise<Record<string, unknown>> } } }

/** null where nothing was stored yet. */
async function readSessions(): Promise<SessionsState | null> {
  const { sessions } = await chrome.storage.local.get('sessions')
  return (sessions as { state: SessionsState } | undefined)?.state ?? null
}

/** The log, read without code of ours. */
async function readLog(): Promise<LogEntry[]> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
    })
  const names = (await indexedDB.databases()).map(({ name }) => name)
  if (!names.includes('ccp-signoff-log')) return []
  const database = await answer(indexedDB.open('ccp-signoff-log'))
  try {
    if (!database.objectStoreNames.contains('entries')) return []
    return await answer(
      database.transaction('entries').objectStore('entries').index('at').getAll() as IDBRequest<LogEntry[]>,
    )
  } finally {
    database.close()
  }
}
