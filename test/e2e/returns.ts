import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import { shipped } from './builds'
import { storeSettings } from './own-store'
import type { Background, Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

const TENANTS = [
  { alias: 'acme', agents: [{ username: 'alice' }, { username: 'bob' }], cookieMaxAgeSeconds: 3600 },
  { alias: 'fleeting', agents: [{ username: 'fran' }, { username: 'gus' }] },
]

/** What happens to agents whose browser was killed, and to those who come back. */
export function describeReturns(name: BrowserName): void {
  let stage: Stage
  let profileDir: string
  let before: LogEntry[] = []

  beforeAll(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'kept-profile-'))
    stage = await openStage({ browser: name, extensionDir: shipped(name), profileDir, instance: { tenants: TENANTS } })
  }, 240_000)
  afterEach(() => stage.instance.faults.clear())
  afterAll(async () => {
    await stage.close()
    await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  const ccp = (username: string, alias = 'acme'): string => stage.instance.url.ccp('v1', { alias, signInAs: username })
  /** A browser that is closed normally writes all its cookies; a killed one keeps those written by then. */
  const signInForGood = async (): Promise<void> => {
    await stage.browser.newTab(stage.instance.url.signIn({ signInAs: 'alice' }))
    await stage.restart()
  }
  const open = async (username: string, alias = 'acme'): Promise<Page> => {
    const page = await stage.openAvailable(ccp(username, alias), { username, alias })
    before = await stage.log()
    return page
  }
  const killAndRestart = async (page: Page, background: Background, whileDown = () => {}): Promise<void> => {
    await stage.ready(page, background)
    await stage.leaveStore()
    await stage.browser.signal('SIGKILL')
    whileDown()
    await stage.restart()
  }
  const entry = async (): Promise<LogEntry | undefined> => {
    const [first, ...others] = await stage.newEntries(before)
    expect(others).toEqual([])
    return first
  }
  const entryAgain = async (id: string): Promise<LogEntry | undefined> =>
    (await stage.log()).find((one) => one.id === id)
  const flagged = async (): Promise<string[]> => (await stage.storedState()).flags.map(({ username }) => username)

  describe.each(BACKGROUND)('with the background %s, an agent whose browser is killed', (background) => {
    it('is set Offline at its next start, while their session lasts', async () => {
      await signInForGood()
      const page = await open('alice')
      const mark = stage.instance.journal.mark()
      await killAndRestart(page, background)
      await stage.instance.journal.waitForState({ agent: 'alice', type: 'offline', by: 'api' }, { after: mark })
      expect(await entry()).toMatchObject({
        cause: 'browser_ended',
        outcome: 'confirmed',
        evidence: 'set_by_background',
        exposure: { certainty: 'exact' },
      })
      expect(await flagged()).toEqual([])
    })

    it('is flagged if their session has ended, until they are back and the length is known', async () => {
      const page = await open('fran', 'fleeting')
      await killAndRestart(page, background, () => stage.instance.tenant('fleeting').sessions.expireSessions())
      const left = await entry()
      expect(left).toMatchObject({ outcome: 'unconfirmed', reason: 'signed_out', exposure: { certainty: 'open' } })
      expect(stage.instance.agent('fran', 'fleeting').state().type).toBe('routable')
      expect(await flagged()).toEqual(['fran'])

      const back = await stage.browser.newWindow(ccp('fran', 'fleeting'))
      await until('the flag to come down', async () => (await flagged()).length === 0)
      const known = await entryAgain(left?.id ?? '')
      expect(known).toMatchObject({ outcome: 'unconfirmed', exposure: { from: left?.at, certainty: 'exact' } })
      expect(known?.exposure?.until).toBeGreaterThan(left?.at ?? Infinity)
      expect(known?.timeline.map(({ event }) => event)).toContain('agent_returned')
      before = await stage.log()
      await stage.ready(back, 'awake')
      await closeTabByKey(back)
      await entry()
    })
  })

  it('an agent whose browser is killed is left alone and flagged if another agent has signed in since', async () => {
    const page = await open('alice')
    stage.instance.agent('bob').set('routable')
    const mark = stage.instance.journal.mark()
    await killAndRestart(page, 'awake', () => {
      const { instance } = stage
      instance.tenant().sessions.handOver(instance.agent('alice'), instance.agent('bob'))
    })
    expect(await entry()).toMatchObject({ username: 'alice', outcome: 'unconfirmed', reason: 'other_agent' })
    expect(stage.instance.journal.states.filter(({ seq }) => seq > mark)).toEqual([])
    expect(await flagged()).toEqual(['alice'])
    const back = await stage.browser.newWindow(ccp('alice'))
    await until('the flag to come down', async () => (await flagged()).length === 0)
    before = await stage.log()
    await stage.ready(back, 'awake')
    await closeTabByKey(back)
    await entry()
  })

  it('an agent whose browser is killed stays flagged if another one signs in on the shared computer', async () => {
    const { instance } = stage
    const page = await open('fran', 'fleeting')
    await killAndRestart(page, 'awake', () => instance.tenant('fleeting').sessions.expireSessions())
    expect(await entry()).toMatchObject({ username: 'fran', outcome: 'unconfirmed', reason: 'signed_out' })
    before = await stage.log()
    const mark = instance.journal.mark()

    const next = await stage.browser.newWindow(instance.url.ccp('v1', { alias: 'fleeting' }))
    await next.waitFor('input[name=password]')
    await next.driver.type('input[name=username]', 'gus')
    await next.driver.type('input[name=password]', instance.agent('gus', 'fleeting').password)
    await next.click('button')
    await stage.document('gus')
    instance.agent('gus', 'fleeting').set('routable')
    await stage.document('gus', ({ agent }) => agent?.state.type === 'routable')
    await stage.ready(next, 'awake')
    await closeTabByKey(next)
    expect(await entry()).toMatchObject({ username: 'gus', outcome: 'confirmed' })
    // The first agent is as they were left, and nothing was reported for them.
    expect(await flagged()).toEqual(['fran'])
    expect(instance.agent('fran', 'fleeting').state().type).toBe('routable')
    const changes = instance.journal.states.filter(({ seq, cause }) => seq > mark && cause.by === 'api')
    expect(new Set(changes.map(({ agent, to }) => `${agent} ${to.type}`))).toEqual(new Set(['gus offline']))
  })

  it('an agent whose browser is killed before the close is confirmed is set Offline at its next start', async () => {
    const { faults, journal } = stage.instance
    await signInForGood()
    const page = await open('alice')
    const mark = journal.mark()
    faults.set({ operation: 'PutAgentState', origin: 'page', fail: { code: 'AccessDeniedException' } })
    const asked = faults.set({ operation: 'authorize', hang: true })
    await stage.ready(page, 'awake')
    await stage.leaveStore()
    await closeTabByKey(page)
    await until('the background to ask', () => asked.hits() > 0)
    await stage.browser.signal('SIGKILL')
    faults.clear()
    await stage.restart()
    await journal.waitForState({ agent: 'alice', type: 'offline', by: 'api' }, { after: mark, timeoutMs: 30_000 })
    expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background', event: 'beforeunload' })
  })

  it('an agent whose page crashes while no background runs is found and set Offline within a minute or two', async () => {
    await storeSettings(stage.browser, { deadMansSwitch: false })
    const page = await open('alice')
    await stage.document('alice', ({ capabilities }) => capabilities?.deadMansSwitch !== 'armed')
    const mark = stage.instance.journal.mark()
    await stage.ready(page, 'stopped')
    await stage.browser.killRenderer(page)
    const isOffline = { agent: 'alice', type: 'offline', by: 'api' } as const
    await stage.instance.journal.waitForState(isOffline, { after: mark, timeoutMs: 120_000 })
    expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background', event: null })
    await stage.restart()
  }, 240_000)

  it.each(BACKGROUND)(
    'an agent who is back before a request of their close arrives keeps their status (background %s)',
    async (background) => {
      const { journal, faults } = stage.instance
      const page = await open('alice')
      const mark = journal.mark()
      // The close's requests take effect seconds later, when the agent has long been back.
      const late = faults.set({ operation: 'PutAgentState', workMs: 10_000 })
      await stage.ready(page, background)
      await closeTabByKey(page)
      await until('the request', () => late.hits() > 0)
      const back = await stage.browser.newWindow(ccp('alice'))
      const doc = await stage.document('alice', (one) => one.agent?.state.type === 'routable')
      // Only now: the close has a second request, which may come a moment after the first. What reverts them is not late.
      late.clear()
      const isOffline = { agent: 'alice', type: 'offline', by: 'api' } as const
      const arrived = await journal.waitForState(isOffline, { after: mark, timeoutMs: 30_000 })
      const isBack = { agent: 'alice', type: 'routable', by: 'api' } as const
      await journal.waitForState(isBack, { after: arrived.seq, timeoutMs: 30_000 })
      const closed = await until('the story to be whole', async () => {
        const [first] = await stage.newEntries(before)
        return first?.timeline.some(({ event }) => event === 'undone') && first
      })
      expect(closed.outcome).not.toBe('confirmed')
      // No request of that close is under way any more, and the agent has the status of their choice.
      await stage.document('alice', (one) => one.docId === doc.docId && one.agent?.state.type === 'routable')
      expect(stage.instance.agent('alice').state().type).toBe('routable')
      before = await stage.log()
      await stage.ready(back, 'awake')
      const again = journal.mark()
      await closeTabByKey(back)
      await journal.waitForState(isOffline, { after: again, timeoutMs: 30_000 })
      await entry()
    },
  )
}
