import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { putEntries, someMonths } from '../../scripts/pictures/month'
import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import { audit } from './audit'
import { shipped } from './builds'
import type { Downloads } from './downloads'
import { makeDownloads } from './downloads'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The sizes of the popup and of a common window. */
const POPUP = { width: 340, height: 600 }
const WINDOW = { width: 1100, height: 800 }
/** The sections of the options page, as their links name them. */
const SECTIONS = ['log', 'report', 'health', 'settings', 'kept'] as const

/** The popup and the options page as they ship, with the data of a real browser and a real close. */
export function describePages(name: BrowserName): void {
  let stage: Stage
  let downloads: Downloads
  let ccp: Page
  let popup: Page
  let options: Page

  beforeAll(async () => {
    downloads = await makeDownloads()
    stage = await openStage({ browser: name, extensionDir: shipped(name), extraPrefs: downloads.firefoxPrefs })
    await downloads.into(stage.browser)
    ccp = await openCcp()
    popup = await stage.browser.extension.openPage('popup.html')
    await popup.driver.setViewport(POPUP)
    options = await stage.browser.extension.openPage('options.html#settings')
    await options.driver.setViewport(WINDOW)
  }, 240_000)
  afterAll(async () => {
    await stage.close()
    await downloads.remove()
  })

  const openCcp = (): Promise<Page> => stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))

  /** Waits until an element of the page contains the text. */
  const says = (page: Page, selector: string, text: string): Promise<unknown> =>
    page.waitFor(
      (s: string, t: string) => [...document.querySelectorAll(s)].some((each) => each.textContent.includes(t)),
      selector,
      text,
    )

  /** Closes the CCP and returns the only new entry. */
  async function closeCcp(): Promise<LogEntry> {
    const before = await stage.log()
    await closeTabByKey(ccp)
    const [entry, ...others] = await stage.newEntries(before)
    expect(others).toEqual([])
    if (entry === undefined) throw new Error('No entry')
    return entry
  }

  /** Tabs through a page, from its top until the focus comes round again. */
  async function walk(page: Page, where: string): Promise<void> {
    await page.driver.bringToFront()
    // A browser continues from the last click; Tab and Shift+Tab lead to the top by keyboard.
    await page.evaluate(() => document.querySelector<HTMLElement>('a[href], button')?.focus())
    await page.driver.keyboard.press('Tab')
    await page.driver.keyboard.down('Shift')
    await page.driver.keyboard.press('Tab')
    await page.driver.keyboard.up('Shift')
    const seen: string[] = []
    let missed: readonly string[] = ['everything']
    // The focus must not leave the page at its last stop: Firefox takes the keys with it.
    while (missed.length > 0) {
      const stop = await page.evaluate(stopHere, seen)
      if (stop === null || seen.includes(stop.path)) break
      const { what, isSeen, hasRing, isNamed } = stop
      expect({ where, what, isSeen, hasRing, isNamed }).toEqual({
        where,
        what,
        isSeen: true,
        hasRing: true,
        isNamed: true,
      })
      seen.push(stop.path)
      missed = stop.missed
      if (missed.length > 0) await page.driver.keyboard.press('Tab')
    }
    expect({ where, missed }).toEqual({ where, missed: [] })
  }

  /** Chooses in the settings; resolves when the page says that it is stored. */
  async function choose(selector: string): Promise<void> {
    await options.driver.bringToFront()
    await options.click(selector)
    await says(options, '.saved', 'Saved')
  }

  it('the popup shows the agent’s state, and what a close will do, as it changes', async () => {
    await says(popup, '.agent h3', 'Available')
    await says(popup, '.agent .onclose', 'Closing this CCP sets you Offline.')
    stage.instance.agent('alice').set('Lunch')
    await says(popup, '.agent h3', 'Lunch')
    await says(popup, '.agent .onclose', 'You stay in Lunch when you close this CCP.')
    stage.instance.agent('alice').set('routable')
    await says(popup, '.agent h3', 'Available')
    await audit(popup, 'popup')
  })

  it('an empty log and an empty report say so', async () => {
    for (const section of ['log', 'report'] as const) {
      await options.driver.bringToFront()
      await options.click(`a[href="#${section}"]`)
      await options.waitFor((id: string) => document.querySelector(`#${id} .empty`) !== null, section)
      await audit(options, `${section}-empty`)
    }
  })

  it('the health section shows what a close of the open CCP can rely on', async () => {
    await options.driver.bringToFront()
    await options.click('a[href="#health"]')
    await says(options, '.instance h4', 'Alice')
    await says(options, '.who .pill', 'Protected')
    await says(options, '.top .pill', 'Not tried yet')
    await audit(options, 'health')
    await options.driver.setViewport({ ...WINDOW, width: 400 })
    await audit(options, 'health-narrow')
    expect(await options.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await options.driver.setViewport(WINDOW)
    await options.click('a[href="#settings"]')
  })

  it('the self-test finds no problem, and changes nobody’s status', async () => {
    await options.click('a[href="#health"]')
    const { journal } = stage.instance
    const mark = journal.mark()
    await options.click('#self-test-run')
    await says(options, '#self-test [role=status]', 'The self-test')
    await options.waitFor(() => document.querySelector('#self-test-run')?.getAttribute('aria-disabled') === null)
    await says(options, '#self-test .steps li li', 'Alice: the page answers, has its settings')
    // Whether notifications are shown depends on the desktop.
    const wrong = await options.evaluate(() =>
      [...document.querySelectorAll('.steps > li:has(.pill.bad, .pill.warn)')].map(({ textContent }) => textContent),
    )
    expect(wrong.filter((text) => !text.startsWith('Notifications'))).toEqual([])
    expect(journal.states.filter(({ seq }) => seq > mark)).toEqual([])
    expect(journal.requests.filter(({ seq, operation }) => seq > mark && operation === 'authorize')).toEqual([])
    await audit(options, 'self-test')
    await options.click('a[href="#settings"]')
  })

  it('“Observe only” applies to an open CCP', async () => {
    await choose('#setting-mode-observe')
    const mark = stage.instance.journal.mark()
    expect(await closeCcp()).toMatchObject({ outcome: 'not_needed', reason: 'mode_observe', evidence: 'none' })
    expect(stage.instance.journal.states.filter(({ seq }) => seq > mark)).toEqual([])
    expect(stage.instance.agent('alice').state().type).toBe('routable')
    await says(popup, '.pill', 'Trial')
    await says(popup, '.last', 'Trial')
  })

  it('“Set the agent Offline” applies again once it is chosen', async () => {
    ccp = await openCcp()
    await choose('#setting-mode-act')
    await says(popup, '.agent .onclose', 'Closing this CCP sets you Offline.')
    const mark = stage.instance.journal.mark()
    expect((await closeCcp()).reason).not.toBe('mode_observe')
    await stage.instance.journal.waitForState({ agent: 'alice', type: 'offline', by: 'api' }, { after: mark })
  })

  it('an invalid number is refused with an explanation, and changes nothing', async () => {
    await options.driver.bringToFront()
    await options.driver.focus('#setting-retentionDays')
    await options.driver.keyboard.type('0000')
    await options.driver.keyboard.press('Tab')
    await says(options, '#setting-retentionDays-error', 'Enter a whole number from 1 to 3,650.')
    expect(await options.evaluate(() => document.querySelector('[aria-invalid]')?.id)).toBe('setting-retentionDays')
    await audit(options, 'settings')
    await options.evaluate(() => {
      location.reload()
    })
    await options.waitFor(
      () =>
        document.querySelector<HTMLInputElement>('#setting-retentionDays')?.value === '90' &&
        !document.querySelector('[aria-invalid]'),
    )
  })

  it('settings are shown before they are imported from a file, and before they are reset', async () => {
    const file = join(tmpdir(), `signoff-${name}-${process.pid}.json`)
    const settings = { retentionDays: 30, notify: 'loud', colour: 'red' }
    await writeFile(file, JSON.stringify({ format: 'signoff-settings', formatVersion: 1, settings }))
    const picker = await options.driver.$('input#settings-file')
    await picker?.uploadFile(file)
    await says(options, '#settings-dialog ins', '30 days')
    // Not earlier: the page reads the file at its own pace.
    await rm(file)
    await says(options, '#settings-dialog li', '“notify” is "loud" in the file. Allowed: true | false.')
    await says(options, '#settings-dialog li', '“colour” is not a setting of this version.')
    await audit(options, 'import')
    await options.click('#settings-dialog .primary')
    await says(options, '#settings-notice', 'were imported')
    expect(await options.evaluate(() => document.querySelector('dialog[open]'))).toBeNull()
    await options.waitFor(() => document.querySelector<HTMLInputElement>('#setting-retentionDays')?.value === '30')
    await options.click('#settings-reset')
    await says(options, '#settings-dialog del', '30 days')
    await audit(options, 'reset')
    await options.click('#settings-dialog .primary')
    await options.waitFor(() => document.querySelector<HTMLInputElement>('#setting-retentionDays')?.value === '90')
  })

  it('the pilot report counts the observed close', async () => {
    await options.click('a[href="#report"]')
    await says(options, '.lead', '1 close, ')
    await says(options, '#report-view tbody th', 'Tab closed')
    await audit(options, 'report')
    await options.driver.setViewport({ ...WINDOW, width: 360 })
    await audit(options, 'report-narrow')
    // No figure is cut off: no table is wider than its frame.
    const frames = await options.evaluate(() =>
      [...document.querySelectorAll('#report-view .frame')].map((each) => each.scrollWidth <= each.clientWidth),
    )
    expect(frames.length).toBeGreaterThan(0)
    expect(frames).not.toContain(false)
    await options.driver.setViewport(WINDOW)
  })

  it('“My data” shows the figures of the log', async () => {
    await options.click('a[href="#kept"]')
    await says(options, '[aria-labelledby="kept-log"] dd', `${(await stage.log()).length} entries, the oldest from`)
    await options.driver.setViewport({ ...WINDOW, width: 360 })
    await audit(options, 'kept')
    expect(await options.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await options.driver.setViewport(WINDOW)
  })

  it.each([
    ['log', '#log-clear', 'log-dialog'],
    ['kept', '#kept-delete', 'kept-dialog'],
  ])(
    'in the section “%s” nothing is deleted without asking, and the focus returns to the button',
    async (section, button, dialog) => {
      await options.click(`a[href="#${section}"]`)
      await options.waitFor((id: string) => document.getElementById(id)?.hidden === false, section)
      // The section is read again, and drawn in one go.
      await options.waitFor((id: string) => document.querySelector(`#${id} [aria-busy]`) === null, section)
      await options.click(button)
      await options.waitFor((id: string) => document.getElementById(id)?.matches(':modal') === true, dialog)
      await audit(options, dialog)
      expect(
        await options.evaluate((id: string) => document.getElementById(id)?.contains(document.activeElement), dialog),
      ).toBe(true)
      await options.driver.keyboard.press('Escape')
      await options.waitFor((id: string) => document.getElementById(id)?.matches(':modal') === false, dialog)
      expect(await options.evaluate((s: string) => document.activeElement?.matches(s), button)).toBe(true)
    },
  )

  it('every section fits a narrow window, and a common one at 200 % zoom', async () => {
    await options.driver.bringToFront()
    for (const section of SECTIONS) {
      await options.click(`a[href="#${section}"]`)
      await options.waitFor((id: string) => document.getElementById(id)?.hidden === false, section)
      for (const [how, width, deviceScaleFactor] of [
        ['narrow', 400, 1],
        ['zoomed', 640, 2],
      ] as const) {
        await options.driver.setViewport({ width, height: 450, deviceScaleFactor })
        const { scrollWidth, innerWidth } = await options.evaluate(() => ({
          scrollWidth: document.documentElement.scrollWidth,
          innerWidth: window.innerWidth,
        }))
        expect({ section, how, fits: scrollWidth <= innerWidth }).toEqual({ section, how, fits: true })
      }
      await audit(options, `${section}-zoomed`)
    }
    await options.driver.setViewport(WINDOW)
  })

  it('everything can be reached by Tab, is visible, has a name and shows a focus ring', async () => {
    for (const section of SECTIONS) {
      await options.click(`a[href="#${section}"]`)
      await options.waitFor((id: string) => document.getElementById(id)?.hidden === false, section)
      await walk(options, section)
    }
    await walk(popup, 'popup')
  })

  it('the log can be filtered by outcome and by words', async () => {
    await options.driver.bringToFront()
    await options.click('a[href="#log"]')
    const total = (await stage.log()).length
    await says(options, '#log-count', `${total} entries`)
    await options.driver.select('#log-outcome', 'trial')
    await says(options, '#log-count', `1 of ${total} entries`)
    await says(options, '#log-rows tr:not(.more)', 'Trial')
    await options.driver.type('#log-search', 'nobody')
    await says(options, '#log-message', 'No entry matches')
    await options.click('#log-message button')
    await says(options, '#log-count', `${total} entries`)
    await options.click('#log-rows .expander')
    await options.waitFor('#log-rows tr.more:not([hidden])')
    await audit(options, 'log')
  })

  it('the log can be sorted by its column heads, also by keyboard', async () => {
    const causes = (): Promise<string[]> =>
      options.evaluate(() =>
        [...document.querySelectorAll('#log-rows td:nth-child(8)')].map((cell) => cell.textContent),
      )
    // The head shows the order at once; the rows follow when the log has been read.
    const sorted = (isDescending: boolean): Promise<boolean> =>
      until('the rows in their order', async () => {
        const found = await causes()
        const wanted = [...found].sort()
        return found.length > 1 && found.join() === (isDescending ? wanted.reverse() : wanted).join()
      })
    await options.click('[data-sort="cause"] button')
    await options.waitFor('[data-sort="cause"][aria-sort="ascending"]')
    await sorted(false)
    await options.driver.keyboard.press('Enter')
    await options.waitFor('[data-sort="cause"][aria-sort="descending"]')
    await sorted(true)
  })

  it('the shown entries are saved as CSV and as JSON, and a support file contains no names', async () => {
    const total = (await stage.log()).length
    const save = async (button: string, ending: string): Promise<string> => {
      await options.click(button)
      return downloads.read(ending)
    }
    const csv = await save('#log-csv', '.csv')
    expect(csv.trim().split('\r\n')).toHaveLength(total + 1)
    const json = JSON.parse(await save('#log-json', '.json')) as { entries: LogEntry[] }
    expect(json.entries.map(({ id }) => id).sort()).toEqual((await stage.log()).map(({ id }) => id).sort())
    expect(json.entries[0]).toMatchObject({ username: 'alice', agentName: 'Alice' })
    const support = await save('#support-save', '.json')
    expect(JSON.parse(support)).toMatchObject({ format: 'ccp-signoff-support', entries: { length: total } })
    expect(support).not.toMatch(/alice|my\.connect\.aws|awsapps|arn:/i)
  })

  it('the popup points out an agent who may still be Available', async () => {
    ccp = await openCcp()
    stage.instance.faults.set({ operation: 'PutAgentState', hang: true })
    stage.instance.faults.set({ operation: 'authorize', fail: { code: 'UnauthorizedException' } })
    expect((await closeCcp()).outcome).not.toBe('confirmed')
    await says(popup, '.notice h3', 'Alice may still be Available')
    await audit(popup, 'popup-flagged')
  })

  it('the log points them out too, until the flag is dismissed', async () => {
    await says(options, '.left h4', 'Alice may still be Available')
    await options.driver.bringToFront()
    await options.evaluate(() => scrollTo(0, 0))
    await audit(options, 'left')
    await options.driver.setViewport({ ...WINDOW, width: 400 })
    await audit(options, 'left-narrow')
    expect(await options.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await options.driver.setViewport(WINDOW)
    // In one go, because the list is redrawn as the check goes on.
    await options.evaluate(() => document.querySelector<HTMLElement>('.left [data-focus^="dismiss"]')?.click())
    await says(options, '.left', 'Nobody left Available')
    await popup.waitFor(() => document.querySelector('.notice') === null)
    expect((await stage.storedState()).flags).toEqual([])
  })

  it('a common screen shows twelve entries of a full log or more, a narrow one at least the first', async () => {
    await stage.browser.extension.readStore(putEntries, JSON.stringify(someMonths(Date.now())))
    await options.evaluate(() => {
      location.reload()
    })
    await options.waitFor(() => document.querySelectorAll('#log-rows tr:not(.more)').length > 12)
    await options.driver.bringToFront()
    /** The number of entries whose cells are all visible, down to the lower edge. */
    const inSight = () =>
      options.evaluate(() => {
        scrollTo(0, 0)
        const cells = (row: Element) => [...row.querySelectorAll('td')].map((cell) => cell.getBoundingClientRect())
        return [...document.querySelectorAll('#log-rows tr:not(.more)')].filter((row) =>
          cells(row).every(({ bottom, right }) => bottom <= innerHeight && right <= innerWidth),
        ).length
      })
    await options.driver.setViewport({ width: 1280, height: 800 })
    expect(await inSight()).toBeGreaterThanOrEqual(12)
    // Each time is on one line, and not cut off.
    expect(
      await options.evaluate(
        () =>
          [...document.querySelectorAll<HTMLElement>('#log-rows time')].filter((time) => {
            const { parentElement: cell } = time
            return cell === null || cell.scrollWidth > cell.clientWidth || time.getClientRects().length !== 1
          }).length,
      ),
    ).toBe(0)
    await options.driver.setViewport({ width: 400, height: 800 })
    expect(await inSight()).toBeGreaterThanOrEqual(1)
    await options.driver.setViewport(WINDOW)
  })
}

/**
 * Where the focus is in the page, and which controls were not reached yet; of a group of radio buttons, one counts.
 * Returns null if the focus has left the page.
 */
function stopHere(seen: readonly string[]) {
  const at = document.activeElement
  if (!(at instanceof HTMLElement) || at === document.body) return null
  const path = (element: Element): string =>
    element.parentElement === null
      ? element.tagName
      : `${path(element.parentElement)}/${[...element.parentElement.children].indexOf(element)}`
  const { width, height, top, bottom, left, right } = at.getBoundingClientRect()
  const style = getComputedStyle(at)
  // The stand-in for a hidden input shows the input's focus ring.
  const stands = at.parentElement === null ? style : getComputedStyle(at.parentElement)
  const labels =
    at instanceof HTMLInputElement || at instanceof HTMLSelectElement || at instanceof HTMLTextAreaElement
      ? at.labels
      : null
  const words = [
    at.getAttribute('aria-label'),
    at.getAttribute('aria-labelledby'),
    at.textContent,
    labels?.[0]?.textContent,
  ]
  const all = [
    ...document.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex]'),
  ]
  const missed = all
    .filter((each) => each.checkVisibility() && each.tabIndex >= 0 && !each.matches(':disabled'))
    .filter((each) => !(each instanceof HTMLInputElement && each.type === 'radio' && !each.checked))
    .filter((each) => each !== at && !seen.includes(path(each)))
    .map((each) => each.outerHTML.slice(0, 80))
  return {
    path: path(at),
    missed,
    what: at.outerHTML.slice(0, 80),
    isSeen: width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
    hasRing: [style, stands].some(({ outlineStyle, boxShadow }) => outlineStyle !== 'none' || boxShadow !== 'none'),
    isNamed: words.some((word) => (word ?? '').trim() !== ''),
  }
}
