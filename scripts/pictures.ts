/**
 * Takes the README's pictures of the extension as it ships, in Chromium: `npm run build && npm run pictures`.
 * They are of a display of their own, so that nothing else gets into them.
 */
import { mkdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Page } from '../test/browser'
import { closeTabByKey, closeWindowByKey, until } from '../test/browser'
import { run } from '../test/browser/run'
import type { Scene } from './demo/scene'
import { openScene } from './demo/scene'

const ROOT = join(__dirname, '..')
const FOLDER = join(ROOT, 'docs', 'pictures')
const MAX_BYTES = 300_000
/** Long enough for a window and its popup to be drawn in full: nothing tells of that moment. */
const DRAWN_MS = 700

const AGENTS = [
  { username: 'dana', name: 'Dana Reyes' },
  { username: 'sam', name: 'Sam Okafor' },
  { username: 'noor', name: 'Noor Haddad' },
] as const

/** Of the extension API what is used here. */
declare const chrome: { action: { openPopup(): Promise<void> } }

async function takePictures(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const scene = await openScene({
    browser: 'chromium',
    display: { width: 1200, height: 900 },
    instance: { worlds: [{ alias: 'acme', agents: AGENTS }] },
  })
  try {
    // The stock CCP asks for it, and its question would cover the picture.
    const origin = new URL(scene.instance.url.ccp('v1')).origin
    await scene.browser.driver
      .defaultBrowserContext()
      .setPermission(origin, { permission: { name: 'notifications' }, state: 'granted' })
    await shootCcpWithPopup(scene)
    await makeLog(scene)
    await shootLog(scene)
  } finally {
    await scene.close()
  }
}

/** The CCP in its window, with the popup open under the extension's button. */
async function shootCcpWithPopup(scene: Scene): Promise<void> {
  const { browser, display } = scene
  const ccp = await scene.openCcp('dana')
  await resize(ccp, 1000, 620)
  await ccp.toFront()
  await browser.extension.evaluateInBackground(() => chrome.action.openPopup())
  await drawn()
  const { x, y, width, height } = await ccp.evaluate(() => ({
    x: screenX,
    y: screenY,
    width: outerWidth,
    height: outerHeight,
  }))
  const file = join(FOLDER, 'ccp-and-popup.png')
  await run('scrot', ['--overwrite', '--autoselect', `${x},${y},${width},${height}`, file], display.env)
  report(file)
  await logged(scene, () => closeTabByKey(ccp))
}

async function resize({ driver }: Page, width: number, height: number): Promise<void> {
  const session = await driver.createCDPSession()
  const { windowId } = await session.send('Browser.getWindowForTarget')
  await session.send('Browser.setWindowBounds', { windowId, bounds: { width, height } })
  await session.detach()
}

/** A log with what a day brings: a break, a log-out, a refusal, and a window that is closed. */
async function makeLog(scene: Scene): Promise<void> {
  const { instance } = scene
  const noor = await scene.openCcp('noor')
  instance.agent('noor').set('Lunch')
  await until('Lunch', async () => (await scene.status()).documents.some(({ agent }) => agent?.state.name === 'Lunch'))
  await logged(scene, () => closeTabByKey(noor))
  await logOut(scene, 'sam')
  // The page asks twice, each way once.
  instance.faults.set({ operation: 'PutAgentState', fail: { first: 2, code: 'InvalidStateException' } })
  await logOut(scene, 'noor')
  instance.faults.clear()
  const dana = await scene.openCcp('dana')
  await logged(scene, () => closeWindowByKey(dana))
}

async function logOut(scene: Scene, username: string): Promise<void> {
  const page = await scene.openCcp(username)
  await logged(scene, () => page.click('#logout'))
  await page.discard()
}

/** Does something that ends in an entry of the log, and waits for that entry. */
async function logged(scene: Scene, act: () => Promise<void>): Promise<void> {
  const before = (await scene.status()).lastEntry?.id
  await act()
  await until('the entry', async () => (await scene.status()).lastEntry?.id !== before, { timeout: 60_000 })
}

async function shootLog({ browser }: Scene): Promise<void> {
  const log = await browser.extension.openPage('options.html#log')
  await log.driver.setViewport({ width: 1160, height: 800 })
  await log.click('#log-rows .expander')
  for (const scheme of ['light', 'dark']) {
    await log.driver.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
    await drawn()
    const file = join(FOLDER, `log-${scheme}.png`)
    await log.screenshot(file)
    report(file)
  }
}

function report(file: string): void {
  const { size } = statSync(file)
  if (size > MAX_BYTES) throw new Error(`${relative(ROOT, file)} has ${size} bytes: more than ${MAX_BYTES}.`)
  console.log(`${relative(ROOT, file)}: ${Math.round(size / 1000)} kB`)
}

function drawn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, DRAWN_MS))
}

takePictures().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
