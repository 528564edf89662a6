import type { Status } from '../../src/protocol/ui-messages'
import type { Browser, BrowserName, Display, LaunchOptions, Page } from '../../test/browser'
import { launchBrowser, startDisplay, until } from '../../test/browser'
import { shipped } from '../../test/e2e/builds'
import type { Instance, InstanceOptions } from '../../test/instance/instance'
import { startInstance } from '../../test/instance/instance'

export interface SceneOptions {
  readonly browser: BrowserName
  readonly display: Parameters<typeof startDisplay>[0]
  readonly instance: InstanceOptions
  /** Firefox's preferences, for what a story wants otherwise. */
  readonly extraPrefs?: LaunchOptions['extraPrefs']
}

/** A real browser with the extension as it ships, on a display, and an instance behind it. */
export interface Scene {
  readonly display: Display
  readonly instance: Instance
  readonly browser: Browser
  /** What the extension says of itself: the popup shows the same. */
  status(): Promise<Status>
  /** When the log was last written to, by what is stored: asking for it wakes nobody. */
  logRevision(): Promise<string>
  /** Opens the CCP in a window of its own, with the agent signed in and Available, once the extension knows them. */
  openCcp(username: string): Promise<Page>
  close(): Promise<void>
}

/** Of the extension API what is used here; Firefox has it under this name too. */
declare const chrome: {
  runtime: { sendMessage(message: object): Promise<unknown> }
  storage: { session: { get(key: string): Promise<Record<string, unknown>> } }
}

/** Opens the scene; where a part of it cannot be had, those before it are closed again. */
export async function openScene(options: SceneOptions): Promise<Scene> {
  const opened: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) {
      await end().catch((error: unknown) => console.error(`Cleaning up: ${String(error)}`))
    }
  }
  try {
    const instance = await startInstance(options.instance)
    opened.push(() => instance.close())
    const display = await startDisplay(options.display)
    opened.push(() => display.stop())
    const { port, spki, hosts } = instance
    const extensionDir = shipped(options.browser)
    const browser = await launchBrowser({
      browser: options.browser,
      extensionDir,
      display,
      hosts: [...hosts],
      port,
      spki,
      ...(options.extraPrefs !== undefined && { extraPrefs: options.extraPrefs }),
    })
    opened.push(() => browser.close())
    return { display, instance, browser, close, ...(await watchExtension(browser, instance)) }
  } catch (error) {
    await close()
    throw error
  }
}

async function watchExtension(
  browser: Browser,
  instance: Instance,
): Promise<Pick<Scene, 'status' | 'logRevision' | 'openCcp'>> {
  // A page of the extension's without a script of its own, from which it can be asked.
  const bare = await browser.extension.openPage('manifest.json')
  const status = async (): Promise<Status> => {
    const answer = await bare.evaluate(() => chrome.runtime.sendMessage({ kind: 'ui', type: 'get_status' }))
    const { ok, value, error } = answer as { ok: boolean; value: Status; error?: string }
    if (!ok) throw new Error(`The extension cannot tell its status: ${error ?? 'no answer'}`)
    return value
  }
  const isReady = async (username: string): Promise<boolean> =>
    (await status()).documents.some(({ agent, outlook }) => {
      return agent?.username === username && outlook.is === 'sets'
    })
  return {
    status,
    logRevision: async () => {
      const { 'stored:log': revision } = await bare.evaluate(() => chrome.storage.session.get('stored:log'))
      return typeof revision === 'string' ? revision : ''
    },
    openCcp: async (username) => {
      const page = await browser.newWindow(instance.url.ccp('v1', { signInAs: username }))
      await until(`the extension to know ${username}`, async () =>
        (await status()).documents.some(({ agent }) => agent?.username === username),
      )
      instance.agent(username).set('routable')
      await until(`the extension to see ${username} Available`, () => isReady(username))
      return page
    },
  }
}
