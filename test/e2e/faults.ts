import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import type { Fault } from '../instance/instance'
import { shipped } from './builds'
import { readOwn, storeSettings, writeOwn } from './own-store'
import { Since } from './since'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  storage: {
    local: {
      get(keys: null): Promise<Record<string, unknown>>
      set(items: object): Promise<void>
      remove(key: string): Promise<void>
    }
  }
}

const TENANTS = [
  { alias: 'acme', agents: [{ username: 'alice' }] },
  { alias: 'fleeting', agents: [{ username: 'fran' }] },
]

/** Answers to a closing page, while the background is answered as usual. */
const ANSWERS: readonly (readonly [string, Fault])[] = [
  ['401', { fail: { code: 'UnauthorizedException' } }],
  ['403', { fail: { code: 'AccessDeniedException' } }],
  ['429', { fail: { code: 'ThrottlingException' } }],
  ['500', { fail: { code: 'InternalServiceException' } }],
  ['nothing at all', { hang: true }],
]
/** What the background asks after a close, in this order. */
const STEPS = ['authorize', 'GetAgentConfiguration', 'GetAgentSnapshot', 'PutAgentState'] as const

/** What can go wrong between a close and its confirmation. */
export function describeFaults(name: BrowserName): void {
  let stage: Stage
  let since: Since

  beforeAll(async () => {
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants: TENANTS } })
  }, 240_000)
  afterEach(() => stage.instance.faults.clear())
  afterAll(() => stage.close())

  const ccp = (username = 'alice', alias = 'acme'): string =>
    stage.instance.url.ccp('v1', { alias, signInAs: username })
  const open = async (): Promise<Page> => {
    const page = await stage.openAvailable(ccp())
    since = await Since.now(stage)
    return page
  }
  const onlyTheBackgroundCan = (): unknown =>
    stage.instance.faults.set({ operation: 'PutAgentState', origin: 'page', fail: { code: 'AccessDeniedException' } })
  const BY_BACKGROUND = { outcome: 'confirmed', evidence: 'set_by_background' }

  it.each(ANSWERS)('a close that is answered with %s is completed by the background', async (_what, fault) => {
    const page = await open()
    stage.instance.faults.set({ operation: 'PutAgentState', origin: 'page', ...fault })
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    await since.offline()
    expect(await since.entries()).toMatchObject([BY_BACKGROUND])
  })

  it('a token that expires at the close affects only the page: the background gets its own', async () => {
    const page = await open()
    await stage.ready(page, 'awake')
    stage.instance.tenant().sessions.expireTokens()
    await closeTabByKey(page)
    await since.offline()
    expect(await since.entries()).toMatchObject([BY_BACKGROUND])
  })

  it.each([
    ['if the settings allow it', true],
    ['but not otherwise', false],
  ])('a page whose token expires requests another one, and closes with it, %s', async (_where, renewToken) => {
    const { journal } = stage.instance
    const { sessions } = stage.instance.tenant()
    /** The page's own requests since then, without those of Streams' worker. */
    const own = (operation: string, after: number) =>
      journal.requests.filter(
        ({ operation: name, seq, details }) =>
          name === operation && seq > after && /\/ccp$/.test(details.referer ?? '') && !isOurs(details.origin),
      )
    await storeSettings(stage.browser, { renewToken })
    const lifetime = sessions.tokenLifetimeMs
    const start = journal.mark()
    sessions.tokenLifetimeMs = 4_000
    const page = await stage.browser.newWindow(ccp())
    await stage.document('alice')
    const expiresBy = Date.now() + sessions.tokenLifetimeMs
    sessions.tokenLifetimeMs = lifetime
    stage.instance.agent('alice').set('routable')
    await stage.document('alice', ({ agent }) => agent?.state.type === 'routable')
    if (renewToken) await until('another token to be asked for', () => own('authorize', start).length > 0)
    await until('the first one to expire', () => Date.now() > expiresBy)

    since = await Since.now(stage)
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    await since.offline()
    expect(await since.entries()).toMatchObject([renewToken ? { outcome: 'confirmed' } : BY_BACKGROUND])
    expect(own('PutAgentState', since.mark).map(({ status }) => status)).toEqual(renewToken ? [200] : [])
    expect(own('authorize', start)).toHaveLength(renewToken ? 1 : 0)
    await storeSettings(stage.browser, {})
  })

  it.each(STEPS)('a worker that is stopped while it waits for %s leaves the close to the next one', async (step) => {
    const page = await open()
    onlyTheBackgroundCan()
    // The page already has its token, and does not ask for a snapshot while it has none.
    const hang = stage.instance.faults.set({
      operation: step,
      ...(step === 'authorize' ? {} : { origin: 'extension' }),
      hang: true,
    })
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    await until(`${step} to be asked`, () => hang.hits() > 0)
    await stage.browser.extension.stopBackground()
    hang.clear()
    await stage.browser.extension.evaluateInBackground(() => undefined)
    await since.offline()
    expect(await since.entries()).toMatchObject([BY_BACKGROUND])
  })

  it('a worker that is stopped between two attempts leaves the next attempt to the next worker', async () => {
    const page = await open()
    onlyTheBackgroundCan()
    const refused = stage.instance.faults.set({
      operation: 'PutAgentState',
      origin: 'extension',
      fail: { code: 'ThrottlingException' },
    })
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    await until('the pause after an attempt', async () =>
      Object.values((await stage.storedState()).closes).some(
        ({ check }) => check !== null && check.attempts > 0 && !check.isAsking,
      ),
    )
    expect(refused.hits()).toBeGreaterThan(0)
    await stage.browser.extension.stopBackground()
    stage.instance.faults.clear()
    await stage.browser.extension.evaluateInBackground(() => undefined)
    await since.offline()
    expect(await since.entries()).toMatchObject([BY_BACKGROUND])
  })

  it('two closes at once have separate entries, each with its own outcome', async () => {
    const fran = await stage.openAvailable(ccp('fran', 'fleeting'), { username: 'fran', alias: 'fleeting' })
    const alice = await open()
    onlyTheBackgroundCan()
    await alice.toFront()
    await alice.browser.display.key('ctrl+w')
    await fran.toFront()
    await fran.browser.display.key('ctrl+w')
    await Promise.all([since.offline('alice'), since.offline('fran')])
    const told = await since.entries(2)
    expect(told).toMatchObject([BY_BACKGROUND, BY_BACKGROUND])
    expect(new Set(told.map(({ username }) => username))).toEqual(new Set(['alice', 'fran']))
  })

  it('two CCPs of one agent closed in quick succession are two closes, and the agent is Offline', async () => {
    const first = await open()
    const second = await stage.openAvailable(ccp())
    await first.toFront()
    await first.browser.display.key('ctrl+w')
    await second.toFront()
    await second.browser.display.key('ctrl+w')
    await since.offline()
    const both = await since.entries(2)
    expect(both).toHaveLength(2)
    for (const { outcome } of both) expect(['confirmed', 'not_needed']).toContain(outcome)
    expect(stage.instance.agent('alice').state().type).toBe('offline')
    expect((await stage.storedState()).flags).toEqual([])
  })

  it('damaged stored state is put aside, and the close is still logged', async () => {
    const page = await open()
    // The CCP wakes a stopped background soon, and a running one may store its own state over the damage.
    await until('a background that finds the damage', async () => {
      await writeOwn(stage.browser, { sessions: { state: 'rubbish' } })
      await stage.ready(page, 'stopped')
      const { sessions, 'sessions.damaged': aside } = await stage.browser.extension.readStore(readOwn)
      return aside !== undefined || JSON.stringify(sessions) === '{"state":"rubbish"}'
    })
    await closeTabByKey(page)
    await since.offline()
    // If the end of the tab is reported before the page's close report, the background does not know yet whose tab it
    // was. The close report then waits for a page that may have stayed, until the background, which was stopped
    // meanwhile, checks which documents are left: Firefox wakes it after a minute or two.
    const known = new Set(since.before.map(({ id }) => id))
    const told = await until('the entry', async () => (await stage.log()).filter(({ id }) => !known.has(id))[0], {
      timeout: 150_000,
    })
    expect(told).toMatchObject({ outcome: 'confirmed' })
    const kept = await stage.browser.extension.readStore(readOwn)
    expect(kept['sessions.damaged']).toEqual([{ part: 'sessions', item: { state: 'rubbish' } }])
  }, 240_000)

  it.each([
    ['back by an hour', -3_600_000],
    ['forward by a day', 86_400_000],
  ])('a clock that is set %s during a close neither hides the close nor ends it early', async (_how, jump) => {
    const page = await open()
    onlyTheBackgroundCan()
    await stage.ready(page, 'awake')
    // Only the background's clock jumps: the page's times are from before the jump.
    await stage.browser.extension.evaluateInBackground((by: number) => {
      const now = Date.now.bind(Date)
      Date.now = () => now() + by
    }, jump)
    await closeTabByKey(page)
    await since.offline()
    expect(await since.entries()).toMatchObject([BY_BACKGROUND])
    await stage.browser.extension.stopBackground()
  })

  if (name === 'chromium') {
    // Firefox does not limit what an extension stores this way.
    it('a full mailbox does not prevent Offline, and the close is logged', async () => {
      const page = await open()
      await stage.browser.extension.readStore(async () => {
        for (let size = 1 << 20, nth = 0; size > 16;) {
          const key = `ballast-${nth++}`
          await chrome.storage.local.set({ [key]: 'x'.repeat(size) }).catch(() => (size >>= 1))
        }
      })
      await stage.ready(page, 'awake')
      await closeTabByKey(page)
      await since.offline()
      expect(await since.entries()).toMatchObject([{ outcome: 'confirmed' }])
      await stage.browser.extension.readStore(async () => {
        const keys = Object.keys(await chrome.storage.local.get(null)).filter((key) => key.startsWith('ballast-'))
        for (const key of keys) await chrome.storage.local.remove(key)
      })
    })
  }
}

const isOurs = (origin: string | undefined): boolean => /^(chrome|moz)-extension:/.test(origin ?? '')
