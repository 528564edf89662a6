/** Answers as recorded on live instances: starts that shift, missing ARNs, states caused by contacts. */
import type { FakeDocument, Place } from './fake-document'
import { Stage } from './stage'
import { contact, STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const story = async () => (await stage.finalLog()).map(({ outcome, evidence, reason }) => [outcome, evidence, reason])
const flags = async (): Promise<{ why: string }[]> => {
  await stage.settle()
  return (stage.browser.own.get('sessions')['sessions'] as { state: { flags: { why: string }[] } }).state.flags
}
const SINCE = STATES.available.startTimestamp.getTime()
const later = (ms: number) => ({ ...STATES.available, startTimestamp: new Date(SINCE + ms) })

async function closeUnnoticed(ccp?: FakeDocument): Promise<void> {
  const page = ccp ?? (await stage.openCcp({ tabId: 1 }))
  stage.instance.session = 'ada'
  await page.unload()
  stage.browser.removeTab(1)
}

describe('a later snapshot whose start has shifted is of the same period', () => {
  const shifted = (): void => {
    Object.assign(stage.instance, { session: 'ada', tellsAvailability: false })
    stage.instance.state = wire(STATES.available, SINCE - 285)
  }
  /** Neither the page nor the instance tells the availability, which would not shift. */
  async function open(place: Place): Promise<FakeDocument> {
    const ccp = await stage.openCcp(place)
    ccp.streams.tellsAvailability = false
    ccp.streams.become(STATES.available)
    await stage.settle()
    shifted()
    return ccp
  }

  test.each<[string, () => Promise<void>]>([
    [
      'after a killed browser',
      async () => {
        await open({ tabId: 1 })
        stage.browser.startBackground = null
        stage.browser.stopWorker()
        stage = await Stage.openAgain(stage)
        shifted()
      },
    ],
    ['after a dead renderer', async () => (await open({ tabId: 1 })).vanish()],
    [
      'with the setting `reload: keep`',
      async () => {
        stage.browser.own.set({ settings: { reload: 'keep' } })
        await stage.settle()
        await (await open({ tabId: 1 })).unload()
        stage.browser.removeTab(1)
      },
    ],
    [
      'with two CCPs that vanish together',
      async () => {
        const both = [await open({ tabId: 1 }), await open({ tabId: 2 })]
        for (const ccp of both) ccp.vanish()
        for (const tabId of [1, 2]) stage.browser.removeTab(tabId)
      },
    ],
  ])('%s: the agent is set Offline', async (_what, go) => {
    await go()
    const log = await story()
    expect(log).toContainEqual(['confirmed', 'set_by_background', null])
    expect([new Set(stage.instance.puts), await flags()]).toEqual([new Set(['offline']), []])
  })
})

describe('an answer that is not Connect’s own', () => {
  const html = (status: number) => () =>
    new Response('<html>Blocked</html>', { status, headers: { 'Content-Type': 'text/html' } })
  const authorized = () =>
    new Response('{"accessToken":"token-of-ada"}', { headers: { 'Content-Type': 'application/json' } })

  test.each([403, 404])(
    'with the status %i and HTML, once, is asked again: by `authorize`, or by the API',
    async (status) => {
      for (const first of [[html(status)], [authorized, html(status)]]) {
        stage.instance.first.push(...first)
        stage.instance.state = wire(STATES.available)
        await closeUnnoticed()
        expect((await story())[0]).toEqual(['confirmed', 'set_by_background', null])
      }
      expect(stage.instance.puts).toEqual(['offline', 'offline'])
    },
  )

  test('and a 401 of its own to a fresh token has another token issued', async () => {
    stage.instance.first.push(authorized)
    stage.instance.expired.add('token-of-ada')
    stage.instance.state = wire(STATES.available)
    const ccp = await stage.openCcp({ tabId: 1 })
    await closeUnnoticed(ccp)
    await stage.pass(6_000)
    expect([stage.instance.puts, await stage.entries()]).toEqual([[], []])
    expect(stage.instance.issued).toBeGreaterThan(0)
    stage.instance.expired.clear()
    expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
  })
})

describe('the background completes a close whose requests were lost when a snapshot of the same state period', () => {
  const BY_BACKGROUND = [['confirmed', 'set_by_background', null]]

  test.each([285, 652, 990])('begins %i ms earlier than the page knew, as starts shift', async (ms) => {
    const ccp = await stage.openCcp({ tabId: 1 })
    ccp.streams.tellsAvailability = false
    ccp.streams.become(STATES.available)
    await stage.settle()
    stage.instance.tellsAvailability = false
    stage.instance.state = wire(STATES.available, SINCE - ms)
    await closeUnnoticed(ccp)
    expect(await story()).toEqual(BY_BACKGROUND)
  })

  test.each([
    ['no ARN, as recorded', () => (stage.instance.tellsArns = 'offline')],
    ['its ARN', () => (stage.instance.tellsArns = 'all')],
    ['null for the contacts', () => (stage.instance.contacts = null)],
  ])('has the availability, and %s', async (_what, prepare) => {
    prepare()
    stage.instance.state = wire(STATES.available)
    await closeUnnoticed()
    expect(await story()).toEqual(BY_BACKGROUND)
  })

  test('comes late, after a PutAgentState without effect', async () => {
    stage.instance.dropsPuts = 1
    stage.instance.showsLateMs = 1_200
    stage.instance.state = wire(STATES.available)
    await closeUnnoticed()
    expect(await story()).toEqual(BY_BACKGROUND)
  })

  test('is preceded by an Offline from before it', async () => {
    stage.instance.state = wire(STATES.offline, SINCE - 3_600_000)
    await closeUnnoticed()
    await stage.pass(3_000)
    expect(await stage.entries()).toEqual([])
    stage.instance.state = wire(STATES.available)
    expect(await story()).toEqual(BY_BACKGROUND)
  })
})

test('the background takes the offline state from the instance’s own list, never from a page', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  // As a hostile page would: Available's own ARN, under a type that the schema accepts.
  ccp.streams.list = [{ ...STATES.available, type: 'offline' }, STATES.lunch]
  ccp.streams.become(later(1))
  await stage.settle()
  stage.instance.state = wire(STATES.available, SINCE + 1)
  await closeUnnoticed(ccp)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
  expect(stage.instance.putBodies.map(({ agentStateARN }) => agentStateARN)).toEqual([STATES.offline.agentStateARN])
})

