import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  closeTabByKey,
  closeWindowByKey,
  launchBrowser,
  quitByKey,
  reloadByKey,
  startDisplay,
  typeAddress,
  until,
  type Browser,
  type BrowserName,
  type Display,
  type LaunchOptions,
  type Page,
} from '.'
import { startProbeServer, type ProbeServer } from './probe-server'

const CCP = 'https://acme.awsapps.com/connect/ccp#'
const FRAMED = 'https://acme.awsapps.com/connect/ccp-v2'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  runtime: { id: string }
  storage: { local: { get(): Promise<Record<string, unknown>> } }
}

jest.setTimeout(240_000)

let display: Display
let server: ProbeServer

beforeAll(async () => {
  ;[display, server] = await Promise.all([startDisplay(), startProbeServer()])
})

afterAll(async () => {
  await Promise.all([display.stop(), server.stop()])
})

function launch(browser: BrowserName, more: Partial<LaunchOptions> = {}): Promise<Browser> {
  const { port, spki } = server
  return launchBrowser({
    browser,
    display,
    extensionDir: join(__dirname, 'probe'),
    hosts: ['*.awsapps.com'],
    port,
    spki,
    ...more,
  })
}

/** The keys in the probe's storage: each is a fact that the probe recorded. */
function facts(browser: Browser): Promise<string[]> {
  return browser.extension.readStore(async () => Object.keys(await chrome.storage.local.get()))
}

/** The name under which the page's content script records its facts, once it has recorded the first. */
async function visitOf(browser: Browser, page: Page): Promise<string> {
  const before = new Set(await facts(browser))
  await reloadByKey(page)
  const hello = await until('the page to say hello', async () =>
    (await facts(browser)).find((key) => key.startsWith('page:hello:') && !before.has(key)),
  )
  return hello.slice('page:hello:'.length)
}

describe.each<BrowserName>(['chromium', 'firefox'])('%s', (name) => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launch(name)
  })

  afterAll(async () => {
    await browser.close()
  })

  it('shows a page of the stand-in host, clicks as a person does and takes a picture', async () => {
    const page = await browser.newTab(CCP)
    await page.evaluate(() => {
      addEventListener('click', ({ isTrusted }) => void (document.title = String(isTrusted)))
    })
    await page.click('button')
    await page.waitFor(() => document.title === 'true')
    const file = join(browser.profileDir, 'page.png')
    await page.screenshot(file)
    expect((await readFile(file)).subarray(1, 4).toString()).toBe('PNG')
    await closeTabByKey(page)
  })

  it('evaluates in a frame', async () => {
    const page = await browser.newTab(FRAMED)
    const frame = await page.frame('/inner')
    expect(await frame.evaluate(() => document.querySelector('h1')?.textContent)).toBe('/connect/ccp-v2/inner')
    await closeTabByKey(page)
  })

  it.each([
    ['closing its tab', 'newTab', closeTabByKey],
    ['closing its window', 'newWindow', closeWindowByKey],
    ['reloading', 'newTab', reloadByKey],
    ['typing another address', 'newTab', (page: Page) => typeAddress(page, 'https://acme.awsapps.com/elsewhere')],
    ['navigating', 'newTab', (page: Page) => page.navigate('https://acme.awsapps.com/elsewhere')],
  ] as const)('lets the page send its goodbye on %s', async (_, opens, leave) => {
    const page = await browser[opens](CCP)
    const visit = await visitOf(browser, page)
    await leave(page)
    // A message sent in `pagehide` is lost now and then, in either browser; one sent in `beforeunload` is not.
    await until(`the goodbye of ${visit}`, async () => (await facts(browser)).includes(`page:beforeunload:${visit}`))
    if (!page.isClosed()) await page.discard()
  })

  it('survives the kill of a page’s renderer', async () => {
    const page = await browser.newTab('https://another.awsapps.com/connect/ccp#')
    await browser.killRenderer(page)
    await page.discard()
    const next = await browser.newTab(CCP)
    expect(await next.evaluate(() => document.title)).toBe('Page')
    await next.discard()
  })

  it('opens a page of the extension and works in it', async () => {
    const options = await browser.extension.openPage('options.html')
    await options.click('button')
    expect(await options.evaluate(() => document.querySelector('output')?.value)).toBe('pressed')
    const file = join(browser.profileDir, 'options.png')
    await options.screenshot(file)
    expect((await stat(file)).size).toBeGreaterThan(1000)
    await options.discard()
  })

  it('evaluates in the background', async () => {
    expect(await browser.extension.evaluateInBackground((add: number) => add + 1, 1)).toBe(2)
    expect(await browser.extension.evaluateInBackground(() => chrome.runtime.id)).toBe(browser.extension.id)
  })

  it('stops the background, which a closing page wakes by storing something', async () => {
    const page = await browser.newTab(CCP)
    const visit = await visitOf(browser, page)
    const life = await browser.extension.evaluateInBackground(() => Reflect.get(globalThis, 'life') as string)
    await browser.extension.stopBackground()
    expect(await browser.extension.backgroundRuns()).toBe(false)
    await closeTabByKey(page)
    const woken = await until('the background to hear of it', async () =>
      (await facts(browser)).find((key) => key.startsWith(`background:changed:page:beforeunload:${visit}`)),
    )
    expect(woken).not.toContain(life)
  })
})

describe.each<BrowserName>(['chromium', 'firefox'])('%s, on a profile that is kept', (name) => {
  let profileDir: string
  let browser: Browser

  beforeAll(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'kept-profile-'))
    browser = await launch(name, { profileDir })
  })

  afterAll(async () => {
    await browser.close()
    await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  it.each([
    ['its last window is closed', () => closeTabByKey(browser.home)],
    ['it is quit', () => quitByKey(browser)],
    ['it is killed', () => browser.signal('SIGKILL')],
  ])('still has what the page stored before %s', async (_, end) => {
    await browser.home.driver.goto(CCP)
    const visit = await visitOf(browser, browser.home)
    await end()
    await browser.exited()
    await browser.close()
    browser = await launch(name, { profileDir })
    expect(await facts(browser)).toContain(`page:hello:${visit}`)
  })
})
