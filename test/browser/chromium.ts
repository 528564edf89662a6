import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import puppeteer, { type Browser as Driver, type CDPSession, type Page as DriverPage } from 'puppeteer-core'
import { expressionOf, valueOf, type Sendable } from './expression'
import type { LaunchOptions } from './types'
import { orClose, type ExtensionQuirks, type Quirks } from './quirks'
import { until } from './until'

/** Defaults of the driver that make timers, hidden tabs and popups behave differently than in an agent's browser. */
const UNLIKE_LIFE = [
  '--enable-automation',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-hang-monitor',
  '--disable-ipc-flooding-protection',
  '--disable-popup-blocking',
]

/** A default of the driver that keeps the browser from looking for extensions installed by policy. */
const WITHOUT_UPDATES = ['--disable-background-networking']

/** Launches Chromium with a window. */
export async function launchChromium(options: LaunchOptions, profileDir: string): Promise<Quirks> {
  await allowUnpacked(profileDir)
  const driver = await puppeteer.launch({
    browser: 'chrome',
    executablePath: options.policy?.machine.program ?? '/usr/bin/chromium',
    headless: false,
    pipe: true,
    enableExtensions: true,
    userDataDir: profileDir,
    defaultViewport: null,
    ignoreDefaultArgs: [...UNLIKE_LIFE, ...(options.policy ? WITHOUT_UPDATES : [])],
    args: [...argsFor(options), ...(options.extraArgs ?? [])],
    // On Linux, Chromium does not use its own switch for the language.
    env: { ...options.display.env, LANGUAGE: languageOf(options) },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    protocolTimeout: 90_000,
  })
  const installExtension = async (dir: string): Promise<ExtensionQuirks> =>
    extensionOf(driver, options.inPrivate ? await installInPrivate(driver, dir) : await driver.installExtension(dir))
  return {
    driver,
    extension: await orClose(driver, firstExtension(driver, options, installExtension)),
    installExtension,
    uninstallExtension: (id) => driver.uninstallExtension(id),
    preferColorScheme: (page, value) => page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]),
    rendererPid,
  }
}

async function firstExtension(
  driver: Driver,
  { extensionDir, policy }: LaunchOptions,
  install: (dir: string) => Promise<ExtensionQuirks>,
): Promise<ExtensionQuirks | undefined> {
  if (policy === undefined) return extensionDir === undefined ? undefined : install(extensionDir)
  const extension = await extensionOf(driver, policy.extensionId)
  await until('the extension that policy installs', () => extension.backgroundRuns(), { timeout: 30_000 })
  return extension
}

/** Installs the extension as allowed in private windows, which the driver's own way does not support. */
async function installInPrivate(driver: Driver, path: string): Promise<string> {
  const cdp = await driver.target().createCDPSession()
  const { id } = await cdp.send('Extensions.loadUnpacked', { path, enableInIncognito: true })
  await cdp.detach()
  return id
}

/** Outside developer mode an unpacked extension that reloads itself would be disabled. */
async function allowUnpacked(profileDir: string): Promise<void> {
  const file = join(profileDir, 'Default', 'Preferences')
  if (existsSync(file)) return
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, JSON.stringify({ extensions: { ui: { developer_mode: true } } }))
}