test('an agent flagged as away stays flagged through snapshots of the same state period', async () => {
  stage.browser.own.set({ settings: { onLock: 'flag' } })
  await stage.settle()
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.browser.becomes('locked')
  for (const ms of [133, 698, 413, 65]) {
    await stage.pass(30_000)
    ccp.streams.become(later(ms))
  }
  expect(await story()).toHaveLength(1)
  expect(await flags()).toMatchObject([{ why: 'locked' }])
})

test('an agent whom their page could not set Offline at a lock stays flagged through later snapshots', async () => {
  stage.browser.own.set({ settings: { onLock: 'offline' } })
  await stage.settle()
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.answer = { type: 'InvalidStateException', message: 'No' }
  stage.browser.becomes('locked')
  for (const ms of [133, 698, 413, 65, 285, 652, 990, 137]) {
    await stage.pass(30_000)
    ccp.streams.become(later(ms))
  }
  expect(ccp.streams.asked.length).toBeGreaterThan(3)
  expect(await flags()).toMatchObject([{ why: 'locked' }])
})

test('the start of an exposure uses this machine’s clock, however wrong the server’s is', async () => {
  stage.browser.own.set({ settings: { onLock: 'flag' } })
  await stage.settle()
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.become(STATES.lunch)
  await stage.settle()
  stage.browser.becomes('locked')
  await stage.pass(600_000)
  const readyAt = Date.now()
  ccp.streams.become({ ...STATES.available, startTimestamp: new Date(readyAt - 300_000) })
  await stage.settle()
  expect((await stage.entries()).map(({ exposure }) => exposure?.from)).toEqual([readyAt])
})

test('a snapshot without changes does not wake a stopped worker', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.browser.stopWorker()
  await stage.pass(100)
  stage.browser.stopWorker()
  for (const ms of [133, 698, 413]) {
    ccp.streams.become(later(ms))
    await stage.settle()
  }
  expect(stage.browser.background).toBeNull()
  ccp.streams.become(STATES.lunch)
  await stage.settle()
  expect(stage.browser.background).not.toBeNull()
})

test('a leave dialog answered with Leave is one close, even if a snapshot arrived while it was open', async () => {
  stage.browser.own.set({ settings: { leaveDialog: 'routable' } })
  await stage.settle()
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
  ccp.beforeUnload()
  await stage.settle()
  ccp.streams.become(later(285))
  await stage.settle()
  ccp.end()
  stage.browser.removeTab(1)
  const log = await stage.finalLog()
  expect(log.map(({ cause, outcome }) => [cause, outcome])).toEqual([['tab_closed', 'confirmed']])
})

