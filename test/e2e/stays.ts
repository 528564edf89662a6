import type { Dialog } from 'puppeteer-core'
import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import type { StateEntry } from '../instance/instance'
import { shipped } from './builds'
import { closeEnd, earlierClosesLogged, outcomeOfOffline } from './close-end'
import type { Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

/** Firefox reports a window with one tab as closed together with it. */
const CLOSED: unknown = expect.stringMatching(/^(tab|window)_closed$/)

/** `beforeunload` without a close: the agent's status is restored, and the log says that the page stayed. */
export function describeStays(name: BrowserName): void {
  let stage: Stage
  let page: Page
  let mark = 0
  let before: LogEntry[] = []

  beforeAll(async () => {
    stage = await openStage({
      browser: name,
      extensionDir: shipped(name),
      instance: { tenants: [{ alias: 'acme', agents: [{ username: 'alice' }] }] },
    })
  }, 240_000)
  beforeEach(async () => {
    page = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    await earlierClosesLogged(stage)
    watch()
    before = await stage.log()
  })
  afterAll(() => stage.close())

  const watch = (): void => {
    mark = stage.instance.journal.mark()
  }
  const waitFor = (type: 'offline' | 'routable'): Promise<StateEntry> =>
    stage.instance.journal.waitForState({ agent: 'alice', type, by: 'api' }, { timeoutMs: 30_000, after: mark })

  /** Expects Offline, then the restore and its entry, and closes the page as usual. */
  async function givesBackAndCloses(): Promise<void> {
    await waitFor('offline')
    await waitFor('routable')
    const stayed = await until('the entry', async () => {
      const [entry, ...others] = await stage.newEntries(before)
      expect(others).toEqual([])
      return entry?.timeline.some(({ event }) => event === 'given_back') && entry
    })
    expect(stayed).toMatchObject({ cause: 'stayed', outcome: 'accepted', event: 'beforeunload' })
    await stage.document('alice', ({ agent, closing }) => agent?.state.type === 'routable' && closing === null)
    watch()
    await closeTabByKey(page)
    await waitFor('offline')
    const closed = await closeEnd(stage, [...before, stayed])
    expect(closed).toMatchObject({ cause: CLOSED, outcome: outcomeOfOffline(stage) })
  }

  it.each(BACKGROUND)('a link that downloads has the status restored (background %s)', async (background) => {
    await stage.ready(page, background)
    await page.click('#download')
    await givesBackAndCloses()
  })

  it('a link that dials changes nothing: the instance receives nothing before the next close', async () => {
    await page.toFront()
    await page.click('#tel')
    await closeTabByKey(page)
    await waitFor('offline')
    expect(await closeEnd(stage, before)).toMatchObject({ cause: CLOSED })
    // Nothing was restored meanwhile: there are no requests but those of the close.
    const changes = stage.instance.journal.states.filter(({ agent, seq }) => agent === 'alice' && seq > mark)
    expect(new Set(changes.map(({ to }) => to.type))).toEqual(new Set(['offline']))
  })

  it('a slow address that answers 204 has the status restored', async () => {
    stage.instance.network.roundTrip(300)
    await page.evaluate(() => {
      location.href = '/no-content'
    })
    await waitFor('offline')
    stage.instance.network.roundTrip(0)
    await givesBackAndCloses()
  })

  it('the page’s own leave dialog, answered with Stay, has the status restored', async () => {
    const dialogs: Dialog[] = []
    page.driver.on('dialog', (dialog) => dialogs.push(dialog))
    await page.click('body')
    await page.evaluate(() => {
      window.addEventListener('beforeunload', (event) => event.preventDefault(), { once: true })
    })
    await page.toFront()
    await stage.display.key('ctrl+w')
    const dialog = await until('the dialog', () => dialogs[0])
    await waitFor('offline')
    await dialog.dismiss()
    await givesBackAndCloses()
  })
}
