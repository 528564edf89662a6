import { closeWindowByKey } from '../browser'
import { shipped } from './builds'
import type { Stage } from './stage'
import { openStage } from './stage'

const RUNS = 3

/** The last window of Chromium, whose browser ends with it: the page is held until its request has left. */
export function describeHold(): void {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage({ browser: 'chromium', extensionDir: shipped('chromium') })
  }, 240_000)
  afterAll(() => stage.close())

  /** Whether the agent is Offline after the close of the last window: nobody but the page could set it. */
  async function closeLast(roundTripMs: number, reuse: boolean): Promise<boolean> {
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
    await stage.ready(page, 'stopped')
    const mark = instance.journal.mark()
    await closeWindowByKey(page)
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

  it.each([
    [250, false],
    [60, true],
  ])(
    'goes Offline each time (round trip %i ms, connections kept: %p)',
    async (roundTripMs, reuse) => {
      const runs: boolean[] = []
      for (let run = 0; run < RUNS; run += 1) runs.push(await closeLast(roundTripMs, reuse))
      expect(runs).toEqual(Array.from({ length: RUNS }, () => true))
    },
    120_000,
  )
}
