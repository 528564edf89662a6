import type { FakeDocument } from './fake-document'
import { Stage } from './stage'
import { STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const story = async () => (await stage.entries()).map(({ outcome, cause, reason }) => [outcome, cause, reason])
const flags = async (): Promise<{ why: string }[]> => {
  await stage.settle()
  return (stage.browser.own.get('sessions')['sessions'] as { state: { flags: { why: string }[] } }).state.flags
}

/** A CCP whose agent is Available, with these settings. */
async function open(settings: object): Promise<FakeDocument> {
  stage.browser.own.set({ settings })
  await stage.settle()
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.answer = 'at once'
  // The session that the background finds is the page's own, in the state that the page has set.
  Object.assign(stage.instance, { session: 'ada', state: wire(STATES.available) })
  ccp.streams.onTaken = (state) => {
    stage.instance.state = wire(state, Date.now())
  }
  return ccp
}

/** The instance reports its change to the page. */
async function becomeOffline(ccp: FakeDocument): Promise<void> {
  ccp.streams.become({ ...STATES.offline, startTimestamp: new Date() })
  await stage.settle()
}

test.each([
  ['locked', { onLock: 'offline' }, 'awayToldLocked'],
  ['idle', { onIdle: 'offline' }, 'awayToldIdle'],
] as const)(
  'on a %s computer the page sets Offline, and the agent is notified when they return',
  async (presence, settings, words) => {
    const ccp = await open(settings)
    stage.browser.becomes(presence)
    await stage.settle()
    expect(ccp.streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
    await stage.pass(1_000)
    expect(await story()).toEqual([['confirmed', presence, null]])
    expect((await stage.entries())[0]).toMatchObject({ event: presence, evidence: 'asked' })
    expect(stage.instance.puts).toEqual([])
    expect(stage.browser.notices.size).toBe(0)

    stage.browser.becomes('active')
    await stage.settle()
    expect([...stage.browser.notices.values()]).toMatchObject([{ title: 'awayToldTitle', message: words }])
    await stage.pass(120_000)
    expect(ccp.streams.asked).toHaveLength(1)
    expect(stage.browser.notices.size).toBe(1)
    expect(await flags()).toEqual([])
  },
)

test('an absence wakes a stopped worker, and a worker stopped during one still notifies the agent', async () => {
  const ccp = await open({ onLock: 'offline' })
  stage.browser.stopWorker()
  stage.browser.becomes('locked')
  await stage.pass(1_000)
  expect(await story()).toEqual([['confirmed', 'locked', null]])
  await becomeOffline(ccp)
  stage.browser.stopWorker()
  stage.browser.becomes('active')
  await stage.settle()
  expect(stage.browser.notices.size).toBe(1)
})

test('nothing is done, and the machine not watched, if no setting asks for it', async () => {
  const ccp = await open({})
  stage.browser.becomes('locked')
  await stage.pass(120_000)
  expect(ccp.streams.asked).toEqual([])
  expect(stage.browser.idleSeconds).toBeNull()
  expect(await story()).toEqual([])
})

test('the browser’s idle interval follows the setting', async () => {
  await open({ onIdle: 'flag', idleMinutes: 5 })
  expect(stage.browser.idleSeconds).toBe(300)
})

test('an agent on a contact is left alone until it has ended', async () => {
  const ccp = await open({ onLock: 'offline' })
  ccp.streams.contacts = [{ getType: () => 'voice', getStatus: () => ({ type: 'connected' }) }]
  ccp.streams.become({ ...STATES.available })
  await stage.settle()
  stage.browser.becomes('locked')
  await stage.pass(90_000)
  expect(ccp.streams.asked).toEqual([])
  ccp.streams.contacts = []
  ccp.streams.become({ ...STATES.available, startTimestamp: new Date() })
  await stage.pass(1_000)
  expect(ccp.streams.asked).toHaveLength(1)
  expect(await story()).toEqual([['confirmed', 'locked', null]])
})

test('an agent who is only flagged has one entry and one flag, until they return', async () => {
  const ccp = await open({ onIdle: 'flag' })
  stage.browser.becomes('idle')
  await stage.pass(120_000)
  expect(ccp.streams.asked).toEqual([])
  expect(await story()).toEqual([['left_available', 'idle', 'only_flagged']])
  expect(await flags()).toMatchObject([{ why: 'idle' }])
  expect(stage.browser.notices.size).toBe(0)
  // In Firefox a change of the badge would end the idle state.
  expect(stage.browser.badge.text).toBe('')
  stage.browser.becomes('active')
  expect(await flags()).toEqual([])
  const [entry] = await stage.entries()
  expect(entry?.exposure?.until).not.toBeNull()
  expect(entry?.timeline.map(({ event }) => event)).toEqual(['agent_back'])
})

test('the flag is cleared when the agent’s state changes, and raised again when they become Available again', async () => {
  const ccp = await open({ onIdle: 'flag' })
  stage.browser.becomes('idle')
  await stage.settle()
  ccp.streams.become({ ...STATES.lunch, startTimestamp: new Date() })
  expect(await flags()).toEqual([])
  await stage.pass(1_000)
  ccp.streams.become({ ...STATES.available, startTimestamp: new Date() })
  expect(await flags()).toMatchObject([{ why: 'idle' }])
  expect(await story()).toHaveLength(2)
})

test('an agent who becomes Available again while the computer is locked is left alone', async () => {
  const ccp = await open({ onLock: 'offline' })
  stage.browser.becomes('locked')
  await stage.settle()
  await becomeOffline(ccp)
  ccp.streams.become({ ...STATES.available, startTimestamp: new Date() })
  await stage.pass(120_000)
  expect(ccp.streams.asked).toHaveLength(1)
})

test('a lock that lasts as long as the idle time counts as idle, if only that is set', async () => {
  const ccp = await open({ onIdle: 'offline', idleMinutes: 2 })
  stage.browser.becomes('locked')
  await stage.pass(60_000)
  expect(ccp.streams.asked).toEqual([])
  await stage.pass(120_000)
  expect(ccp.streams.asked).toHaveLength(1)
  expect(await story()).toEqual([['confirmed', 'idle', null]])
})

test('with two CCPs one page is asked, and one entry written', async () => {
  const ccp = await open({ onLock: 'offline' })
  const other = await stage.openCcp({ tabId: 2 })
  stage.browser.becomes('locked')
  await stage.pass(1_000)
  expect([ccp.streams.asked.length, other.streams.asked.length]).toEqual([1, 0])
  expect(await story()).toEqual([['confirmed', 'locked', null]])
})

test('a page that gives no answer is reported as silent, and the background sets nothing itself', async () => {
  await open({ onLock: 'offline' })
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
  stage.browser.freezeTab(1)
  stage.browser.becomes('locked')
  await stage.pass(12_000)
  expect(await story()).toEqual([['unconfirmed', 'locked', 'page_silent']])
  expect(stage.instance.puts).toEqual([])
  expect(await flags()).toMatchObject([{ why: 'locked' }])
})

test('a refused page is asked at most three times, then the agent is flagged', async () => {
  const ccp = await open({ onLock: 'offline' })
  ccp.streams.answer = { type: 'ThrottlingException', message: 'No' }
  stage.browser.becomes('locked')
  await stage.pass(10 * 60_000)
  expect(await story()).toEqual(Array(3).fill(['failed', 'locked', null]))
  expect(await flags()).toMatchObject([{ why: 'locked' }])
})

test('a close while the computer is locked is a close like any other', async () => {
  const ccp = await open({ onLock: 'flag' })
  stage.browser.becomes('locked')
  await stage.pass(1_000)
  stage.instance.session = 'ada'
  await ccp.unload()
  stage.browser.removeTab(1)
  stage.instance.state = wire(STATES.offline, Date.now())
  await stage.pass(5_000)
  expect(await story()).toEqual([
    ['confirmed', 'tab_closed', null],
    ['left_available', 'locked', 'only_flagged'],
  ])
  expect(await flags()).toEqual([])
})

describe('a sleep of the computer', () => {
  /** Time passes for everybody else. */
  const sleep = async (ms: number): Promise<void> => {
    jest.setSystemTime(Date.now() + ms)
    await stage.pass(61_000)
  }

  it('while the agent was Available leads to Offline and an immediate notification', async () => {
    const ccp = await open({ onSleep: 'offline' })
    await sleep(30 * 60_000)
    expect(ccp.streams.asked).toHaveLength(1)
    expect(await story()).toEqual([['confirmed', 'slept', null]])
    expect([...stage.browser.notices.values()]).toMatchObject([{ message: 'awayToldSlept' }])
  })

  it('keeps the agent flagged when somebody has woken the computer, until the state changes', async () => {
    const ccp = await open({ onSleep: 'flag' })
    await sleep(30 * 60_000)
    expect(await story()).toEqual([['left_available', 'slept', 'only_flagged']])
    expect(await flags()).toMatchObject([{ why: 'slept' }])
    ccp.streams.become({ ...STATES.lunch, startTimestamp: new Date() })
    expect(await flags()).toEqual([])
  })

  it('includes agents in a state that the settings name', async () => {
    const ccp = await open({ onSleep: 'offline', fromStates: [STATES.lunch.name] })
    ccp.streams.become({ ...STATES.lunch, startTimestamp: new Date() })
    await stage.settle()
    await sleep(30 * 60_000)
    expect(ccp.streams.asked).toHaveLength(1)
    expect(await story()).toEqual([['confirmed', 'slept', null]])
  })

  it('does not affect an agent who opens a CCP after it', async () => {
    const ccp = await open({ onSleep: 'offline' })
    ccp.streams.become({ ...STATES.lunch, startTimestamp: new Date() })
    await stage.settle()
    await stage.openCcp({ tabId: 2, username: 'bob' })
    await sleep(30 * 60_000)
    const late = await stage.openCcp({ tabId: 3, username: 'eve' })
    await stage.pass(120_000)
    expect([ccp, late].flatMap(({ streams }) => streams.asked)).toEqual([])
  })

  it('is not assumed when a worker was only stopped', async () => {
    const ccp = await open({ onSleep: 'offline' })
    stage.browser.stopWorker()
    await stage.pass(10 * 60_000)
    expect(ccp.streams.asked).toEqual([])
  })
})

describe('a log-out after Offline', () => {
  async function close(settings: object): Promise<void> {
    const ccp = await open(settings)
    stage.instance.session = 'ada'
    stage.instance.state = wire(STATES.offline)
    await ccp.unload()
    stage.browser.removeTab(1)
    await stage.pass(5_000)
  }
  const lastStep = async () => (await stage.entries())[0]?.timeline.at(-1)

  it('ends the session, and is recorded in the entry', async () => {
    await close({ logOut: true })
    expect([stage.instance.logOuts, stage.instance.session]).toEqual([1, null])
    expect(await lastStep()).toMatchObject({ event: 'logged_out' })
    await stage.pass(120_000)
    expect(stage.instance.logOuts).toBe(1)
  })

  it('also follows if the agent was already Offline before the close', async () => {
    const ccp = await open({ logOut: true })
    stage.instance.session = 'ada'
    stage.instance.state = wire(STATES.offline)
    ccp.streams.become(STATES.offline)
    await stage.settle()
    await ccp.unload()
    stage.browser.removeTab(1)
    await stage.pass(5_000)
    expect((await stage.entries())[0]).toMatchObject({ outcome: 'not_needed', reason: 'not_routable' })
    expect([stage.instance.logOuts, stage.instance.session]).toEqual([1, null])
  })

  it.each([
    ['without the setting', {}],
    ['in observe mode', { logOut: true, mode: 'observe' }],
    ['if the background may make no calls', { logOut: true, directPath: 'page' }],
  ])('does not happen %s', async (_where, settings) => {
    await close(settings)
    expect(stage.instance.logOuts).toBe(0)
  })

  it('does not happen if the setting changes only after the close', async () => {
    await close({})
    stage.browser.own.set({ settings: { logOut: true } })
    stage.browser.removeTab(7)
    await stage.pass(5_000)
    expect(stage.instance.logOuts).toBe(0)
  })

  it('does not happen on a contact, and the entry says so', async () => {
    stage.instance.contacts = [{ state: { type: 'connected' } }]
    await close({ logOut: true })
    expect(stage.instance.logOuts).toBe(0)
    expect(await lastStep()).toMatchObject({ event: 'log_out_failed', detail: 'contact' })
  })

  it('does not happen while any CCP of the instance is open', async () => {
    await stage.openCcp({ tabId: 2, username: 'bob' })
    await close({ logOut: true })
    expect(stage.instance.logOuts).toBe(0)
    expect(await lastStep()).toMatchObject({ event: 'log_out_failed', detail: 'agent_present' })
  })

  it('is completed by the next worker if one dies during it', async () => {
    stage.instance.answersNothing = true
    await close({ logOut: true })
    stage.browser.stopWorker()
    stage.instance.answersNothing = false
    stage.browser.wake()
    await stage.pass(1_000)
    expect(stage.instance.logOuts).toBe(1)
    expect(await lastStep()).toMatchObject({ event: 'logged_out' })
  })
})

describe('a page that is not protected', () => {
  it('has one entry, however long it stays', async () => {
    stage.browser.addTab(7, 'https://acme.my.connect.aws/ccp-v2/')
    await stage.openBare(7)
    await stage.pass(120_000)
    expect(await story()).toEqual([['unprotected', 'none', 'no_connect']])
    expect(await stage.entries()).toMatchObject([{ username: '', instance: 'acme.my.connect.aws' }])
    expect(await flags()).toEqual([])
  })

  it('has no entry if it navigated away in time', async () => {
    const page = await stage.openBare(7)
    await stage.pass(10_000)
    page.end()
    await stage.pass(120_000)
    expect(await story()).toEqual([])
  })

  it('is amended as protected if an agent appears later', async () => {
    const page = await stage.openBare(7)
    await stage.pass(40_000)
    page.window.connect = page.streams.connect
    await stage.pass(3_000)
    const [entry] = await stage.entries()
    expect(entry?.timeline.map(({ event }) => event)).toEqual(['opened', 'protected'])
  })

  it('is never reported for a protected page', async () => {
    await stage.openCcp({ tabId: 1 })
    await stage.pass(60_000)
    expect(await story()).toEqual([])
  })
})

test('setting an absent agent Offline is not taken for a late request of an earlier close', async () => {
  const first = await open({ onLock: 'offline' })
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.offline)
  await first.unload()
  stage.browser.removeTab(1)
  await stage.pass(3_000)
  const back = await stage.openCcp({ tabId: 2 })
  back.streams.answer = 'at once'
  back.streams.onTaken = (taken) => back.streams.become({ ...taken, startTimestamp: new Date() })
  stage.browser.becomes('locked')
  await stage.settle()
  expect(back.streams.asked.map(({ state }) => state)).toEqual(['offline'])
})
