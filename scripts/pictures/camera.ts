import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Display, Page } from '../../test/browser'

export const SCHEMES = ['light', 'dark'] as const
export type Scheme = (typeof SCHEMES)[number]

export interface Size {
  readonly width: number
  readonly height: number
}

/** A phone (or a narrow window beside a CCP), a common laptop, and a large screen. In CSS pixels. */
export const PAGE_SIZES: readonly Size[] = [
  { width: 400, height: 800 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]
/** The popup's width. Its height is replaced by that of its content, as in the browser. */
const POPUP_SIZE: Size = { width: 340, height: 180 }

/** Takes pictures, all into one folder. */
export interface Camera {
  readonly folder: string
  /**
   * Takes a page of the extension at each size, light and dark: `SURFACE-WIDTH-SCHEME.png`.
   * @param isWhole whether to take the whole height of the content, not only what a window of that size shows
   */
  page(page: Page, surface: string, sizes?: readonly Size[], isWhole?: boolean): Promise<void>
  /** Takes the popup with the height of its content, as the browser shows it. */
  popup(page: Page, surface: string): Promise<void>
  /** Takes a site's page at its present size, light and dark: `SURFACE-SCHEME.png`. */
  site(page: Page, surface: string): Promise<void>
  /** Takes the whole display, including the browser's own windows: `SURFACE.png`. */
  display(display: Display, surface: string): Promise<void>
}

/** A camera for a folder, which is emptied first. */
export function cameraInto(folder: string): Camera {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const shoot: Camera['page'] = async (page, surface, sizes = PAGE_SIZES, isWhole = false) => {
    await page.driver.bringToFront()
    for (const size of sizes) {
      await page.driver.setViewport(size)
      await settled(page)
      // The driver's own full-page picture is narrower by a scroll bar, and cut off at the right.
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

/** The height of the content in CSS pixels, plus two, so that rounding never causes a scroll bar. */
async function heightOf(page: Page): Promise<number> {
  return 2 + (await page.evaluate(() => Math.ceil(document.documentElement.scrollHeight)))
}

/** Resolves when no visible element is still loading its content. */
function settled(page: Page): Promise<unknown> {
  return page.waitFor(() =>
    [...document.querySelectorAll<HTMLElement>('[aria-busy="true"]')].every((each) => !each.checkVisibility()),
  )
}
