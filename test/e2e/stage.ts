import { basename } from 'node:path'
import type { LogEntry } from '../../src/domain/log-entry'
import type { CcpDocument } from '../../src/domain/closes/ccp-document'
import type { Flag, CloseState } from '../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../src/domain/closes/state'
import { COUNTING_MS, ROUNDING_MS } from '../../src/domain/state-period'
import type { Browser, BrowserName, Display, LaunchOptions, Page } from '../browser'
import { launchBrowser, startDisplay, until } from '../browser'
import type { Instance, InstanceOptions } from '../instance/instance'
import { startInstance } from '../instance/instance'
import type { World } from '../instance/world/axes'
import { tellWithFailures } from './account'
import { readOwn } from './own-store'
import { worldOfStories } from './worlds/story-worlds'

/** The stored state, with the lists that older versions read, and the entries that are still to be logged. */
export type StoredState = CloseState & { readonly flags: readonly Flag[]; readonly unlogged: readonly LogEntry[] }

export interface StageOptions {
  readonly browser: BrowserName
  /** Without it, the extension comes later, by `browser.installExtension()`. */
  readonly extensionDir?: string
  readonly instance?: InstanceOptions
  /** An existing instance and display, for several browsers side by side: they outlive the stage. */
  readonly on?: { readonly instance: Instance; readonly display: Display }
  /** A profile that is kept for a restart. */
  readonly profileDir?: string
  /** Firefox preferences that a test wants to be different. */
  readonly extraPrefs?: LaunchOptions['extraPrefs']
  readonly extraArgs?: LaunchOptions['extraArgs']
  readonly inPrivate?: boolean
  readonly language?: LaunchOptions['language']
  /** Installs the extension by policy. */
  readonly policy?: LaunchOptions['policy']
}

/** Whether the background runs when the page goes, or was stopped, as browsers do after half a minute. */
export type Background = 'awake' | 'stopped'
/** What a story is played with. A slow machine plays the harder one alone (see `scripts/test.mjs`). */
export const BACKGROUND: readonly Background[] =
  process.env['SIGNOFF_BACKGROUND'] === 'stopped' ? ['stopped'] : ['awake', 'stopped']

/** A real browser with the extension as it ships, real windows, and an instance behind it. */
export interface Stage {
  readonly display: Display
  readonly instance: Instance
  readonly browser: Browser
  /** Opens a CCP in its own window, with the agent Available, and waits until the background knows them. */
  openAvailable(url: string, who?: { username?: string; alias?: string }): Promise<Page>
  /** Ends the browser, if it still runs, and starts it again with the same profile. */
  restart(): Promise<void>
  /** Closes the tab in which the stage reads the extension's store; the next read opens another. */
  leaveStore(): Promise<void>
  /** Prepares a close: the window in front, and the background awake or stopped. */
  ready(page: Page, background: Background): Promise<void>
  /** What the background has stored about open documents. */
  storedState(): Promise<StoredState>
  /** Waits for an open document of the agent, as stored by the background, that meets the condition. */
  document(username: string, is?: (doc: CcpDocument) => boolean): Promise<CcpDocument>
  log(): Promise<LogEntry[]>
  /** The entries that are not in `before`, once there are this many. */
  newEntries(before: readonly LogEntry[], count?: number): Promise<LogEntry[]>
  close(): Promise<void>
}

/** The world of the running file of stories; the recorded one if no test runs. */
function ownWorld(browser: BrowserName): World {
  const file = typeof expect === 'undefined' ? undefined : expect.getState().testPath
  return worldOfStories(basename(file ?? '').split('.')[0] ?? '', browser)
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const { instance, display } = options.on ?? {
    instance: await startInstance({ world: ownWorld(options.browser), ...options.instance }),
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
  const stopTelling = tellWithFailures(instance.journal)
  const end = async (): Promise<void> => {
    stopTelling()
    if (options.on !== undefined) return
    await display.stop()
    await instance.close()
  }
  // Anything left open here would keep the test run from ending.
  let browser = await launch().catch(async (error: unknown) => {
    await end()
    throw error
  })
  // One bare page for all reads of the store, because tabs that come and go are events to the extension.
  let store: Page | null = null
  const look = async <R>(read: () => Promise<R>): Promise<Awaited<R>> => {
    // A reload of the extension closes its tabs.
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
      await look(readOwn)
      const page = await browser.newWindow(url)
      await stage.document(username)
      const agent = instance.agent(username, alias)
      agent.set('routable')
      // An agent who was Available before is so again, which the page may show later.
      const earliest = agent.state().since - COUNTING_MS - ROUNDING_MS
      await stage.document(
        username,
        (doc) => doc.agent?.state.type === 'routable' && (doc.agent.state.startTimestamp ?? earliest) >= earliest,
      )
      return page
    },
    ready: async (page, background) => {
      await page.toFront()
      if (background === 'stopped') await browser.extension.stopBackground()
    },
    storedState: async () => stateIn(await look(readOwn)) ?? { ...EMPTY_CLOSE_STATE, flags: [], unlogged: [] },
    document: (username, is = () => true) =>
      until(`the background to know ${username}${is.length > 0 ? ' as asked' : ''}`, async () => {
        const documents = Object.values((await stage.storedState()).documents)
        // After a restart, documents of the previous browser are still stored for a moment.
        const here = documents.filter(({ gone, orphanedAt }) => gone === null && orphanedAt === null)
        const found = here.find((doc) => doc.agent?.username === username && is(doc))
        if (found === undefined) throw new Error(`It knows ${JSON.stringify(here)}`)
        return found
      }),
    log: () => look(readLog),
    newEntries: async (before, count = 1) => {
      const known = new Set(before.map((entry) => entry.id))
      return until(
        `${count} new log entries`,
        async () => {
          const fresh = (await stage.log()).filter((entry) => !known.has(entry.id))
          return fresh.length >= count && fresh
          // A denial counts only after a minute or two, as in Streams.
        },
        { timeout: 150_000 },
      )
    },
    close: async () => {
      await browser.close()
      await end()
    },
  }
  return stage
}

/** null if nothing was stored yet. */
function stateIn({ sessions: storedState }: Record<string, unknown>): StoredState | null {
  const stored = storedState as ({ state: StoredState } & Pick<StoredState, 'closes' | 'unlogged'>) | undefined
  return stored === undefined ? null : { ...stored.state, closes: stored.closes, unlogged: stored.unlogged }
}

/** Reads the log without the extension's code. */
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
