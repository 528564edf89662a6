import { Stage } from './stage'
import { STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const story = async () => (await stage.finalLog()).map(({ outcome, evidence, reason }) => [outcome, evidence, reason])

/** Closes a tab whose calls get no answer; the session lives on. */
async function closeUnnoticed(): Promise<void> {
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  await ccp.unload()
  stage.browser.removeTab(1)
}

test('a close that succeeded without an answer is confirmed by asking', async () => {
  await closeUnnoticed()
  stage.instance.state = wire(STATES.offline)
  expect(await story()).toEqual([['confirmed', 'asked', null]])
  expect(stage.instance.puts).toEqual([])
  expect(stage.browser.notices.size).toBe(0)
})

test('a close that did not take effect is completed, and confirmed by asking again', async () => {
  await closeUnnoticed()
  stage.instance.state = wire(STATES.available)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
  expect(stage.instance.puts).toEqual(['offline'])
})

test('a crash is completed too', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
  ccp.vanish()
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
})

test('an instance that could not be reached is asked again as soon as the network is back', async () => {
  await closeUnnoticed()
  stage.instance.state = wire(STATES.available)
  stage.instance.isReachable = false
  await stage.pass(25_000)
  stage.instance.isReachable = true
  const asked = stage.instance.asked
  stage.browser.background?.onOnline.emit()
  await stage.pass(1_000)
  expect(stage.instance.asked).toBeGreaterThan(asked)
  expect(stage.instance.puts).toEqual(['offline'])
})

test.each(['title', 'status'] as const)(
  'in Firefox, the %s of a tab whose page crashed wakes the background',
  async (property) => {
    stage.browser.base = 'moz-extension://the-extension/'
    stage.browser.stopWorker()
    const ccp = await stage.openCcp({ tabId: 1 })
    const other = await stage.openCcp({ tabId: 2, username: 'bob' })
    stage.instance.session = 'ada'
    stage.instance.state = wire(STATES.available)
    stage.browser.stopWorker()
    ccp.vanish()
    stage.browser.addTab(3, 'https://elsewhere.example/')
    stage.browser.changeTab(3, property)
    expect(stage.browser.background).toBeNull()
    stage.browser.changeTab(1, property)
    expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
    expect(other.streams.asked).toEqual([])
  },
)

test('a close by killing the browser is completed at its next start', async () => {
  await stage.openCcp({ tabId: 1 })
  stage.browser.startBackground = null
  stage.browser.stopWorker()
  const next = await Stage.openAgain(stage)
  next.instance.session = 'ada'
  next.instance.state = wire(STATES.available)
  stage = next
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
})

test('a later state period is left alone, even if it is Available', async () => {
  await closeUnnoticed()
  stage.instance.state = wire(STATES.available, Date.now())
  expect(await story()).toEqual([['left_available', 'none', 'superseded']])
  expect(stage.instance.puts).toEqual([])
  // Flagged, since no CCP of theirs is here; not notified, since they may be working elsewhere.
  expect(stage.browser.badge.text).toBe('1')
  expect(stage.browser.notices.size).toBe(0)
})

test('another agent who has signed in since is left alone', async () => {
  await closeUnnoticed()
  stage.instance.session = 'bob'
  stage.instance.state = wire(STATES.available)
  expect(await story()).toEqual([['unconfirmed', 'none', 'other_agent']])
  expect(stage.instance.puts).toEqual([])
  expect(stage.browser.badge.text).toBe('1')
})

test('an instance that refuses extensions leaves the close unconfirmed, and is not asked again', async () => {
  stage.browser.own.set({ settings: { recovery: 'never' } })
  await closeUnnoticed()
  stage.instance.refusesExtensions = true
  expect(await story()).toEqual([['unconfirmed', 'none', 'refused']])
  const { asked } = stage.instance
  await stage.pass(120_000)
  expect(stage.instance.asked).toBe(asked)
})

test('a missing network is awaited; meanwhile the agent is flagged', async () => {
  await closeUnnoticed()
  stage.instance.isReachable = false
  expect(await story()).toEqual([])
  expect(stage.browser.badge.text).toBe('1')
  stage.instance.isReachable = true
  stage.instance.state = wire(STATES.available)
  await stage.pass(120_000)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
  expect(stage.browser.badge.text).toBe('')
  expect(stage.browser.notices.size).toBe(0)
})