test('a target state named in the settings is recognized without its ARN', async () => {
  stage.browser.own.set({ settings: { targetState: 'Comida' } })
  await stage.settle()
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.instance.tellsArns = 'none'
  await closeUnnoticed(ccp)
  stage.instance.state = wire(STATES.lunch, Date.now())
  expect(await story()).toEqual([['confirmed', 'asked', null]])
  expect(stage.instance.puts).toEqual([])
})

test('the exposure of an agent found in the same state period is exact', async () => {
  stage.browser.own.set({ settings: { mode: 'observe' } })
  await stage.settle()
  stage.instance.state = wire(STATES.available)
  await closeUnnoticed()
  await stage.pass(665_000)
  // Listed meanwhile, as of one who may be Available.
  expect(await flags()).toMatchObject([{ why: 'close', isObserved: true }])
  const back = await stage.openCcp({ tabId: 2 })
  back.streams.become(later(285))
  await stage.settle()
  const [entry] = await stage.entries()
  expect(entry?.exposure?.certainty).toBe('exact')
  expect((entry?.exposure?.until ?? 0) - (entry?.exposure?.from ?? 0)).toBeGreaterThanOrEqual(665_000)
})

test.each([
  ['Pending', 'not_routable', 'queue_callback', 'incoming'],
  ['Wrapping up', 'after_call_work', 'voice', 'connected'],
] as const)(
  'a close in state %s, of type %s, waits for the contact that caused the state',
  async (name, type, channel, live) => {
    const ccp = await stage.openCcp({ tabId: 1 })
    const covered = { name, type, agentStateARN: null, startTimestamp: new Date() }
    ccp.streams.contacts = [contact(channel, live, 'c-1')]
    ccp.streams.become(covered)
    await stage.settle()
    stage.instance.choose(wire(STATES.available))
    stage.instance.contacts = [{ contactId: 'c-1', type: channel, state: { type: live } }]
    stage.instance.state = wire(covered)
    await closeUnnoticed(ccp)
    expect(await story()).toEqual([])
    expect(stage.instance.puts).toEqual([])
    stage.instance.contacts = []
    stage.instance.state = wire(STATES.available)
    await stage.pass(60_000)
    expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
  },
)

test('a callback that rings at the close and is missed ends in Offline, not in Available', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  const pending = { name: 'Pending', type: 'not_routable', agentStateARN: null } as const
  ccp.streams.contacts = [contact('queue_callback', 'incoming', 'c-1')]
  ccp.streams.become({ ...STATES.available, ...pending })
  await stage.settle()
  stage.instance.choose(wire(STATES.available))
  stage.instance.contacts = [{ contactId: 'c-1', type: 'queue_callback', state: { type: 'incoming' } }]
  stage.instance.state = { ...pending, startTimestamp: Date.now() / 1000 }
  await closeUnnoticed(ccp)
  await stage.pass(20_000)
  expect(stage.instance.puts).toEqual([])
  stage.instance.contacts = [{ contactId: 'c-1', type: 'queue_callback', state: { type: 'missed' } }]
  stage.instance.state = { name: 'Default', type: 'error', agentStateARN: null, startTimestamp: Date.now() / 1000 }
  await stage.pass(60_000)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
})

test('a supervisor’s monitoring is awaited, and Offline follows when they have hung up', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.contacts = [contact('voice', 'connected', 'monitored')]
  ccp.streams.become(later(475))
  await stage.settle()
  stage.instance.state = wire(STATES.available)
  stage.instance.contacts = [{ contactId: 'monitored', type: 'voice', state: { type: 'connected' } }]
  await closeUnnoticed(ccp)
  await stage.pass(60_000)
  expect(await story()).toEqual([])
  expect(stage.instance.puts).toEqual([])
  stage.instance.contacts = []
  await stage.pass(60_000)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
})

test('an agent who answered a contact after the close is present: their state is left alone', async () => {
  stage.instance.state = wire(STATES.available)
  stage.instance.contacts = [{ contactId: 'new', type: 'voice', state: { type: 'connected' } }]
  await closeUnnoticed()
  await stage.pass(30_000)
  stage.instance.contacts = []
  expect(await story()).toEqual([['left_available', 'none', 'superseded']])
  expect(stage.instance.puts).toEqual([])
})
