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
  /** Firefox preferences that differ from the driver's defaults. */
  readonly extraPrefs?: LaunchOptions['extraPrefs']
}

/** A real browser with the extension as it ships, on a display, and an instance behind it. */
export interface Scene {
  readonly display: Display
  readonly instance: Instance
  readonly browser: Browser
  /** The status that the popup shows. */
  status(): Promise<Status>
  /**
   * A value that changes whenever the log is written to. Read from storage, so that it does not start the background.
   */
  logRevision(): Promise<string>
  /** Opens CCP v1 in its own window and signs the agent in; resolves once the extension sees them Available. */
  openCcp(username: string): Promise<Page>
  close(): Promise<void>
}

/** The part of the extension API that is used here. Firefox has it under this name too. */
declare const chrome: {
  runtime: { sendMessage(message: object): Promise<unknown> }
  storage: { session: { get(key: string): Promise<Record<string, unknown>> } }
}

/** Opens the scene. Where one part fails to open, the parts before it are closed again, and the error is thrown. */
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
  // A page of the extension without a script, from which to send messages to the background.
  const bare = await browser.extension.openPage('manifest.json')
  const status = async (): Promise<Status> => {
    const answer = await bare.evaluate(() => chrome.runtime.sendMessage({ kind: 'ui', type: 'get_status' }))
    const { ok, value, error } = answer as { ok: boolean; value: Status; error?: string }
    if (!ok) throw new Error(`The extension did not report its status: ${error ?? 'no answer'}`)
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
