import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import type { StateEntry } from '../instance/instance'
import { shipped } from './builds'
import type { Background, Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

const TENANTS = [
  {
    alias: 'acme',
    agents: [{ username: 'alice' }, { username: 'rita', rejectEnqueue: true }],
  },
  // Framed by another site: its cookies are of that site's own jar, which the background does not share.
  { alias: 'northwind', agents: [{ username: 'nora' }], cookiePartitioned: true },
  {
    alias: 'iberia',
    agents: [{ username: 'carmen' }],
    // Renamed and translated, and the state of type offline last but one: only its type tells it.
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

/** How long Offline may take: an idle machine needs a tenth of a second, a busy one in CI much more. */
const PATIENCE = { timeoutMs: 30_000 }

/** What happens on a close, in a real browser, as the instance recorded it and as the log says. */
export function describeCloses(name: BrowserName): void {
  let stage: Stage
  let mark = 0
  let before: LogEntry[] = []
  let stoppedAt: number | null = null

  beforeAll(async () => {
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants: TENANTS } })
  }, 240_000)
  afterEach(() => {
    stage.instance.faults.clear()
    stage.instance.network.roundTrip(0)
  })
  afterAll(() => stage.close())

  /** Opens the CCP, Available, and begins to watch. */
  const open = async (url: string, who: { username?: string; alias?: string } = {}): Promise<Page> => {
    const page = await stage.openAvailable(url, who)
    before = await stage.log()
    mark = stage.instance.journal.mark()
    stoppedAt = null
    return page
  }
  const offline = (agent = 'alice'): Promise<StateEntry> =>
    stage.instance.journal.waitForState({ agent, type: 'offline', by: 'api' }, { ...PATIENCE, after: mark })
  /** A log-out ends all means to check what was accepted, unless the page has seen it before it went. */
  const known = ({ cause, outcome, evidence }: LogEntry): string => {
    const isKnown = ['accepted by call_answered', 'accepted by snapshot'].includes(`${outcome} by ${evidence}`)
    return `${cause}: ${isKnown ? 'Offline' : outcome}`
  }
  const entry = async (): Promise<LogEntry> => {
    const [first, ...others] = await stage.newEntries(before)
    expect(others).toEqual([])
    if (first === undefined) throw new Error('No entry')
    if (stoppedAt !== null && first.event !== null) {
      // It was stopped indeed: what runs now has been started since.
      const startedAt = await stage.browser.extension.evaluateInBackground(() => performance.timeOrigin)
      expect(startedAt).toBeGreaterThan(stoppedAt)
    }
    return first
  }
  const ready = async (page: Page, background: Background): Promise<void> => {
    const at = Date.now()
    await stage.ready(page, background)
    stoppedAt = background === 'stopped' ? at : null
  }
  const flagged = async (): Promise<string[]> =>
    (await stage.storedState()).flags.map(({ instance, username }) => `${instance}/${username}`)
  const puts = () =>
    stage.instance.journal.requests.filter(({ operation, seq }) => operation === 'PutAgentState' && seq > mark)
  const ccp = (generation: 'v1' | 'v2' = 'v1', more: object = {}): string =>
    stage.instance.url.ccp(generation, { signInAs: 'alice', ...more })

  /** Connect's answer comes when nobody is left to hear it. */
  const answerLate = (): void => {
    stage.instance.faults.set({ operation: 'PutAgentState', delayMs: 2_000 })
  }

  describe.each(BACKGROUND)('with the background %s, a tab that is closed', (background) => {
    beforeEach(() => answerLate())

    it('sets the agent Offline, and is confirmed by asking where no answer could be heard', async () => {
      const page = await open(ccp())
      await ready(page, background)
      await closeTabByKey(page)
      await offline()
      expect(await entry()).toMatchObject({
        instance: 'acme.awsapps.com',
        username: 'alice',
        surface: 'ccp-v1',
        stateBefore: { type: 'routable' },
        outcome: 'confirmed',
        evidence: 'asked',
        event: 'beforeunload',
      })
      // Once by Streams, and once straight to the API: to the same state, and to no other.
      const changes = stage.instance.journal.states.filter(({ seq }) => seq > mark)
      expect(new Set(changes.map(({ to }) => to.type))).toEqual(new Set(['offline']))
      expect(await flagged()).toEqual([])
    })

    it('takes the state of type offline, whatever its name', async () => {
      const page = await open(ccp('v1', { alias: 'iberia', signInAs: 'carmen' }), {
        username: 'carmen',
        alias: 'iberia',
      })
      await ready(page, background)
      await closeTabByKey(page)
      expect((await offline('carmen')).to.name).toBe('Fin de turno')
      await entry()
    })

    it('leaves an agent alone who is not routable', async () => {
      const page = await open(ccp())
      stage.instance.agent('alice').set('Lunch')
      await stage.document('alice', (doc) => doc.agent?.state.type === 'not_routable')
      await ready(page, background)
      await closeTabByKey(page)
      expect(await entry()).toMatchObject({
        outcome: 'not_needed',
        reason: 'not_routable',
        stateBefore: { name: 'Lunch' },
      })
      expect(puts()).toEqual([])
      expect(stage.instance.agent('alice').state().name).toBe('Lunch')
    })

    it('is mended by the background where the page was refused', async () => {
      const page = await open(ccp())
      // An error that the SDK inside Streams does not try again by itself.
      stage.instance.faults.set({
        operation: 'PutAgentState',
        origin: 'page',
        fail: { first: 99, code: 'InvalidStateException' },
      })
      await ready(page, background)
      await closeTabByKey(page)
      expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background' })
      expect(stage.instance.agent('alice').state().type).toBe('offline')
    })

    it('is confirmed where Connect refuses once', async () => {
      const page = await open(ccp())
      const fault = stage.instance.faults.set({
        operation: 'PutAgentState',
        fail: { first: 1, code: 'InvalidStateException' },
      })
      await ready(page, background)
      await closeTabByKey(page)
      await offline()
      expect((await entry()).outcome).toBe('confirmed')
      expect(fault.hits()).toBe(1)
    })

    it('is not called success where nothing got through: the agent is flagged until they are back', async () => {
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
      expect(await flagged()).toEqual(['acme.awsapps.com/alice'])
      expect(stage.instance.agent('alice').state().type).toBe('routable')
      // It waits for the agent to say whether a CCP may be opened for it: see recovery.ts.
      expect(await stage.log()).toEqual(before)
      const back = await stage.openAvailable(ccp())
      const { outcome, reason } = await entry()
      expect(outcome).toMatch(/unconfirmed|failed/)
      expect(reason).toBe('agent_present')
      expect(await flagged()).toEqual([])
      stage.instance.faults.clear()
      before = await stage.log()
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
    'a tab that is closed works on %s at the %s host with Streams %s',
    async (generation, host, streams, streamsVersion) => {
      answerLate()
      const page = await open(ccp(generation, { host, streams }))
      await ready(page, 'stopped')
      await closeTabByKey(page)
      await offline()
      expect(await entry()).toMatchObject({
        instance: INSTANCES[host],
        surface: `ccp-${generation}`,
        streamsVersion,
        outcome: 'confirmed',
      })
    },
  )

  describe.each(BACKGROUND)('with the background %s, a page that is left', (background) => {
    it('has time to hear the answer', async () => {
      const page = await open(ccp())
      await stage.document('alice', ({ capabilities }) => capabilities?.direct.status === 'works')
      stage.instance.network.roundTrip(30)
      await ready(page, background)
      await page.navigate(stage.instance.url.other)
      await offline()
      const { timeline, ...left } = await entry()
      expect(left).toMatchObject({ cause: 'navigated_away', outcome: 'confirmed' })
      // Firefox, too, is not made to wait: the next page would. On a busy machine its connection may have gone cold.
      const detail = timeline.find(({ event }) => event === 'closing')?.detail
      expect(detail?.replace(', cold connection', '')).toBe('attempted, keepalive')
      await page.discard()
    })

    it('by its Logout link, goes Offline and is logged as such', async () => {
      const page = await open(ccp())
      await ready(page, background)
      await page.click('#logout')
      await offline()
      expect(known(await entry())).toBe('logged_out: Offline')
      await page.discard()
    })

    it('by its Logout link, is held until the second try is taken where the first was refused', async () => {
      const page = await open(ccp())
      // By Streams, and straight.
      stage.instance.faults.set({ operation: 'PutAgentState', fail: { first: 2, code: 'ThrottlingException' } })
      await ready(page, background)
      await page.click('#logout')
      const { seq } = await offline()
      expect(known(await entry())).toBe('logged_out: Offline')
      const logOuts = stage.instance.journal.requests.filter((each) => each.operation === 'logout' && each.seq > mark)
      expect(logOuts.map((each) => each.seq > seq)).toEqual([true])
      await page.discard()
    })

    it('by its Logout link, goes on in the end where no answer comes, and the log says so', async () => {
      const page = await open(ccp())
      stage.instance.faults.set({ operation: 'PutAgentState', origin: 'page', hang: true })
      await ready(page, background)
      await page.click('#logout')
      expect(await entry()).toMatchObject({ cause: 'logged_out', outcome: 'unconfirmed', reason: 'signed_out' })
      expect(stage.instance.agent('alice').state().type).toBe('routable')
      await page.discard()
    })

    it('by the Logout button of v2', async () => {
      const page = await open(ccp('v2'))
      await ready(page, background)
      await page.click('#logout')
      await offline()
      expect((await entry()).cause).toBe('logged_out')
      await page.discard()
    })

    it('after a refusal, is failed, with the error where the page lives to hear it', async () => {
      const page = await open(ccp())
      stage.instance.faults.set({ operation: 'PutAgentState', fail: { first: 99, code: 'InvalidStateException' } })
      await ready(page, background)
      await page.click('#logout')
      const { outcome, error, cause } = await entry()
      // A log-out is held for 2 s at most: on a busy machine the answer may come later, and nothing is known of it then.
      const failed = { outcome: 'failed', type: 'InvalidStateException', cause: 'logged_out' }
      const unheard = { outcome: 'unconfirmed', type: undefined, cause: 'logged_out' }
      expect([failed, unheard]).toContainEqual({ outcome, type: error?.type, cause })
      expect(stage.instance.agent('alice').state().type).toBe('routable')
      await page.discard()
    })
  })

  it.each(BACKGROUND)(
    'asks again without enqueueNextState where that is refused (background %s)',
    async (background) => {
      // What an instance has refused is remembered for it: each case takes a host of its own.
      const host = background === 'awake' ? 'legacy' : 'modern'
      const url = ccp('v1', { signInAs: 'rita', streams: '1.8', host })
      const rita = stage.instance.agent('rita')
      /** With a contact there is something to queue behind; without the queue its Offline is refused. */
      const logOutOnChat = async (): Promise<void> => {
        const page = await open(url, { username: 'rita' })
        rita.ring({ channel: 'chat' })
        rita.accept()
        await stage.document('rita', ({ agent }) => agent?.contacts[0]?.state === 'connected')
        await ready(page, background)
        await page.click('#logout')
        await until('the refusal', () => puts().some(({ error }) => error === 'InvalidStateException'))
        expect(await entry()).toMatchObject({ outcome: 'failed', cause: 'logged_out' })
        rita.endContact()
        rita.clearContact()
        rita.set('offline', 'test')
        await page.discard()
      }
      await logOutOnChat()
      expect(puts().map(({ error }) => error)).toContain('UnexpectedParameter')
      await logOutOnChat()
      expect(puts().filter(({ input }) => input['enqueueNextState'])).toEqual([])
    },
  )

  describe.each(BACKGROUND)('with the background %s, a CCP in frames', (background) => {
    const crm = (): string => stage.instance.url.crm({ alias: 'northwind', signInAs: 'nora' })

    it('of another site goes with its tab', async () => {
      answerLate()
      const page = await open(crm(), { username: 'nora', alias: 'northwind' })
      await ready(page, background)
      await closeTabByKey(page)
      await offline('nora')
      const { framed, outcome, reason, evidence } = await entry()
      expect(framed).toBe(true)
      // The background has no session to ask with. Firefox's page may have seen the Offline itself before it went.
      const known = [outcome, reason, evidence]
      if (name === 'firefox' && outcome === 'accepted') expect(known).toEqual(['accepted', 'signed_out', 'snapshot'])
      else expect(known).toEqual(['unconfirmed', 'signed_out', 'none'])
    })

    it('of another site goes when that site removes it', async () => {
      const page = await open(crm(), { username: 'nora', alias: 'northwind' })
      await ready(page, background)
      await page.click('#remove')
      await offline('nora')
      const { framed, cause } = await entry()
      expect(framed).toBe(true)
      // A frame has only `pagehide` to speak in, and what is said there to a stopped background may be lost: in Firefox 1
      // of 25 times on a busy machine, and 0 of 40 since its mailbox is opened beforehand.
      expect(cause).toMatch(background === 'stopped' ? /frame_removed|unknown/ : /frame_removed/)
      await page.discard()
    })
  })
}
