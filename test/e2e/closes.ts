import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import { shipped } from './builds'
import { Since } from './since'
import type { Background, Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

/** One for each story: a request that comes late from the page of one story leaves the agent of the next alone. */
const AGENTS = Array.from({ length: 60 }, (_, index) => `agent${index}`)

const TENANTS = [
  {
    alias: 'acme',
    agents: [...AGENTS.map((username) => ({ username })), { username: 'rita', rejectEnqueue: true }],
  },
  // Framed by another site: its cookies are in that site's own jar, which the background does not share.
  { alias: 'northwind', agents: [{ username: 'nora' }], cookiePartitioned: true },
  {
    alias: 'iberia',
    agents: [{ username: 'carmen' }],
    // States are renamed and translated, and the state of type offline is last but one: only its type identifies it.
    states: [
      ['Disponible', 'routable'],
      ['Offline', 'not_routable'],
      ['Fin de turno', 'offline'],
      ['Comida', 'not_routable'],
    ],
  },
] as const

const INSTANCES = {
  legacy: 'acme.awsapps.com',
  modern: 'acme.my.connect.aws',
  govcloud: 'acme.govcloud.connect.aws',
} as const

/** What happens on a close in a real browser, as recorded by the instance and by the log. */
export function describeCloses(name: BrowserName): void {
  let stage: Stage
  let since: Since
  let stoppedAt: number | null = null
  let who = ''
  const agents = AGENTS.values()

  beforeAll(async () => {
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants: TENANTS } })
  }, 240_000)
  beforeEach(() => {
    who = agents.next().value ?? ''
  })
  afterEach(() => {
    stage.instance.faults.clear()
    stage.instance.network.roundTrip(0)
  })
  afterAll(() => stage.close())

  /** Opens the CCP with an Available agent, and starts watching. */
  const open = async (url: string, whose: { username?: string; alias?: string } = {}): Promise<Page> => {
    const page = await stage.openAvailable(url, { username: who, ...whose })
    since = await Since.now(stage)
    stoppedAt = null
    return page
  }
  /** After a log-out nothing can check what was accepted, unless the page saw it before it went. */
  const known = ({ cause, outcome, evidence }: LogEntry): string => {
    const isKnown = ['accepted by call_answered', 'accepted by snapshot'].includes(`${outcome} by ${evidence}`)
    return `${cause}: ${isKnown ? 'Offline' : outcome}`
  }
  const entry = async (): Promise<LogEntry> => {
    const only = await since.entry()
    if (stoppedAt !== null && only.event !== null) {
      // The background was really stopped: the running one has been started since.
      const startedAt = await stage.browser.extension.evaluateInBackground(() => performance.timeOrigin)
      expect(startedAt).toBeGreaterThan(stoppedAt)
    }
    return only
  }
  const ready = async (page: Page, background: Background): Promise<void> => {
    const at = Date.now()
    await stage.ready(page, background)
    stoppedAt = background === 'stopped' ? at : null
  }
  const flagged = async (): Promise<string[]> =>
    (await stage.storedState()).flags.map(({ instance, username }) => `${instance}/${username}`)
  const ccp = (generation: 'v1' | 'v2' = 'v1', more: object = {}): string =>
    stage.instance.url.ccp(generation, { signInAs: who, ...more })

  /** Connect answers only after the page has gone. */
  const answerLate = (): void => {
    stage.instance.faults.set({ operation: 'PutAgentState', delayMs: 2_000 })
  }

  describe.each(BACKGROUND)('with the background %s, a closed tab', (background) => {
    beforeEach(() => answerLate())

    it('sets the agent Offline, and is confirmed by asking when no answer could arrive', async () => {
      const page = await open(ccp())
      await ready(page, background)
      await closeTabByKey(page)
      await since.offline(who)
      expect(await entry()).toMatchObject({
        instance: 'acme.awsapps.com',
        username: who,
        surface: 'ccp-v1',
        stateBefore: { type: 'routable' },
        outcome: 'confirmed',
        evidence: 'asked',
        event: 'beforeunload',
      })
      // One request by Streams and one directly to the API, both for the same state.
      expect(new Set(since.changes().map(({ to }) => to.type))).toEqual(new Set(['offline']))
      expect(await flagged()).toEqual([])
    })

    it('sets the state of type offline, whatever its name', async () => {
      const page = await open(ccp('v1', { alias: 'iberia', signInAs: 'carmen' }), {
        username: 'carmen',
        alias: 'iberia',
      })
      await ready(page, background)
      await closeTabByKey(page)
      expect((await since.offline('carmen')).to.name).toBe('Fin de turno')
      await entry()
    })

    it('leaves an agent alone who is not routable', async () => {
      const page = await open(ccp())
      stage.instance.agent(who).set('Lunch')
      await stage.document(who, (doc) => doc.agent?.state.type === 'not_routable')
      await ready(page, background)
      await closeTabByKey(page)
      expect(await entry()).toMatchObject({
        outcome: 'not_needed',
        reason: 'not_routable',
        stateBefore: { name: 'Lunch' },
      })
      expect(since.requests('PutAgentState')).toEqual([])
      expect(stage.instance.agent(who).state().name).toBe('Lunch')
    })

    it('is completed by the background if the page was refused', async () => {
      const page = await open(ccp())
      // An error that the SDK inside Streams does not retry by itself.
      stage.instance.faults.set({
        operation: 'PutAgentState',
        origin: 'page',
        fail: { first: 99, code: 'InvalidStateException' },
      })
      await ready(page, background)
      await closeTabByKey(page)
      expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background' })
      expect(stage.instance.agent(who).state().type).toBe('offline')
    })

    it('is confirmed if Connect refuses once', async () => {
      const page = await open(ccp())
      const fault = stage.instance.faults.set({
        operation: 'PutAgentState',
        fail: { first: 1, code: 'InvalidStateException' },
      })
      await ready(page, background)
      await closeTabByKey(page)
      await since.offline(who)
      expect((await entry()).outcome).toBe('confirmed')
      expect(fault.hits()).toBe(1)
    })

    it('is not a success if every request was refused: the agent is flagged until they are back', async () => {
      const page = await open(ccp())
      stage.instance.faults.set({
        operation: 'PutAgentState',
        origin: 'page',
        fail: { first: 99, code: 'InvalidStateException' },
      })
      stage.instance.faults.refuseExtensions()
      await ready(page, background)
      await closeTabByKey(page)
      await until('the flag', async () => (await flagged()).length > 0)
      expect(await flagged()).toEqual([`acme.awsapps.com/${who}`])
      expect(stage.instance.agent(who).state().type).toBe('routable')
      // The close waits for the agent's consent to open a recovery CCP: see recovery.ts.
      expect(await stage.log()).toEqual(since.before)
      const back = await stage.openAvailable(ccp(), { username: who })
      const { outcome, reason } = await entry()
      expect(outcome).toMatch(/unconfirmed|failed/)
      expect(reason).toBe('agent_present')
      expect(await flagged()).toEqual([])
      stage.instance.faults.clear()
      since = await Since.now(stage)
      await ready(back, 'awake')
      await closeTabByKey(back)
      await entry()
    })
  })

  it.each([
    ['v1', 'legacy', '1.4', null],
    ['v1', 'modern', '1.8', '1.8.3'],
    ['v2', 'modern', '2.28', '2.28.1'],
    ['v2', 'legacy', '2.28', '2.28.1'],
    ['v2', 'govcloud', '2.28', '2.28.1'],
  ] as const)(
    'a closed tab works on %s at the %s host with Streams %s',
    async (generation, host, streams, streamsVersion) => {
      answerLate()
      const page = await open(ccp(generation, { host, streams }))
      await ready(page, 'stopped')
      await closeTabByKey(page)
      await since.offline(who)
      expect(await entry()).toMatchObject({
        instance: INSTANCES[host],
        surface: `ccp-${generation}`,
        streamsVersion,
        outcome: 'confirmed',
      })
    },
  )

  describe.each(BACKGROUND)('with the background %s, a page that navigates away', (background) => {
    it('has time to receive the answer', async () => {
      const page = await open(ccp())
      await stage.document(who, ({ capabilities }) => capabilities?.direct.status === 'works')
      stage.instance.network.roundTrip(30)
      await ready(page, background)
      await page.navigate(stage.instance.url.other)
      await since.offline(who)
      const { timeline, ...left } = await entry()
      expect(left).toMatchObject({ cause: 'navigated_away', outcome: 'confirmed' })
      // Firefox is not held either: that would delay the next page. On a busy machine its connection may have gone
      // cold.
      const detail = timeline.find(({ event }) => event === 'closing')?.detail
      expect(detail?.replace(', cold connection', '')).toBe('attempted, keepalive')
      await page.discard()
    })

    it('by its Logout link sets Offline, and is logged as a log-out', async () => {
      const page = await open(ccp())
      await ready(page, background)
      await page.click('#logout')
      await since.offline(who)
      expect(known(await entry())).toBe('logged_out: Offline')
      await page.discard()
    })

    it('by its Logout link is held until the second try is accepted, if the first was refused', async () => {
      const page = await open(ccp())
      // The first two requests: by Streams, and directly.
      stage.instance.faults.set({ operation: 'PutAgentState', fail: { first: 2, code: 'ThrottlingException' } })
      await ready(page, background)
      await page.click('#logout')
      const { seq } = await since.offline(who)
      expect(known(await entry())).toBe('logged_out: Offline')
      expect(since.requests('logout').map((each) => each.seq > seq)).toEqual([true])
      await page.discard()
    })

    it('by its Logout link is finally released without an answer, and the log says so', async () => {
      const page = await open(ccp())
      stage.instance.faults.set({ operation: 'PutAgentState', origin: 'page', hang: true })
      await ready(page, background)
      await page.click('#logout')
      expect(await entry()).toMatchObject({ cause: 'logged_out', outcome: 'unconfirmed', reason: 'signed_out' })
      expect(stage.instance.agent(who).state().type).toBe('routable')
      await page.discard()
    })

    it('by the Logout button of v2 is logged as a log-out', async () => {
      const page = await open(ccp('v2'))
      await ready(page, background)
      await page.click('#logout')
      await since.offline(who)
      expect((await entry()).cause).toBe('logged_out')
      await page.discard()
    })

    it('after a refusal has failed, with the error if the page lived to receive it', async () => {
      const page = await open(ccp())
      stage.instance.faults.set({ operation: 'PutAgentState', fail: { first: 99, code: 'InvalidStateException' } })
      await ready(page, background)
      await page.click('#logout')
      const { outcome, error, cause } = await entry()
      // A log-out is held for at most 2 s: on a busy machine the answer may come later, and remain unknown.
      const failed = { outcome: 'failed', type: 'InvalidStateException', cause: 'logged_out' }
      const unheard = { outcome: 'unconfirmed', type: undefined, cause: 'logged_out' }
      expect([failed, unheard]).toContainEqual({ outcome, type: error?.type, cause })
      expect(stage.instance.agent(who).state().type).toBe('routable')
      await page.discard()
    })
  })

  it.each(BACKGROUND)('asks again without enqueueNextState if that is refused (background %s)', async (background) => {
    // A refusal is remembered per instance host, so each case uses its own host.
    const host = background === 'awake' ? 'legacy' : 'modern'
    const url = ccp('v1', { signInAs: 'rita', streams: '1.8', host })
    const rita = stage.instance.agent('rita')
    /** With a contact, Offline must be queued; without enqueueNextState the instance refuses it. */
    const logOutOnChat = async (): Promise<void> => {
      const page = await open(url, { username: 'rita' })
      rita.ring({ channel: 'chat' })
      rita.accept()
      await stage.document('rita', ({ agent }) => agent?.contacts[0]?.state === 'connected')
      await ready(page, background)
      await page.click('#logout')
      await until('the refusal', () =>
        since.requests('PutAgentState').some(({ error }) => error === 'InvalidStateException'),
      )
      expect(await entry()).toMatchObject({ outcome: 'failed', cause: 'logged_out' })
      rita.endContact()
      rita.clearContact()
      rita.set('offline', 'test')
      await page.discard()
    }
    await logOutOnChat()
    expect(since.requests('PutAgentState').map(({ error }) => error)).toContain('UnexpectedParameter')
    await logOutOnChat()
    expect(since.requests('PutAgentState').filter(({ input }) => input['enqueueNextState'])).toEqual([])
  })

  describe.each(BACKGROUND)('with the background %s, a CCP in a cross-site frame', (background) => {
    const crm = (): string => stage.instance.url.crm({ alias: 'northwind', signInAs: 'nora' })

    it('sets the agent Offline when its tab is closed', async () => {
      answerLate()
      const page = await open(crm(), { username: 'nora', alias: 'northwind' })
      await ready(page, background)
      await closeTabByKey(page)
      await since.offline('nora')
      const { framed, outcome, reason, evidence } = await entry()
      expect(framed).toBe(true)
      // The background has no session to ask with. On a busy machine the page may take as long to go as the answer takes to come.
      expect(reason).toBe('signed_out')
      if (outcome === 'accepted') expect(evidence).toMatch(/^(snapshot|call_answered)$/)
      else expect([outcome, evidence]).toEqual(['unconfirmed', 'none'])
    })

    it('sets the agent Offline when the site removes the frame', async () => {
      const page = await open(crm(), { username: 'nora', alias: 'northwind' })
      await ready(page, background)
      await page.click('#remove')
      await since.offline('nora')
      const { framed, cause } = await entry()
      expect(framed).toBe(true)
      // A frame has only `pagehide` to report in, and a stopped background may lose that report: in Firefox 1 of 25
      // times on a busy machine, and 0 of 40 since its mailbox is opened beforehand.
      expect(cause).toMatch(background === 'stopped' ? /frame_removed|unknown/ : /frame_removed/)
      await page.discard()
    })
  })

  // In Chromium the browser itself sends Offline then: see crash-protection.ts.
  if (name === 'firefox') {
    it('a page whose process is killed wakes the stopped background, which sets the agent Offline', async () => {
      const page = await open(ccp())
      await ready(page, 'stopped')
      await stage.browser.killRenderer(page)
      // Sooner than the minute after which the background wakes by itself.
      await stage.instance.journal.waitForState(
        { agent: who, type: 'offline', by: 'api' },
        { after: since.mark, timeoutMs: 25_000 },
      )
      expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background', event: null })
    })
  }
}
