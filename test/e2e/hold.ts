import type { Page } from '../browser'
import { closeWindowByKey, until } from '../browser'
import type { Dialog } from 'puppeteer-core'
import { shipped } from './builds'
import type { Stage } from './stage'
import { openStage } from './stage'

const RUNS = 3

/** The last window of Chromium, which ends the browser: the page is held until its request has left. */
export function describeHold(): void {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage({ browser: 'chromium', extensionDir: shipped('chromium') })
  }, 240_000)
  afterAll(() => stage.close())

  /** A CCP in the only window, with an Available agent, on a network with these properties. */
  async function openLast(roundTripMs: number, reuse: boolean): Promise<Page> {
    const { instance } = stage
    instance.agent('alice').set('offline', 'test')
    const page = stage.browser.home
    await page.driver.goto(instance.url.ccp('v1', { signInAs: 'alice' }))
    await stage.document('alice')
    instance.network.roundTrip(roundTripMs)
    instance.network.reuseConnections(reuse)
    if (!reuse) instance.network.dropConnections()
    instance.agent('alice').set('routable')
    await stage.document('alice', ({ capabilities }) => capabilities?.direct.status === 'works')
    await stage.leaveStore()
    return page
  }

  /** Whether the agent is Offline once the browser has ended; starts it again. */
  async function isOfflineAfter(mark: number): Promise<boolean> {
    const { instance } = stage
    await stage.browser.exited()
    const wentOffline = await instance.journal
      .waitForState({ agent: 'alice', type: 'offline', by: 'api' }, { after: mark, timeoutMs: 2_000 })
      .then(() => true)
      .catch(() => false)
    instance.network.roundTrip(0)
    instance.network.reuseConnections(true)
    await stage.restart()
    return wentOffline
  }

  /** Closes the last window while only the page could set the state. */
  async function closeLast(roundTripMs: number, reuse: boolean): Promise<boolean> {
    const page = await openLast(roundTripMs, reuse)
    await stage.ready(page, 'stopped')
    const mark = stage.instance.journal.mark()
    await closeWindowByKey(page)
    return isOfflineAfter(mark)
  }

  it.each([
    [250, false],
    [60, true],
  ])(
    'sets Offline each time (round trip %i ms, connections kept: %p)',
    async (roundTripMs, reuse) => {
      const runs: boolean[] = []
      for (let run = 0; run < RUNS; run += 1) runs.push(await closeLast(roundTripMs, reuse))
      expect(runs).toEqual(Array.from({ length: RUNS }, () => true))
    },
    120_000,
  )

  it('sets Offline again if another tab’s leave dialog delays the end until the status was restored', async () => {
    const { journal } = stage.instance
    // Chromium waits at most half a second for `pagehide`: on a busy machine that can be too short for a new connection.
    const page = await openLast(60, true)
    const other = await stage.browser.newTab('https://other.example.test/')
    await other.evaluate(() => addEventListener('beforeunload', (event) => event.preventDefault()))
    const questions: Dialog[] = []
    other.driver.on('dialog', (dialog) => questions.push(dialog))
    // Browsers show the dialog only after user input.
    await other.click('body')
    const mark = journal.mark()
    const closed = closeWindowByKey(page)
    const question = await until('the question', () => questions[0])
    await journal.waitForState({ agent: 'alice', type: 'offline' }, { after: mark })
    const back = await journal.waitForState({ agent: 'alice', type: 'routable' }, { after: mark })
    await question.accept()
    await closed
    expect(await isOfflineAfter(back.seq)).toBe(true)
  }, 120_000)
}
