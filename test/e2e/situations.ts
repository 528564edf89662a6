import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import { shipped } from './builds'
import { Since } from './since'
import type { Stage } from './stage'
import { openStage } from './stage'

const TENANTS = [
  { alias: 'acme', agents: [{ username: 'alice' }] },
  // Framed by another site, with cookies in that site's own jar.
  { alias: 'northwind', agents: [{ username: 'nora' }], cookiePartitioned: true },
  { alias: 'southwind', agents: [{ username: 'sid' }], cookiePartitioned: true },
]
const NORA = { username: 'nora', alias: 'northwind' }
/** The event that makes a CCP of the stand-in trigger TERMINATE of Streams, which need not be a global of the page. */
export const TERMINATE = 'stand-in:terminate'
const PATIENCE_MS = 60_000

/**
 * What the pages around a CCP do to it, and how a session can end, according to public reports and the source of
 * Streams.
 */
export function describeSituations(name: BrowserName): void {
  let stage: Stage
  let since: Since

  beforeAll(async () => {
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants: TENANTS } })
  }, 240_000)
  afterEach(() => {
    stage.instance.faults.clear()
    stage.instance.network.roundTrip(0)
  })
  afterAll(() => stage.close())

  const open = async (url: string, who: { username?: string; alias?: string } = {}): Promise<Page> => {
    const page = await stage.openAvailable(url, who)
    since = await Since.now(stage)
    return page
  }
  const ccp = (more: object = {}): string => stage.instance.url.ccp('v1', { signInAs: 'alice', ...more })
  const crm = (): string => stage.instance.url.crm({ alias: 'northwind', signInAs: 'nora' })
  const stateOf = (username = 'alice', alias = 'acme') => stage.instance.agent(username, alias).state().type
  /** Framed agents, for whom the background has no cookies, may still be flagged from an earlier story. */
  const isFlagged = async (username = 'alice'): Promise<boolean> =>
    (await stage.storedState()).flags.some((flag) => flag.username === username)
  /** A new document of the agent, with the agent Available in it. */
  const another = (username: string, known: readonly string[]): Promise<unknown> =>
    stage.document(username, ({ docId, agent }) => !known.includes(docId) && agent?.state.type === 'routable')
  const documents = async (): Promise<string[]> => Object.keys((await stage.storedState()).documents)
  /** The agent has an open CCP: they are Available in it and in the instance, whatever happened in between. */
  const isAvailable = (username: string, alias: string): Promise<unknown> =>
    until(
      'the agent to be Available and stay so',
      async () => {
        const [first] = await since.entries()
        const isBack = first?.outcome === 'not_needed' || first?.timeline.some(({ event }) => event === 'given_back')
        if (!isBack) throw new Error(`It says ${JSON.stringify(first)}`)
        return stateOf(username, alias) === 'routable'
      },
      { timeout: PATIENCE_MS },
    )
  const closeAndSee = async (page: Page, username: string): Promise<void> => {
    since = await Since.now(stage)
    await closeTabByKey(page)
    await since.offline(username)
    await since.entry()
  }

  it.each([
    [
      'moves its frame',
      (page: Page) =>
        page.evaluate(() => {
          const frame = document.querySelector('iframe')
          frame?.remove()
          if (frame) document.getElementById('ccp-container')?.append(frame)
        }),
    ],
    [
      'replaces its frame, as Streams does',
      (page: Page) =>
        page.evaluate(() => {
          const frame = document.querySelector('iframe')
          const next = frame?.cloneNode()
          frame?.remove()
          if (next) document.getElementById('ccp-container')?.append(next)
        }),
    ],
  ] as const)('a site that %s still has its agent Available', async (_what, replace) => {
    const page = await open(crm(), NORA)
    const known = await documents()
    await stage.ready(page, 'awake')
    await replace(page)
    await isAvailable('nora', 'northwind')
    await another('nora', known)
    expect(await isFlagged('nora')).toBe(false)
    await closeAndSee(page, 'nora')
  })

  /** Adds a button that opens the CCP in a window after this many ms, removing its frame first if `isFrameGone`. */
  const giveButton = (page: Page, url: string, afterMs: number, isFrameGone: boolean): Promise<void> =>
    page.evaluate(
      (src: string, ms: number, isGone: boolean) => {
        document.body.insertAdjacentHTML('afterbegin', '<button id="pop-out">Pop out</button>')
        document.getElementById('pop-out')?.addEventListener('click', () => {
          if (isGone) document.querySelector('iframe')?.remove()
          setTimeout(() => window.open(src, 'ccp', 'popup,width=340,height=560'), ms)
        })
      },
      url,
      afterMs,
      isFrameGone,
    )
  const alone = (): string => stage.instance.url.ccp('v1', { alias: 'northwind', signInAs: 'nora' })
  const ALONE = 'northwind.awsapps.com/connect/ccp'

  it('a CCP that is popped out of its site, after its frame was removed, has its agent Available', async () => {
    const page = await open(crm(), NORA)
    const known = await documents()
    await giveButton(page, alone(), 800, true)
    await stage.ready(page, 'awake')
    await page.click('#pop-out')
    const popup = await stage.browser.pageAt(ALONE)
    await isAvailable('nora', 'northwind')
    await another('nora', known)
    await page.discard()
    await closeAndSee(popup, 'nora')
  })

  it('a CCP window that opens briefly, as for a sign-in, changes nothing; nor does one that outlives its frame', async () => {
    const page = await open(crm(), NORA)
    const { docId } = await stage.document('nora')
    await giveButton(page, alone(), 0, false)
    await stage.ready(page, 'awake')
    await page.click('#pop-out')
    const login = await stage.browser.pageAt(ALONE)
    await another('nora', [docId])
    await login.evaluate(() => window.close())
    expect(await since.entry()).toMatchObject({ outcome: 'not_needed', reason: 'other_ccp', framed: false })

    await page.click('#pop-out')
    const popup = await until('another window', async () => {
      const found = await stage.browser.pageAt(ALONE)
      return !found.isClosed() && found
    })
    await another('nora', [docId])
    const start = since
    since = await Since.now(stage)
    await page.click('#remove')
    expect(await since.entry()).toMatchObject({ outcome: 'not_needed', reason: 'other_ccp', framed: true })
    expect(start.changes()).toEqual([])
    await page.discard()
    await closeAndSee(popup, 'nora')
  })

  it('the workspace’s two frames are one CCP: it survives the replacement of one, and closes with its page', async () => {
    const frames = 'v2/channel-view,v2/task-list'
    const page = await stage.openAvailable(stage.instance.url.agentApp({ frames, signInAs: 'alice' }))
    const openOnes = async () =>
      Object.values((await stage.storedState()).documents).filter(
        ({ gone, agent }) => gone === null && agent?.username === 'alice' && agent.state.type === 'routable',
      )
    await until('both frames', async () => (await openOnes()).length === 2)
    const known = await documents()
    since = await Since.now(stage)
    await page.evaluate(() => {
      const frame = document.querySelector('iframe')
      frame?.replaceWith(frame.cloneNode())
    })
    await another('alice', known)
    const isSettled = async (): Promise<boolean> =>
      Object.values((await stage.storedState()).documents).every(({ gone }) => gone === null)
    await until('two frames again, and nothing else', async () => (await openOnes()).length === 2 && isSettled(), {
      timeout: PATIENCE_MS,
    })
    await until('the agent to be Available', () => stateOf() === 'routable')
    expect(await isFlagged()).toBe(false)
    since = await Since.now(stage)
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    await since.offline()
    expect(await since.entry()).toMatchObject({ framed: true, outcome: 'confirmed' })
  })

  it('the CCPs of two instances in one page are two closes, and both agents are Offline', async () => {
    const page = await stage.openAvailable(crm(), NORA)
    const other = stage.instance.url.ccp('v2', { alias: 'southwind', signInAs: 'sid' })
    await page.evaluate((src: string) => {
      const frame = document.createElement('iframe')
      frame.src = src
      document.getElementById('ccp-container')?.append(frame)
    }, other)
    await stage.document('sid')
    stage.instance.agent('sid', 'southwind').set('routable', 'test')
    await stage.document('sid', ({ agent }) => agent?.state.type === 'routable')
    since = await Since.now(stage)
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    await Promise.all([since.offline('nora'), since.offline('sid')])
    const entries = await since.entries(2)
    expect(entries.map(({ instance, username }) => `${instance}/${username}`).sort()).toEqual([
      'northwind.awsapps.com/nora',
      'southwind.awsapps.com/sid',
    ])
  })

  it('after the service ends a session for inactivity, the agent is flagged, and nothing counts as a success', async () => {
    const page = await open(stage.instance.url.ccp('v2', { signInAs: 'alice', streams: '2.28' }))
    await stage.ready(page, 'awake')
    stage.instance.tenant('acme').sessions.expireSessions()
    await page.evaluate((terminate: string) => document.dispatchEvent(new Event(terminate)), TERMINATE)
    const { outcome } = await since.entry()
    expect(['unconfirmed', 'failed']).toContain(outcome)
    expect(await isFlagged()).toBe(true)
    expect(stateOf()).toBe('routable')
    await page.discard()
    const back = await open(ccp())
    expect(await isFlagged()).toBe(false)
    await closeAndSee(back, 'alice')
  })

  it('the answer of a captive portal does not count: the close is verified until Connect answers', async () => {
    const page = await open(ccp())
    const portal = stage.instance.faults.set({ portal: { first: 8 } })
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    await until('the portal to have answered', () => portal.hits() >= 3)
    portal.clear()
    await since.offline()
    expect(await since.entry()).toMatchObject({
      outcome: 'confirmed',
      // A request that Streams repeated may have arrived first.
      evidence: expect.stringMatching(/^(asked|set_by_background)$/) as string,
    })
  })
}
