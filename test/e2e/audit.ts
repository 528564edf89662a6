import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from '../browser'

const PICTURES = join(__dirname, '../../out/pictures')

/** Takes pictures of a page of the extension, light and dark, and checks both with axe. */
export async function audit(page: Page, what: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true })
  await page.driver.bringToFront()
  expect(await page.evaluate(() => [...document.images].filter((each) => each.naturalWidth === 0).length)).toBe(0)
  await page.driver.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'))
  for (const scheme of ['light', 'dark'] as const) {
    await page.preferColorScheme(scheme)
    await page.screenshot(join(PICTURES, `${page.browser.name}-${what}-${scheme}.png`))
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } }
      const found = (await axe.run()).violations
      return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => [id, html, failureSummary]))
    })
    expect(violations).toEqual([])
  }
}
