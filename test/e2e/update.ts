import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import type { StateEntry } from '../instance/instance'
import { shipped } from './builds'
import type { Background, Stage } from './stage'
import { BACKGROUND, openStage } from './stage'
import { expectByStreamsAlone, expectCloseReport } from './streams-alone'

/** The extension is reloaded under open CCPs, as by an update, or removed. */
export function describeUpdate(name: BrowserName): void {
  describe.each(BACKGROUND)('with the background %s at a close', (background) => describeWith(name, background))
}

function describeWith(name: BrowserName, background: Background): void {
  let stage: Stage

  beforeAll(async () => {
    const tenants = [
      { alias: 'acme', agents: [{ username: 'alice' }] },
      { alias: 'framed', agents: [{ username: 'bob' }], cookiePartitioned: true },
    ]
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants } })
  }, 240_000)
  afterAll(() => stage.close())

  const offlines = (username: string, after: number): StateEntry[] =>
    stage.instance.journal.states.filter(
      ({ seq, agent, to }) => seq > after && agent === username && to.type === 'offline',
    )

  /** Closes the tab and returns the only new entry. */
  async function close(page: Page): Promise<LogEntry> {
    const before = await stage.log()
    await stage.ready(page, background)
    await closeTabByKey(page)
    const [entry, ...others] = await stage.newEntries(before)
    expect(others).toEqual([])
    if (entry === undefined) throw new Error('No entry')
    return entry
  }

  it('takes over open CCPs without reloading them: one bridge, one entry per close, none for the update', async () => {
    const { url } = stage.instance
    const top = await stage.openAvailable(url.ccp('v1', { signInAs: 'alice' }))
    const bob = { username: 'bob', alias: 'framed' }
    const crm = await stage.openAvailable(url.crm({ signInAs: 'bob', alias: 'framed' }), bob)
    const runs = Object.values((await stage.storedState()).documents).map(({ runId }) => runId)
    const loaded = await top.evaluate(() => performance.timeOrigin)

    await stage.leaveStore()
    await stage.browser.extension.reload()
    for (const username of ['alice', 'bob']) {
      const { late, runId, protection } = await stage.document(username, (doc) => !runs.includes(doc.runId))
      expect({ late, runId, protection }).toEqual({ late: true, runId, protection: { status: 'protected' } })
    }
    expect(await top.evaluate(() => performance.timeOrigin)).toBe(loaded)
    // All entries of the previous run's documents are written once they are given up.
    await until('the earlier documents to be forgotten', async () =>
      Object.values((await stage.storedState()).documents).every(({ runId }) => !runs.includes(runId)),
    )
    expect(await stage.log()).toEqual([])

    const mark = stage.instance.journal.mark()
    const alone = await close(top)
    expect(alone).toMatchObject({
      username: 'alice',
      outcome: 'confirmed',
      cause: expect.stringMatching(/^(tab|window)_closed$/) as string,
    })
    expectCloseReport(name, alone)
    expect(offlines('alice', mark)).toHaveLength(1)
    const framed = await close(crm)
    expect(framed).toMatchObject({ username: 'bob', framed: true })
    await expectByStreamsAlone(stage, name, bob, framed, mark)
    expect(await stage.log()).toHaveLength(2)
  })

  it('leaves a stock page behind when it is removed', async () => {
    const page = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    await stage.browser.uninstallExtension()

    const { journal } = stage.instance
    const [closed, closedAt] = [journal.mark(), Date.now()]
    await closeTabByKey(page)
    // The worker's poll ends with the worker: all its requests have been sent by then.
    await journal.waitFor(
      (entry) =>
        entry.kind === 'request' &&
        entry.operation === 'GetAgentSnapshot' &&
        entry.clientGoneAt !== undefined &&
        entry.clientGoneAt >= closedAt,
      { timeoutMs: 30_000 },
    )
    expect(journal.requests.filter(({ seq, operation }) => seq > closed && operation === 'PutAgentState')).toEqual([])
    expect(stage.instance.agent('alice').state().type).toBe('routable')
  })
}
