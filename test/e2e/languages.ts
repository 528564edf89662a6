import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey } from '../browser'
import { audit } from './audit'
import { shipped } from './builds'
import { storeSettings } from './own-store'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The longest words, and a script without spaces: one for each browser. All other tests see English. */
const LANGUAGES = { chromium: 'ja', firefox: 'de' } as const satisfies Record<BrowserName, string>

const POPUP = { width: 340, height: 600 }
const NARROW = { width: 400, height: 800 }
const WINDOW = { width: 1100, height: 800 }
const SECTIONS = ['log', 'report', 'health', 'settings', 'kept'] as const

type Catalogue = Readonly<Record<string, { readonly message: string }>>

/** What people see is in the language of their browser, fits, and contains no text in another language. */
export function describeLanguages(name: BrowserName): void {
  const language = LANGUAGES[name]
  let stage: Stage
  let ccp: Page
  let popup: Page
  let options: Page
  /** English texts that are different in the language. */
  let english: string[]
  let own: Catalogue

  beforeAll(async () => {
    const [en, there] = await Promise.all([catalogue('en'), catalogue(language)])
    own = there
    english = Object.entries(en).flatMap(([key, { message }]) =>
      message.includes('$') || Object.values(there).some((one) => one.message === message) || !(key in there)
        ? []
        : [message],
    )
    stage = await openStage({ browser: name, extensionDir: shipped(name), language })
    // Where the instance refuses extensions, the entry would wait for the answer to the offer of a CCP.
    await storeSettings(stage.browser, { recovery: 'never' })
    ccp = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    popup = await stage.browser.extension.openPage('popup.html')
    await popup.driver.setViewport(POPUP)
    options = await stage.browser.extension.openPage('options.html')
    await options.driver.setViewport(WINDOW)
  }, 240_000)
  afterAll(() => stage.close())

  /** Texts of a page that are in English, without Connect's names of states. */
  const foreign = async (page: Page): Promise<string[]> => {
    const texts = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      const found: string[] = []
      while (walker.nextNode()) found.push((walker.currentNode.textContent ?? '').trim())
      return [...found, document.title]
    })
    const states = ['Available', 'Offline']
    return texts.filter((text) => english.includes(text) && !states.includes(text))
  }

  const says = (page: Page, key: string): Promise<unknown> =>
    page.waitFor((text: string) => document.body.textContent.includes(text), own[key]?.message ?? key)

  it('the popup shows what a close will do, in this language only', async () => {
    await says(popup, 'protectionProtected')
    expect(await popup.evaluate(() => document.documentElement.lang)).toBe(language)
    expect(await foreign(popup)).toEqual([])
    await audit(popup, `popup-${language}`)
  })

  it('the welcome page fits without scrolling, in this language only', async () => {
    const welcome = await stage.browser.pageAt('welcome.html')
    await welcome.driver.setViewport({ width: 1280, height: 800 })
    await says(welcome, 'welcomeFactLog')
    expect(await foreign(welcome)).toEqual([])
    expect(await welcome.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(800)
  })

  it('every section of the options page, with a close in its log, is in this language only and fits a narrow window', async () => {
    await closeTabByKey(ccp)
    await stage.newEntries([])
    for (const section of SECTIONS) {
      await options.driver.bringToFront()
      await options.click(`a[href="#${section}"]`)
      await options.waitFor((id: string) => document.getElementById(id)?.hidden === false, section)
      await options.waitFor((id: string) => document.querySelector(`#${id} [aria-busy]`) === null, section)
      expect({ section, foreign: await foreign(options) }).toEqual({ section, foreign: [] })
      await audit(options, `${section}-${language}`)
      await options.driver.setViewport(NARROW)
      expect(await options.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await options.driver.setViewport(WINDOW)
    }
    expect(await options.evaluate(() => document.documentElement.lang)).toBe(language)
  })
}

async function catalogue(language: string): Promise<Catalogue> {
  const file = join(__dirname, '../../_locales', language, 'messages.json')
  return JSON.parse(await readFile(file, 'utf8')) as Catalogue
}
