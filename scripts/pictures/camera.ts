import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Display, Page } from '../../test/browser'

export const SCHEMES = ['light', 'dark'] as const
export type Scheme = (typeof SCHEMES)[number]

export interface Size {
  readonly width: number
  readonly height: number
}

/** A telephone's width (a window beside a CCP has it too), a common laptop, and a large screen. */
export const PAGE_SIZES: readonly Size[] = [
  { width: 400, height: 800 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]
/** The browser gives a popup the size that its content asks for. */
const POPUP_SIZE: Size = { width: 340, height: 180 }

/** Takes pictures into a folder of its own. */
export interface Camera {
  readonly folder: string
  /**
   * Takes a page of the extension at each size, light and dark: `SURFACE-WIDTH-SCHEME.png`.
   * @param isWhole as high as its content, and not what a window of that size shows of it.
   */
  page(page: Page, surface: string, sizes?: readonly Size[], isWhole?: boolean): Promise<void>
  /** Takes the popup as high as its content, as the browser shows it. */
  popup(page: Page, surface: string): Promise<void>
  /** Takes a page of a site as it is, light and dark: `SURFACE-SCHEME.png`. */
  site(page: Page, surface: string): Promise<void>
  /** Takes the whole display, with what the browser itself shows on it: `SURFACE.png`. */
  display(display: Display, surface: string): Promise<void>
}

/** @param folder is emptied first. */
export function cameraInto(folder: string): Camera {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const shoot: Camera['page'] = async (page, surface, sizes = PAGE_SIZES, isWhole = false) => {
    await page.driver.bringToFront()
    for (const size of sizes) {
      await page.driver.setViewport(size)
      await settled(page)
      // Not the driver's own picture of a whole page: that is as wide as what a scroll bar leaves, and is cut at the right.
      if (isWhole) await page.driver.setViewport({ ...size, height: await heightOf(page) })
      for (const scheme of SCHEMES) {
        await page.preferColorScheme(scheme)
        await settled(page)
        await page.screenshot(join(folder, `${surface}-${size.width}-${scheme}.png`))
      }
    }
  }
  return {
    folder,
    page: shoot,
    popup: (page, surface) => shoot(page, surface, [POPUP_SIZE], true),
    site: async (page, surface) => {
      for (const scheme of SCHEMES) {
        await page.preferColorScheme(scheme)
        await page.screenshot(join(folder, `${surface}-${scheme}.png`))
      }
    },
    display: (display, surface) => display.screenshot(join(folder, `${surface}.png`)),
  }
}

/** Two pixels of room, so that rounding leaves no scroll bar. */
async function heightOf(page: Page): Promise<number> {
  return 2 + (await page.evaluate(() => Math.ceil(document.documentElement.scrollHeight)))
}

/** Resolves when nothing that can be seen is still being read. */
function settled(page: Page): Promise<unknown> {
  return page.waitFor(() =>
    [...document.querySelectorAll<HTMLElement>('[aria-busy="true"]')].every((each) => !each.checkVisibility()),
  )
}
