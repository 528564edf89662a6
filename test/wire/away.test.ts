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

/** A CCP whose agent is Available, where the settings say so. */
async function open(settings: object): Promise<FakeDocument> {
  stage.browser.own.set({ settings })
  await stage.settle()
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.answer = 'at once'
  // The session that the background finds: the page's own, in the state that the page has set.
  Object.assign(stage.instance, { session: 'ada', state: wire(STATES.available) })
  ccp.streams.onTaken = (state) => {
    stage.instance.state = wire(state, Date.now())
  }
  return ccp
}

/** The instance tells the page what it has done. */
async function becomeOffline(ccp: FakeDocument): Promise<void> {
  ccp.streams.become({ ...STATES.offline, startTimestamp: new Date() })
  await stage.settle()
}

test.each([
  ['locked', { onLock: 'offline' }, 'awayToldLocked'],
  ['idle', { onIdle: 'offline' }, 'awayToldIdle'],
] as const)(
  'a computer that is %s: Offline by the page, and the agent is told when they are back',
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

test('a stopped worker hears of it, and one that is stopped meanwhile tells the agent still', async () => {
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

test('nothing is done, or asked, where no setting asks', async () => {
  const ccp = await open({})
  stage.browser.becomes('locked')
  await stage.pass(120_000)
  expect(ccp.streams.asked).toEqual([])
  expect(stage.browser.idleSeconds).toBeNull()
  expect(await story()).toEqual([])
})

test('the browser is asked to count as the settings say', async () => {
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

test('an agent who is only shown is one entry and one flag, until they are back', async () => {
  const ccp = await open({ onIdle: 'flag' })
  stage.browser.becomes('idle')
  await stage.pass(120_000)
  expect(ccp.streams.asked).toEqual([])
  expect(await story()).toEqual([['left_available', 'idle', 'only_flagged']])
  expect(await flags()).toMatchObject([{ why: 'idle' }])
  expect(stage.browser.notices.size).toBe(0)
  // In Firefox a badge that changes would end the idleness.
  expect(stage.browser.badge.text).toBe('')
  stage.browser.becomes('active')
  expect(await flags()).toEqual([])
  const [entry] = await stage.entries()
  expect(entry?.exposure?.until).not.toBeNull()
  expect(entry?.timeline.map(({ event }) => event)).toEqual(['agent_back'])
})

test('the flag goes when their state is another, and they are shown anew when it is Available again', async () => {
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

test('somebody who sets the agent ready again while the computer is locked is not fought', async () => {
  const ccp = await open({ onLock: 'offline' })
  stage.browser.becomes('locked')
  await stage.settle()
  await becomeOffline(ccp)
  ccp.streams.become({ ...STATES.available, startTimestamp: new Date() })
  await stage.pass(120_000)
  expect(ccp.streams.asked).toHaveLength(1)
})

test('locked for as long as idle takes is idle too, where only that is asked for', async () => {
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

test('a page that gives no answer is said to, and the background does nothing of its own', async () => {
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

test('a page that is refused is asked three times at most, and the agent is shown', async () => {
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

describe('a sleep', () => {
  /** Time goes by for everybody else. */
  const sleep = async (ms: number): Promise<void> => {
    jest.setSystemTime(Date.now() + ms)
    await stage.pass(61_000)
  }

  it('through which the agent was Available: Offline, and they are told at once', async () => {
    const ccp = await open({ onSleep: 'offline' })
    await sleep(30 * 60_000)
    expect(ccp.streams.asked).toHaveLength(1)
    expect(await story()).toEqual([['confirmed', 'slept', null]])
    expect([...stage.browser.notices.values()]).toMatchObject([{ message: 'awayToldSlept' }])
  })

  it('stays shown when somebody has woken the computer, until the state is another', async () => {
    const ccp = await open({ onSleep: 'flag' })
    await sleep(30 * 60_000)
    expect(await story()).toEqual([['left_available', 'slept', 'only_flagged']])
    expect(await flags()).toMatchObject([{ why: 'slept' }])
    ccp.streams.become({ ...STATES.lunch, startTimestamp: new Date() })
    expect(await flags()).toEqual([])
  })

  it('concerns agents, too, in a state that the settings name', async () => {
    const ccp = await open({ onSleep: 'offline', fromStates: [STATES.lunch.name] })
    ccp.streams.become({ ...STATES.lunch, startTimestamp: new Date() })
    await stage.settle()
    await sleep(30 * 60_000)
    expect(ccp.streams.asked).toHaveLength(1)
    expect(await story()).toEqual([['confirmed', 'slept', null]])
  })

  it('does not concern whoever opens a CCP after it', async () => {
    const ccp = await open({ onSleep: 'offline' })
    ccp.streams.become({ ...STATES.lunch, startTimestamp: new Date() })
    await stage.settle()
    await stage.openCcp({ tabId: 2, username: 'bob' })
    await sleep(30 * 60_000)
    const late = await stage.openCcp({ tabId: 3, username: 'eve' })
    await stage.pass(120_000)
    expect([ccp, late].flatMap(({ streams }) => streams.asked)).toEqual([])
  })

  it('is none where a worker was stopped', async () => {
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

  it('ends the session, and is in the entry', async () => {
    await close({ logOut: true })
    expect([stage.instance.logOuts, stage.instance.session]).toEqual([1, null])
    expect(await lastStep()).toMatchObject({ event: 'logged_out' })
    await stage.pass(120_000)
    expect(stage.instance.logOuts).toBe(1)
  })

  it('comes to an agent, too, who was Offline before the close', async () => {
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
    ['where it is not asked for', {}],
    ['in mode observe', { logOut: true, mode: 'observe' }],
    ['where the background may call nothing', { logOut: true, directPath: 'page' }],
  ])('is none %s', async (_where, settings) => {
    await close(settings)
    expect(stage.instance.logOuts).toBe(0)
  })

  it('is none where it is asked for only after the close', async () => {
    await close({})
    stage.browser.own.set({ settings: { logOut: true } })
    stage.browser.removeTab(7)
    await stage.pass(5_000)
    expect(stage.instance.logOuts).toBe(0)
  })

  it('is none on a contact, nor of somebody else, and the entry says so', async () => {
    stage.instance.contacts = [{ state: { type: 'connected' } }]
    await close({ logOut: true })
    expect(stage.instance.logOuts).toBe(0)
    expect(await lastStep()).toMatchObject({ event: 'log_out_failed', detail: 'contact' })
  })

  it('is none while any CCP of the instance is open', async () => {
    await stage.openCcp({ tabId: 2, username: 'bob' })
    await close({ logOut: true })
    expect(stage.instance.logOuts).toBe(0)
    expect(await lastStep()).toMatchObject({ event: 'log_out_failed', detail: 'agent_present' })
  })

  it('is left to the next worker by one that dies over it', async () => {
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
  it('is one entry, however long it stays', async () => {
    stage.browser.addTab(7, 'https://acme.my.connect.aws/ccp-v2/')
    await stage.openBare(7)
    await stage.pass(120_000)
    expect(await story()).toEqual([['unprotected', 'none', 'no_connect']])
    expect(await stage.entries()).toMatchObject([{ username: '', instance: 'acme.my.connect.aws' }])
    expect(await flags()).toEqual([])
  })

  it('is none where it went on in time', async () => {
    const page = await stage.openBare(7)
    await stage.pass(10_000)
    page.end()
    await stage.pass(120_000)
    expect(await story()).toEqual([])
  })

  it('says so in its entry where an agent shows after all', async () => {
    const page = await stage.openBare(7)
    await stage.pass(40_000)
    page.window.connect = page.streams.connect
    await stage.pass(3_000)
    const [entry] = await stage.entries()
    expect(entry?.timeline.map(({ event }) => event)).toEqual(['opened', 'protected'])
  })

  it('none of it is said of one that is protected', async () => {
    await stage.openCcp({ tabId: 1 })
    await stage.pass(60_000)
    expect(await story()).toEqual([])
  })
})

test('an Offline of ours for who is away is no late one of an earlier close', async () => {
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
