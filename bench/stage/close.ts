import { setTimeout as delay } from 'node:timers/promises'
import type { Display, Page } from '../../test/browser'
import { closeTabByKey, closeWindowByKey, quitByKey } from '../../test/browser'
import type { Stage } from '../../test/e2e/stage'
import type { Close } from '../matrix/cell'
import type { TimedDisplay } from './key-times'

/** When a close began, and when the closed tab, window or page was gone. In ms since the epoch. */
export interface Closed {
  readonly at: number
  /** Null where the agent would not have to wait for it: after a kill. */
  readonly goneAt: number | null
}

export interface Scene {
  readonly stage: Stage
  readonly display: TimedDisplay
  /** The tab that has the CCP, possibly in a frame. */
  readonly page: Page
}

/** Closes the CCP; resolves when it has ended, and where the browser ends with it, when the browser has ended. */
export function close(how: Close, scene: Scene): Promise<Closed> {
  return CLOSE[how](scene)
}

const CLOSE: { readonly [C in Close]: (scene: Scene) => Promise<Closed> } = {
  tab: closeTab,
  beside: closeTab,
  window: (scene) =>
    windowGone(scene, async () => {
      await closeWindowByKey(scene.page)
      await scene.stage.browser.exited()
    }),
  quit: (scene) => windowGone(scene, () => quitByKey(scene.stage.browser, scene.page)),
  several: (scene) => windowGone(scene, () => quitByKey(scene.stage.browser, scene.page)),
  navigate: async ({ page }) => {
    // A new host each time: browsers keep connections ready for hosts that they know.
    const to = `https://next-${Date.now()}.example.test/`
    const arrived = new Promise<number>((resolve) => {
      page.driver.on('framenavigated', (frame) => {
        if (frame.url() === to) resolve(Date.now())
      })
    })
    const at = await page.evaluate((url: string) => {
      const now = Date.now()
      location.href = url
      return now
    }, to)
    return { at, goneAt: await arrived }
  },
  frame: async ({ page }) => {
    const [at, goneAt] = await page.evaluate((): [number, number] => {
      const now = Date.now()
      document.querySelector('iframe')?.remove()
      return [now, Date.now()]
    })
    return { at, goneAt }
  },
  renderer: async ({ page, stage }) => ({ at: await stage.browser.killRenderer(page), goneAt: null }),
  sigterm: async ({ stage }) => {
    const at = Date.now()
    await stage.browser.signal('SIGTERM')
    return { at, goneAt: Date.now() }
  },
  sigkill: async ({ stage }) => {
    const at = Date.now()
    await stage.browser.signal('SIGKILL')
    return { at, goneAt: null }
  },
}

/** The moment, or null after a second: a browser that has ended no longer reports that its tab is gone. */
function soon(moment: Promise<number>): Promise<number | null> {
  return Promise.race([moment, delay(1_000, null)])
}

async function closeTab({ page, display }: Scene): Promise<Closed> {
  const gone = new Promise<number>((resolve) => page.driver.once('close', () => resolve(Date.now())))
  await closeTabByKey(page)
  return { at: display.lastKeyAt, goneAt: await soon(gone) }
}

/**
 * Ends the browser, and watches for the end of its window: the process lives on for a while, which users do not notice.
 */
async function windowGone({ page, display }: Scene, end: () => Promise<void>): Promise<Closed> {
  const window = await page.toFront()
  const before = display.lastKeyAt
  const ending = end()
  const [goneAt] = await Promise.all([whenGone(display, window), ending])
  if (display.lastKeyAt === before) throw new Error('No key was pressed')
  return { at: display.lastKeyAt, goneAt }
}

async function whenGone(display: Display, window: string): Promise<number> {
  while (await display.hasWindow(window)) await delay(10)
  return Date.now()
}
