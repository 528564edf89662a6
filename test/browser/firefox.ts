import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import puppeteer, { type Browser as Driver, type Page as DriverPage } from 'puppeteer-core'
import { filesIn, zipOf } from '../../scripts/package/zip'
import { bidi, contextOf, inChromeScope } from './chrome-scope'
import { inEventPage } from './firefox-background'
import { orClose, type ExtensionQuirks, type Quirks } from './quirks'
import type { LaunchOptions } from './types'
import { until } from './until'

/** Launches Firefox with a window. */
export async function launchFirefox(options: LaunchOptions, profileDir: string): Promise<Quirks> {
  const { extensionDir } = options
  const forGood = options.profileDir !== undefined
  if (extensionDir !== undefined && forGood) await putInto(profileDir, extensionDir)
  const driver = await puppeteer.launch({
    browser: 'firefox',
    executablePath: options.policy?.machine.program ?? '/usr/bin/firefox-esr',
    headless: false,
    userDataDir: profileDir,
    defaultViewport: null,
    acceptInsecureCerts: true,
    // Without system access neither the extension's pages nor the browser's own window can be reached.
    args: ['--remote-allow-system-access', '--width=1000', '--height=800', ...(options.extraArgs ?? [])],
    extraPrefsFirefox: { ...prefsFor(options), ...options.extraPrefs },
    env: options.display.env,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    protocolTimeout: 90_000,
  })
  const installExtension = async (dir: string): Promise<ExtensionQuirks> => {
    // The driver's own way does not support private windows.
    const extensionData = { type: 'path', path: dir }
    await bidi(driver, 'webExtension.install', {
      extensionData,
      'moz:allowPrivateBrowsing': options.inPrivate === true,
    })
    return extensionIn(driver, await idOf(dir))
  }
  // Installed as for development, it would be gone after a restart.
  const add = forGood ? async (dir: string) => extensionIn(driver, await idOf(dir)) : installExtension
  const first = async (): Promise<ExtensionQuirks | undefined> => {
    if (options.policy !== undefined) return extensionIn(driver, options.policy.extensionId)
    return extensionDir === undefined ? undefined : add(extensionDir)
  }
  return {
    driver,
    extension: await orClose(driver, first()),
    installExtension,
    uninstallExtension: async (id) => {
      await driver.uninstallExtension(id)
      await until('the extension to be gone', () =>
        inChromeScope(driver, (i) => WebExtensionPolicy.getByID(i) === null, id),
      )
    },
    preferColorScheme: (_, scheme) =>
      inChromeScope(
        driver,
        (value) => Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', value),
        scheme === 'dark' ? 0 : 1,
      ),
    rendererPid: (page) => rendererPid(driver, page),
  }
}

function prefsFor({ port, language = 'en-US' }: LaunchOptions): Record<string, string | number | boolean> {
  return {
    'network.dns.forceResolve': '127.0.0.1',
    'intl.locale.requested': language,
    'network.socket.forcePort': `443=${port}`,
    // An extension in the profile needs neither a signature nor the user's approval.
    'xpinstall.signatures.required': false,
    'extensions.autoDisableScopes': 0,
    'extensions.enabledScopes': 5,
    // Otherwise Ctrl+Q asks for confirmation.
    'browser.warnOnQuitShortcut': false,
    // Shows a bare file of the extension as it is.
    'devtools.jsonview.enabled': false,
    // A spare process for the next page costs more than it saves with few pages.
    'dom.ipc.processPrelaunch.enabled': false,
  }
}

/** Installs permanently: Firefox loads the extension from there at each start. */
async function putInto(profileDir: string, extensionDir: string): Promise<void> {
  const id = await idOf(extensionDir)
  const dir = join(profileDir, 'extensions')
  await mkdir(dir, { recursive: true })
  const xpi = join(dir, `${id}.xpi`)
  if (!existsSync(xpi)) await writeFile(xpi, zipOf(filesIn(extensionDir)))
}

async function idOf(extensionDir: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(extensionDir, 'manifest.json'), 'utf8')) as Manifest
  return manifest.browser_specific_settings.gecko.id
}

interface Manifest {
  browser_specific_settings: { gecko: { id: string } }
}

/** The extension, once Firefox has it. The host name of its pages is random. */
async function extensionIn(driver: Driver, id: string): Promise<ExtensionQuirks> {
  const host = await until('the extension', () =>
    inChromeScope(driver, (i) => WebExtensionPolicy.getByID(i)?.mozExtensionHostname, id),
  )
  return extensionOf(driver, id, `moz-extension://${host}`)
}

function extensionOf(driver: Driver, id: string, origin: string): ExtensionQuirks {
  const backgroundRuns = (): Promise<boolean> =>
    inChromeScope(driver, (i) => WebExtensionPolicy.getByID(i)?.extension.backgroundState === 'running', id)
  return {
    id,
    origin,
    goto: async (page, path) => {
      const url = `${origin}/${path}`
      // The driver's goto() would wait for ever, because it gets no load events of such a page.
      await bidi(driver, 'browsingContext.navigate', { context: contextOf(page), url, wait: 'none' })
    },
    backgroundRuns,
    evaluateInBackground: (fn, args) => inEventPage(driver, id, fn, args),
    stopBackground: async () => {
      // Firefox cancels the stop if something happens just then, and a background that is kept awake never stops by
      // itself.
      await until('the event page to stop', async () => {
        await inChromeScope(driver, (i) => WebExtensionPolicy.getByID(i)?.extension.terminateBackground(), id)
        return !(await backgroundRuns())
      })
    },
    reload: async () => {
      // Read from the browser's own object: an event page that is asked while it dies never answers.
      await inChromeScope(
        driver,
        (i) => {
          const policy = WebExtensionPolicy.getByID(i)
          if (policy) policy.extension.isBeforeReload = true
        },
        id,
      )
      await inEventPage(driver, id, () => void setTimeout(() => chrome.runtime.reload()), [])
      await until('another event page', () =>
        inChromeScope(
          driver,
          (i) => {
            const extension = WebExtensionPolicy.getByID(i)?.extension
            return extension?.isBeforeReload === undefined && extension?.backgroundState === 'running'
          },
          id,
        ),
      )
    },
  }
}

function rendererPid(driver: Driver, page: DriverPage): Promise<number> {
  return inChromeScope(
    driver,
    (context) => {
      const { NavigableManager } = ChromeUtils.importESModule('chrome://remote/content/shared/NavigableManager.sys.mjs')
      return NavigableManager.getBrowsingContextById(context).currentWindowGlobal.osPid
    },
    contextOf(page),
  )
}

/** The browser's own objects that are used here. */
declare const WebExtensionPolicy: {
  getByID(id: string): {
    mozExtensionHostname: string
    extension: { backgroundState: string; isBeforeReload?: true; terminateBackground(): Promise<void> }
  } | null
}

declare const Services: { prefs: { setIntPref(name: string, value: number): void } }

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: { runtime: { reload(): void } }

declare const ChromeUtils: {
  importESModule(url: 'chrome://remote/content/shared/NavigableManager.sys.mjs'): {
    NavigableManager: { getBrowsingContextById(id: string): { currentWindowGlobal: { osPid: number } } }
  }
}
