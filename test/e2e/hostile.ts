import type { LogEntry } from '../../src/domain/log-entry'
import type { CcpDocument } from '../../src/domain/closes/ccp-document'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, reloadByKey, until } from '../browser'
import { shipped } from './builds'
import type { HostilePage } from './hostile/scripts'
import { HOSTILE } from './hostile/scripts'
import { Since } from './since'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  action: { getBadgeText(details: object): Promise<string> }
  runtime: { sendMessage(message: object): Promise<unknown> }
}

/** Each hostile page is in its own instance, with its own agent. */
const AGENTS = {
  tojson: 'tom',
  spoilt: 'sara',
  proxied: 'paula',
  renamed: 'rosa',
  hidden: 'hugo',
  forger: 'flora',
  liar: 'lena',
} as const
type Alias = keyof typeof AGENTS
const ALIASES = Object.keys(AGENTS) as Alias[]
const OWN = { alias: 'acme', username: 'alice' }

/** The page in which even the start of the extension's code throws. */
const CANNOT_START: Alias = 'spoilt'
const HIDDEN = { alias: 'hidden', username: AGENTS.hidden } as const

const FLOOD = { count: 400, letters: 45_000 }

/** Pages that are hostile, or only behave like it, beside one that is not. */
export function describeHostile(name: BrowserName): void {
  let stage: Stage
  const pages = new Map<Alias, Page>()

  beforeAll(async () => {
    const tenants = [
      { alias: OWN.alias, agents: [{ username: OWN.username }] },
      ...ALIASES.map((alias) => ({ alias, firstScript: HOSTILE[alias], agents: [{ username: AGENTS[alias] }] })),
    ]
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants } })
  }, 240_000)
  afterAll(() => stage.close())

  const pageOf = (alias: Alias): Page => {
    const page = pages.get(alias)
    if (page === undefined) throw new Error(`No page of ${alias}.`)
    return page
  }
  /** The state as the instance has it. */
  const stateOf = (alias: Alias): string => stage.instance.agent(AGENTS[alias], alias).state().type
  const documentOf = async (alias: Alias): Promise<CcpDocument | undefined> =>
    Object.values((await stage.storedState()).documents).find(
      (doc) => doc.instance.startsWith(`${alias}.`) && doc.gone === null,
    )
  /** Uncaught errors that the extension's code has caused in the pages. */
  const errors = async (): Promise<string[]> => {
    const found = ALIASES.filter((alias) => pages.has(alias)).map((alias) =>
      pageOf(alias).evaluate(() => (globalThis as unknown as HostilePage).errors),
    )
    return (await Promise.all(found)).flat()
  }
  const problems = async (): Promise<unknown> =>
    stage.browser.extension.readStore(async () => {
      const answer = await chrome.runtime.sendMessage({ kind: 'ui', type: 'get_status' })
      return (answer as { value: { problems: string[] } }).value.problems
    })

  /**
   * Closes the genuine agent's CCP; returns the time until the instance had them Offline, and until it was logged, in
   * ms.
   */
  async function closeOwn(page: Page): Promise<{ offlineMs: number; loggedMs: number; entry: LogEntry | undefined }> {
    const { journal } = stage.instance
    const before = await stage.log()
    const mark = journal.mark()
    await stage.ready(page, 'awake')
    const start = Date.now()
    await closeTabByKey(page)
    const offline = await journal.waitForState(
      { agent: OWN.username, type: 'offline', by: 'api' },
      { after: mark, timeoutMs: 30_000 },
    )
    const entry = await until('the entry of the genuine close', async () => {
      const known = new Set(before.map(({ id }) => id))
      return (await stage.log()).find(({ id, username, instance }) => {
        return !known.has(id) && username === OWN.username && instance.startsWith(`${OWN.alias}.`)
      })
    })
    return { offlineMs: offline.at - start, loggedMs: Date.now() - start, entry }
  }
  const openOwn = (): Promise<Page> =>
    stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: OWN.username, alias: OWN.alias }), OWN)

  it('each hostile page keeps running; the one in which nothing can start is said to be unprotected', async () => {
    for (const alias of ALIASES) {
      const url = stage.instance.url.ccp('v2', { alias, signInAs: AGENTS[alias] })
      pages.set(alias, await stage.browser.newTab(url))
      stage.instance.agent(AGENTS[alias], alias).set('routable')
    }
    // A tab is not closed because of a mark that its own page has set.
    await reloadByKey(pageOf('forger'))
    const told = await until(
      'each page to be protected, or said not to be',
      async () => {
        const found = await Promise.all(ALIASES.map(documentOf))
        const isTold = found.every((doc) => doc?.protection.status === 'unprotected' || doc?.agent != null)
        return isTold && found.map((doc, nth) => [ALIASES[nth], doc?.protection.status])
      },
      { timeout: 90_000 },
    )
    expect(told).toEqual(ALIASES.map((alias) => [alias, alias === CANNOT_START ? 'unprotected' : 'protected']))
    // The badge follows what is stored a moment later.
    const badge = () => stage.browser.extension.evaluateInBackground(() => chrome.action.getBadgeText({}))
    await until('the badge', async () => (await badge()) !== '')
    expect(await errors()).toEqual([])
    expect(pageOf('forger').isClosed()).toBe(false)
    expect(ALIASES.map(stateOf)).toEqual(ALIASES.map(() => 'routable'))
  }, 240_000)

  it('a page whose Streams is hidden is watched by the API alone: a change shows, and its close ends Offline', async () => {
    const hugo = stage.instance.agent(HIDDEN.username, HIDDEN.alias)
    const { streamsVersion, capabilities } = await stage.document(HIDDEN.username)
    expect(streamsVersion).toBeNull()
    expect(capabilities?.direct.status).toBe('works')
    expect(capabilities?.hiddenStreams?.requestsPerHour).toBeGreaterThan(0)
    for (const state of ['Lunch', 'Available']) {
      hugo.set(state)
      await stage.document(HIDDEN.username, ({ agent }) => agent?.state.name === state)
    }
    const page = pageOf(HIDDEN.alias)
    const since = await Since.now(stage)
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    pages.delete(HIDDEN.alias)
    const { cause } = await since.offline(HIDDEN.username)
    expect(cause).toMatchObject({ request: { details: { origin: 'https://hidden.awsapps.com' } } })
    expect(await since.entry()).toMatchObject({ username: HIDDEN.username, outcome: 'confirmed', cause: 'tab_closed' })
    expect(stateOf(HIDDEN.alias)).toBe('offline')
  }, 240_000)

  it('a page that floods and forges messages delays no other close, and changes no other agent', async () => {
    const { journal } = stage.instance
    const calm = await closeOwn(await openOwn())
    expect(calm.entry).toMatchObject({ outcome: 'confirmed' })
    const own = await openOwn()
    const mark = journal.mark()
    const said = await pageOf('forger').evaluate(
      (count: number, letters: number) => (globalThis as unknown as HostilePage).flood?.(count, letters),
      FLOOD.count,
      FLOOD.letters,
    )
    await pageOf('forger').evaluate(() => (globalThis as unknown as HostilePage).flood?.(400, 900))
    expect(said).toBe(FLOOD.count)
    const flooded = await closeOwn(own)
    expect(flooded.entry).toMatchObject({ outcome: 'confirmed' })
    console.log(
      `${name}, a close: Offline ${calm.offlineMs} ms, logged ${calm.loggedMs} ms after it;` +
        ` after a flood of ${FLOOD.count} messages of ${FLOOD.letters} letters: ${flooded.offlineMs} ms, ${flooded.loggedMs} ms`,
    )
    const changed = journal.states.filter(({ seq, agent }) => seq > mark && agent !== OWN.username)
    expect(changed).toEqual([])
    expect(await errors()).toEqual([])
  }, 240_000)

  it('a page that reports an Available agent as Offline is never trusted: the background looks', async () => {
    const before = await stage.log()
    const lies = ['asked', 'beforeunload', 'locked']
    for (const [nth, event] of lies.entries()) {
      await pageOf('liar').evaluate((what: string) => (globalThis as unknown as HostilePage).lie?.(what), event)
      await stage.newEntries(before, nth + 1)
    }
    // The instance itself still has the agent Available.
    expect(stateOf('liar')).toBe('routable')
    const entries = await stage.newEntries(before, lies.length)
    const told = entries.map(({ event, outcome, evidence, reason }) => [event, outcome, evidence, reason])
    console.log(`${name}, a page that lies: ${JSON.stringify(told)}`)
    expect(told.sort()).toEqual([
      ['asked', 'unconfirmed', 'snapshot', 'not_shown'],
      ['beforeunload', 'accepted', 'snapshot', 'agent_present'],
      ['locked', 'unconfirmed', 'snapshot', 'not_shown'],
    ])
    expect(await errors()).toEqual([])
  }, 240_000)

  it('their closes are logged as they were: nothing is confirmed that the instance does not show', async () => {
    const { journal } = stage.instance
    const mark = journal.mark()
    const documents = new Map<Alias, CcpDocument | undefined>()
    for (const alias of ALIASES) documents.set(alias, await documentOf(alias))
    const isKnown = (alias: Alias): boolean => documents.get(alias)?.agent?.username === AGENTS[alias]
    for (const page of pages.values()) await closeTabByKey(page)
    pages.clear()
    const watched = ALIASES.filter(isKnown)
    await until(
      'the agents whom the extension knows to be Offline',
      () => watched.every((alias) => stateOf(alias) === 'offline'),
      { timeout: 90_000 },
    )
    await until('all closes to be over', async () => Object.keys((await stage.storedState()).documents).length === 0, {
      timeout: 150_000,
    })
    const changed = journal.states.filter(({ seq }) => seq > mark)
    expect(changed.map(({ to }) => to.type)).toEqual(changed.map(() => 'offline'))
    const entries = (await stage.log()).filter(({ instance }) => !instance.startsWith(`${OWN.alias}.`))
    const claimed = entries.filter(({ outcome }) => outcome === 'confirmed')
    const falsely = claimed.filter(({ instance, username, evidence }) => {
      const alias = ALIASES.find((one) => instance.startsWith(`${one}.`))
      if (evidence !== 'asked' && evidence !== 'set_by_background') return true
      return alias === undefined || username !== AGENTS[alias] || stateOf(alias) !== 'offline'
    })
    console.log(
      `${name}, entries of hostile pages: ${entries.length}, confirmed ${claimed.length},` +
        ` falsely ${falsely.length};` +
        ` states ${ALIASES.map((alias) => `${alias} ${stateOf(alias)}`).join(', ')}; problems ${JSON.stringify(await problems())}`,
    )
    expect(falsely).toEqual([])
    // Pages whose agent the extension could not know are logged as unprotected.
    for (const alias of ALIASES.filter((one) => documents.get(one)?.protection.status === 'unprotected')) {
      expect(
        entries.some(({ instance, outcome }) => instance.startsWith(`${alias}.`) && outcome === 'unprotected'),
      ).toBe(true)
    }
  }, 300_000)
}