function argsFor(options: LaunchOptions): string[] {
  const { hosts, port, spki, policy } = options
  const mapped = hosts.map((host) => `MAP ${host} 127.0.0.1:${port}`)
  const rules = [...mapped, 'MAP * ~NOTFOUND', 'EXCLUDE localhost', 'EXCLUDE 127.0.0.1'].join(', ')
  return [
    `--host-resolver-rules=${rules}`,
    `--ignore-certificate-errors-spki-list=${spki}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-component-update',
    '--disable-quic',
    '--disable-gpu',
    // Of the browser's own interface, not of pages: a tenth of its processor time (measured).
    '--animation-duration-scale=0',
    // Pages of the address bar, which cost three of the four seconds of processor time of a start (measured).
    '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup',
    '--hide-crash-restore-bubble',
    '--window-size=1000,800',
    `--lang=${languageOf(options)}`,
    // Chromium refuses its sandbox to root, as which it runs with its own policies, and shows a warning bar in every
    // window unless it is a test.
    ...(process.getuid?.() === 0 || policy !== undefined ? ['--no-sandbox', '--test-type'] : []),
  ]
}

function languageOf({ language = 'en-US' }: LaunchOptions): string {
  return language
}

async function extensionOf(driver: Driver, id: string): Promise<ExtensionQuirks> {
  const origin = `chrome-extension://${id}`
  const cdp = await driver.target().createCDPSession()
  await leaveWorkersAlone(cdp)
  const worker = async (): Promise<string | undefined> => {
    const { targetInfos } = await cdp.send('Target.getTargets', { filter: [{ type: 'service_worker' }] })
    return targetInfos.find((info) => info.url.startsWith(origin))?.targetId
  }
  const evaluateInBackground = async <A extends unknown[], R>(fn: Sendable<A, R>, args: A): Promise<Awaited<R>> => {
    if ((await worker()) === undefined) await startWorker(driver, origin)
    const target = await until('the service worker', worker)
    return inWorker<R>(cdp, target, expressionOf(fn, args))
  }
  return {
    id,
    origin,
    goto: async (page, path) => {
      await page.goto(`${origin}/${path}`)
    },
    backgroundRuns: async () => (await worker()) !== undefined,
    evaluateInBackground,
    stopBackground: async () => {
      // Something may start another one just then, and a background that is kept awake never stops by itself.
      await until('the service worker to stop', async () => {
        const targetId = await worker()
        if (targetId === undefined) return true
        // One that has gone meanwhile cannot be closed, as the next check shows.
        await cdp.send('Target.closeTarget', { targetId }).catch(() => undefined)
        return (await worker()) === undefined
      })
    },
    reload: async () => {
      // Determined first, because the background may be gone before this call is answered.
      await evaluateInBackground(() => undefined, [])
      const before = await worker()
      await evaluateInBackground(() => void setTimeout(() => chrome.runtime.reload()), [])
      await until('another service worker', async () => ![before, undefined].includes(await worker()))
    },
  }
}

/**
 * The driver attaches to every new target and pauses it meanwhile. Not to service workers: one with a debugger is
 * never stopped when idle, and a paused one wakes more slowly than in real life.
 */
async function leaveWorkersAlone(cdp: CDPSession): Promise<void> {
  const exclude = true
  await cdp.connection()?.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: true,
    filter: [{ type: 'page', exclude }, { type: 'service_worker', exclude }, {}],
  })
}

/** Starts the extension's service worker through any page in the same storage partition. */
async function startWorker(driver: Driver, origin: string): Promise<void> {
  const [page] = await driver.pages()
  if (!page) throw new Error('No page is left to start the service worker from')
  const session = await page.createCDPSession()
  let running = false
  session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    running ||= versions.some((version) => version.scriptURL.startsWith(origin) && version.runningStatus === 'running')
  })
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.startWorker', { scopeURL: `${origin}/` })
  await until('the service worker to run', () => running)
  await session.detach()
}

/** Evaluates in the worker, once its script has run and it is active, and detaches at once. */
async function inWorker<R>(cdp: CDPSession, targetId: string, source: string): Promise<Awaited<R>> {
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true })
  const session = cdp.connection()?.session(sessionId)
  if (!session) throw new Error('No session with the service worker')
  const evaluate = async (expression: string): Promise<unknown> => {
    const params = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', params)
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result.value
  }
  try {
    await until('the service worker to be active', () => evaluate('serviceWorker.state === "activated"'))
    return valueOf<R>(await evaluate(source))
  } finally {
    await cdp.send('Target.detachFromTarget', { sessionId })
  }
}

/** A trace begins with the list of the page's frames and their processes. */
async function rendererPid(page: DriverPage): Promise<number> {
  const session = await page.createCDPSession()
  const { frameTree } = await session.send('Page.getFrameTree')
  await session.detach()
  await page.tracing.start({ categories: ['-*', 'disabled-by-default-devtools.timeline'] })
  const trace = JSON.parse(new TextDecoder().decode(await page.tracing.stop())) as { traceEvents: TraceEvent[] }
  const frames = trace.traceEvents.flatMap((event) => event.args.data?.frames ?? [])
  const pid = frames.find(({ frame }) => frame === frameTree.frame.id)?.processId
  if (pid === undefined) throw new Error(`No process is known to render ${page.url()}`)
  return pid
}

/** The part of the extension API that is used here. */
declare const chrome: { runtime: { reload(): void } }

interface TraceEvent {
  args: { data?: { frames?: { frame: string; processId: number }[] } }
}
