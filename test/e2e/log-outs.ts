import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { shipped } from './builds'
import { TERMINATE } from './situations'
import type { Stage } from './stage'
import { openStage } from './stage'

const LOGOUT = '/connect/logout'
const SIGN_IN = '/connect/login'
const NAVIGATES = 'a button that navigates'

/** A log-out in each way in which a page can make one: which control the stock v1 page has is not known. */
const LOG_OUTS: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  [
    'a link',
    async (page) => {
      await page.evaluate((href: string) => {
        document.body.insertAdjacentHTML('afterbegin', `<a id="out" href="${href}">Log out</a>`)
      }, LOGOUT)
      await page.click('#out')
    },
  ],
  [
    'a link that opens a tab',
    async (page) => {
      await page.evaluate((href: string) => {
        document.body.insertAdjacentHTML('afterbegin', `<a id="out" href="${href}" target="_blank">Log out</a>`)
      }, LOGOUT)
      await page.click('#out')
      const opened = await page.browser.pageAt(SIGN_IN)
      // The page itself stays, until its agent leaves it.
      await page.navigate(opened.url())
      await opened.discard()
    },
  ],
  [
    'a form that is posted',
    async (page) => {
      await page.evaluate((href: string) => {
        const form = `<form method="post" action="${href}"><button id="out">Log out</button></form>`
        document.body.insertAdjacentHTML('afterbegin', form)
      }, LOGOUT)
      await page.click('#out')
    },
  ],
  [
    'a form that a script posts',
    (page) =>
      page.evaluate((href: string) => {
        const form = `<form id="out" method="post" action="${href}"></form>`
        document.body.insertAdjacentHTML('afterbegin', form)
        document.querySelector<HTMLFormElement>('#out')?.submit()
      }, LOGOUT),
  ],
  [
    NAVIGATES,
    async (page) => {
      await page.evaluate((href: string) => {
        document.body.insertAdjacentHTML('afterbegin', '<button id="out">Log out</button>')
        document.getElementById('out')?.addEventListener('click', () => location.assign(href))
      }, LOGOUT)
      await page.click('#out')
    },
  ],
  [
    'fetch',
    (page) =>
      page.evaluate(
        (href: string, terminate: string) => {
          // As AWS's own sample does, followed by the event that notifies every other CCP.
          const tell = () => document.dispatchEvent(new Event(terminate))
          void fetch(href, { credentials: 'include', mode: 'no-cors' }).then(tell)
        },
        LOGOUT,
        TERMINATE,
      ),
  ],
  [
    'XMLHttpRequest',
    (page) =>
      page.evaluate(
        (href: string, terminate: string) => {
          const request = new XMLHttpRequest()
          request.open('GET', href)
          request.onload = () => document.dispatchEvent(new Event(terminate))
          request.send()
        },
        LOGOUT,
        TERMINATE,
      ),
  ],
]

/**
 * A log-out ends the session and with it all means to set the agent Offline, so Offline has to come first. Without
 * `hasNavigation` the browser is like a Firefox before the Navigation API, by which a page learns where its scripts
 * navigate.
 */
export function describeLogOuts(name: BrowserName, hasNavigation = true): void {
  let stage: Stage
  let page: Page
  let mark = 0
  let before: LogEntry[] = []

  beforeAll(async () => {
    stage = await openStage({
      browser: name,
      extensionDir: shipped(name),
      extraPrefs: {
        // As in life: the driver lets every page open tabs.
        'dom.disable_open_during_load': true,
        ...(!hasNavigation && { 'dom.navigation.webidl.enabled': false }),
      },
    })
  }, 240_000)
  beforeEach(async () => {
    page = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice', streams: '2.28' }))
    before = await stage.log()
    mark = stage.instance.journal.mark()
    await stage.ready(page, 'awake')
  })
  afterEach(() => page.discard())
  afterAll(() => stage.close())

  it.each(LOG_OUTS)('a log-out by %s comes after Offline', async (way, logOut) => {
    const { journal } = stage.instance
    expect(await page.evaluate(() => 'navigation' in window)).toBe(hasNavigation)
    await logOut(page)
    const patience = { after: mark, timeoutMs: 30_000 }
    const { seq } = await journal.waitForState({ agent: 'alice', type: 'offline', by: 'api' }, patience)
    const out = await journal.waitFor((each) => each.kind === 'session' && each.event === 'sign-out', patience)
    expect(out.seq).toBeGreaterThan(seq)
    const [entry, ...others] = await stage.newEntries(before)
    expect(others).toEqual([])
    // Nothing shows such a page where it is going, so it acts as at any other close.
    const isKnown = hasNavigation || way !== NAVIGATES
    expect(entry).toMatchObject({
      cause: isKnown ? 'logged_out' : 'navigated_away',
      event: isKnown ? 'logout' : 'beforeunload',
      outcome: expect.stringMatching(/^(accepted|confirmed)$/) as string,
    })
    expect((await stage.storedState()).flags).toEqual([])
  })
}