/** Lets hours pass, in steps of six minutes. */
async function passHours(hours: number): Promise<void> {
  for (let passed = 0; passed < hours; passed += 1) await stage.pass(3_600_000)
}

test('a network that comes back after hours still has the agent set Offline', async () => {
  await closeUnnoticed()
  stage.instance.isReachable = false
  stage.instance.state = wire(STATES.available)
  await passHours(3)
  expect([await story(), stage.browser.badge.text]).toEqual([[], '1'])
  stage.browser.stopWorker()
  await passHours(1)
  stage.instance.isReachable = true
  await stage.pass(600_000)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
  expect([stage.instance.puts, stage.browser.badge.text]).toEqual([['offline'], ''])
})

test('an agent who is on a contact elsewhere at the first look after an outage is left alone afterwards', async () => {
  await closeUnnoticed()
  stage.instance.isReachable = false
  stage.instance.state = wire(STATES.available)
  await passHours(2)
  stage.instance.contacts = [{ contactId: 'call', type: 'voice', state: { type: 'connected' } }]
  stage.instance.isReachable = true
  await stage.pass(600_000)
  stage.instance.contacts = []
  await stage.pass(600_000)
  expect(await story()).toEqual([['left_available', 'none', 'superseded']])
  expect([stage.instance.puts, stage.browser.badge.text]).toEqual([[], '1'])
})

test('a network that never comes back is given up after twelve hours, and the entry says so', async () => {
  await closeUnnoticed()
  stage.instance.isReachable = false
  await passHours(11)
  expect(await story()).toEqual([])
  await passHours(2)
  expect(await story()).toEqual([['unconfirmed', 'none', 'no_answer']])
})

test('where Connect has accepted Offline, the entry waits half an hour for an answer', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.answer = 'at once'
  await ccp.unload()
  stage.browser.removeTab(1)
  stage.instance.isReachable = false
  await stage.pass(20 * 60_000)
  expect(await story()).toEqual([])
  await stage.pass(20 * 60_000)
  expect(await story()).toEqual([['accepted', 'call_answered', 'no_answer']])
})

test('an instance that refuses the state each time is given up, and its error is logged', async () => {
  await closeUnnoticed()
  stage.instance.state = wire(STATES.available)
  stage.instance.putError = 'InvalidStateException'
  await passHours(13)
  expect(await story()).toEqual([['unconfirmed', 'none', 'no_answer']])
  expect((await stage.entries())[0]?.error).toEqual({ type: 'InvalidStateException', message: 'No' })
})

test('a contact is never cut off: Offline follows when it has ended', async () => {
  await closeUnnoticed()
  stage.instance.state = wire({ ...STATES.available, name: 'Busy', type: 'system' }, Date.now())
  stage.instance.choose(wire(STATES.available))
  stage.instance.contacts = [{ state: { type: 'connecting' } }]
  expect(await story()).toEqual([])
  expect(stage.instance.puts).toEqual([])
  stage.instance.contacts = []
  stage.instance.state = wire(STATES.available)
  await stage.pass(120_000)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
})

test('an agent who comes back before the instance is asked keeps their state', async () => {
  await closeUnnoticed()
  stage.instance.state = wire(STATES.available)
  await stage.openCcp({ tabId: 2 })
  expect(await story()).toEqual([['unconfirmed', 'none', 'agent_present']])
  expect(stage.instance.puts).toEqual([])
  expect(stage.browser.badge.text).toBe('')
})

test('a worker that dies while asking asks again', async () => {
  await closeUnnoticed()
  stage.instance.isReachable = false
  await stage.pass(5_000)
  stage.browser.stopWorker()
  stage.instance.isReachable = true
  stage.instance.state = wire(STATES.available)
  await stage.pass(60_000)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
})

test('in off mode the instance is not asked at all', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  stage.browser.own.set({ settings: { mode: 'off' } })
  await stage.settle()
  ccp.vanish()
  await story()
  expect(stage.instance.asked).toBe(0)
})

test('no token is ever written to disk', async () => {
  await closeUnnoticed()
  stage.instance.state = wire(STATES.available)
  await story()
  expect(JSON.stringify([...stage.browser.local.items, ...stage.browser.own.items])).not.toContain('token-of-')
})
