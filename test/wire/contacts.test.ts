/** A CCP that closes during a contact: who waits for its end, what is done then, and what is never done before. */
import { Stage } from './stage'
import type { State } from './streams'
import { contact, STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  // Another window keeps the browser running after the CCP's window has closed.
  stage.browser.addTab(99, 'https://www.example.test/', 2)
})
afterEach(() => stage.close())

const MINUTE = 60_000
const BUSY = { ...STATES.available, name: 'Ocupado', type: 'system', agentStateARN: 'arn:busy' }
const MISSED = { ...STATES.available, name: 'MissedCallAgent', type: 'error', agentStateARN: 'arn:missed' }
const entries = async () => (await stage.entries()).map(({ outcome, evidence, reason }) => [outcome, evidence, reason])
const set = (settings: object): Promise<void> => {
  stage.browser.own.set({ settings })
  return stage.settle()
}
/** Lets time pass as with a running background, which acts whenever something is due. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= MINUTE) await stage.pass(Math.min(left, MINUTE))
}
const steps = async (): Promise<string[]> =>
  (await stage.entries()).flatMap(({ timeline }) => timeline.map(({ event }) => event))

/** Closes the tab during a contact, in a state caused by it, or in the state of a chat. */
async function closeOn(state: State, channel: string, contactState: string, tellsAvailability = true): Promise<void> {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.tellsAvailability = tellsAvailability
  ccp.streams.contacts = [contact(channel, contactState)]
  ccp.streams.become(state)
  stage.instance.session = 'ada'
  instance(state, contactState)
  await stage.settle()
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(ccp.streams.asked).toEqual([])
}
/** What the instance answers from now on: the state was entered now. */
function instance(state: Parameters<typeof wire>[0], ...contacts: string[]): void {
  stage.instance.state = wire(state, state === STATES.available ? undefined : Date.now())
  stage.instance.contacts = contacts.map((type, nth) => ({ contactId: `c-${nth}`, state: { type } }))
}

test('unfinished after-contact work is ended by Offline exactly at its limit, and the entry says so', async () => {
  await set({ acwLimitMinutes: 3 })
  await closeOn(BUSY, 'voice', 'ended')
  await pass(3 * MINUTE - 10_000)
  expect(stage.instance.puts).toEqual([])
  expect(await entries()).toEqual([])
  await pass(MINUTE)
  expect(stage.instance.puts).toEqual(['offline'])
  expect(await entries()).toEqual([['confirmed', 'set_by_background', null]])
  expect(await steps()).toContain('acw_ended')
  // They were never Available.
  expect((await stage.entries())[0]?.exposure).toBeNull()
})

test('the limit outlives the worker, and a clock that is set back', async () => {
  await set({ acwLimitMinutes: 3 })
  await closeOn(BUSY, 'voice', 'ended')
  await pass(2 * MINUTE)
  stage.browser.stopWorker()
  await pass(30_000)
  expect(stage.instance.puts).toEqual([])
  jest.setSystemTime(Date.now() - 60 * MINUTE)
  await pass(2 * MINUTE)
  expect(stage.instance.puts).toEqual([])
  await pass(2 * MINUTE)
  expect(stage.instance.puts).toEqual(['offline'])
})

test('after-contact work of a chat, in which the agent stays Available, is not discarded either', async () => {
  await closeOn(STATES.available, 'chat', 'ended')
  await pass(5 * MINUTE)
  expect(stage.instance.puts).toEqual([])
  instance(STATES.available)
  await pass(MINUTE)
  expect(await entries()).toEqual([['confirmed', 'set_by_background', null]])
  // During a chat an agent can still be given a call: they were Available from the close on.
  const [entry] = await stage.entries()
  expect(entry?.exposure).toMatchObject({ from: entry?.at, certainty: 'exact' })
})

test('a ringing call is left to ring; if it is missed, Offline follows, and the agent was never left Available', async () => {
  await closeOn(BUSY, 'voice', 'connecting')
  await pass(20_000)
  expect(stage.instance.puts).toEqual([])
  instance(MISSED, 'error')
  await pass(30_000)
  expect(await entries()).toEqual([['confirmed', 'set_by_background', null]])
  expect(await steps()).toContain('missed_ended')
  expect((await stage.entries())[0]?.exposure).toBeNull()
})

describe.each([
  ['the choice and its time survive the contact, as recorded', true],
  ['nothing tells the choice, and the state begins again', false],
] as const)('where %s', (_world, tellsAvailability) => {
  test.each([
    ['a missed call', MISSED],
    ['work that Connect itself ends', BUSY],
  ])('an agent who falls back to Available after %s is found within half a minute', async (_what, state) => {
    stage.instance.tellsAvailability = tellsAvailability
    await closeOn(state, 'voice', state === MISSED ? 'connecting' : 'ended', tellsAvailability)
    await pass(5 * MINUTE)
    instance(STATES.available)
    if (!tellsAvailability) stage.instance.state = wire(STATES.available, Date.now())
    await pass(30_000)
    expect(stage.instance.puts).toEqual(['offline'])
  })
})

test('a call and then its after-contact work are awaited without a limit on the call; Offline follows', async () => {
  await closeOn(BUSY, 'voice', 'connected')
  await pass(40 * MINUTE)
  expect(await entries()).toEqual([])
  // Nothing has gone wrong, so nobody is flagged.
  expect(stage.browser.badge.text).toBe('')
  instance(BUSY, 'ended')
  await pass(5 * MINUTE)
  expect(stage.instance.puts).toEqual([])
  const cleared = Date.now()
  instance(STATES.available)
  await pass(MINUTE)
  expect(await entries()).toEqual([['confirmed', 'set_by_background', null]])
  const [entry] = await stage.entries()
  // Not for the length of the call: from the last check that found them at work.
  const { from, until, certainty } = entry?.exposure ?? { from: 0, until: 0, certainty: '' }
  expect(certainty).toBe('at_most')
  expect((until ?? 0) - from).toBeLessThanOrEqual(30_000)
  expect(from).toBeLessThanOrEqual(cleared)
  expect(await steps()).not.toContain('acw_ended')
})

test('with several contacts at once, the last one counts', async () => {
  await closeOn(STATES.available, 'chat', 'connected')
  instance(BUSY, 'connected', 'connected')
  await pass(MINUTE)
  instance(BUSY, 'ended', 'connected')
  await pass(15 * MINUTE)
  instance(STATES.available, 'ended')
  await pass(MINUTE)
  expect(stage.instance.puts).toEqual([])
  instance(STATES.available)
  await pass(MINUTE)
  expect(stage.instance.puts).toEqual(['offline'])
  // A call lay in between, so how long they were Available is an upper bound.
  expect((await stage.entries())[0]?.exposure?.certainty).toBe('at_most')
})

test('an agent who comes back during the contact is left alone', async () => {
  await closeOn(BUSY, 'voice', 'connected')
  await pass(2 * MINUTE)
  await stage.openCcp({ tabId: 2 })
  expect(await entries()).toEqual([['not_needed', 'none', 'contact_first']])
  instance(STATES.available)
  await pass(10 * MINUTE)
  expect(stage.instance.puts).toEqual([])
})

test('an agent who chose another state meanwhile keeps it', async () => {
  await closeOn(BUSY, 'voice', 'connected')
  await pass(MINUTE)
  instance(STATES.lunch)
  await pass(MINUTE)
  expect(await entries()).toEqual([['not_needed', 'none', 'contact_first']])
  expect(stage.instance.puts).toEqual([])
})

test('a network failure during a call does not end the wait', async () => {
  await closeOn(BUSY, 'voice', 'connected')
  await pass(31 * MINUTE)
  stage.instance.isReachable = false
  await pass(5 * MINUTE)
  expect(stage.browser.badge.text).toBe('1')
  stage.instance.isReachable = true
  instance(STATES.available)
  await pass(2 * MINUTE)
  expect(await entries()).toEqual([['confirmed', 'set_by_background', null]])
  expect(stage.browser.badge.text).toBe('')
})

test('an agent who is stuck in a missed call is set Offline, and the entry says so', async () => {
  await closeOn(BUSY, 'voice', 'connecting')
  await pass(5_000)
  instance(MISSED, 'error')
  stage.instance.nextState = wire(STATES.offline)
  await pass(MINUTE)
  expect(await entries()).toEqual([['confirmed', 'set_by_background', null]])
  expect(await steps()).toContain('stuck_ended')
})

test('if that is refused for twelve hours, “stuck” is the reason', async () => {
  await closeOn(BUSY, 'voice', 'connecting')
  instance(MISSED, 'error')
  stage.instance.nextState = wire(STATES.offline)
  stage.instance.putError = 'InvalidStateException'
  for (let hours = 0; hours < 13; hours += 1) await stage.pass(60 * MINUTE)
  expect(await entries()).toEqual([['unconfirmed', 'none', 'stuck']])
})

describe('if agents with contacts are excluded,', () => {
  test.each([
    ['a call', BUSY, 'voice', 'connected'],
    ['a chat', STATES.available as typeof BUSY, 'chat', 'connected'],
    ['the work after a call', BUSY, 'voice', 'ended'],
  ])('nothing is done during %s, or after it', async (_what, state, channel, contactState) => {
    await set({ onContact: 'leave' })
    await closeOn(state, channel, contactState)
    await pass(MINUTE)
    expect(await entries()).toEqual([['not_needed', 'none', 'contact_kept']])
    instance(STATES.available)
    await pass(10 * MINUTE)
    expect(stage.instance.asked).toBe(0)
  })

  test('nothing is done if the page crashes during a contact', async () => {
    await set({ onContact: 'leave' })
    const ccp = await stage.openCcp({ tabId: 1 })
    ccp.streams.contacts = [contact('voice', 'connected')]
    ccp.streams.become(BUSY)
    await stage.settle()
    stage.instance.session = 'ada'
    ccp.vanish()
    await pass(2 * MINUTE)
    expect(await entries()).toEqual([['not_needed', 'none', 'contact_kept']])
    expect(stage.instance.asked).toBe(0)
  })

  test('the setting applies from the moment it is set', async () => {
    await closeOn(BUSY, 'voice', 'connected')
    await pass(MINUTE)
    await set({ onContact: 'leave' })
    instance(STATES.available)
    await pass(MINUTE)
    expect(await entries()).toEqual([['not_needed', 'none', 'contact_kept']])
    expect(stage.instance.puts).toEqual([])
  })
})

test('agents with a desk phone are left alone if the settings say so, even if the page crashes', async () => {
  await set({ deskPhone: 'leave' })
  for (const [tabId, end] of [
    [1, 'closes'],
    [2, 'dies'],
  ] as const) {
    const ccp = await stage.openCcp({ tabId })
    ccp.streams.softphone = false
    ccp.streams.become(STATES.available)
    await stage.settle()
    if (end === 'closes') await ccp.unload()
    else ccp.vanish()
    stage.browser.removeTab(tabId)
    await pass(MINUTE)
    expect(ccp.streams.asked).toEqual([])
  }
  expect(await entries()).toEqual(Array.from({ length: 2 }, () => ['not_needed', 'none', 'desk_phone']))
  expect(stage.instance.asked).toBe(0)
})

test('if the background may not ask, a close during a contact does not count as needing nothing', async () => {
  await set({ directPath: 'page', recovery: 'never' })
  await closeOn(BUSY, 'voice', 'connected')
  await pass(MINUTE)
  expect(await entries()).toEqual([['unconfirmed', 'none', 'forbidden']])
  expect(stage.browser.badge.text).toBe('1')
})

test('an Offline queued by the last window is confirmed by the instance, not by the answer', async () => {
  stage.browser.removeTab(99)
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.contacts = [contact('chat', 'connected')]
  ccp.streams.become(STATES.available)
  stage.instance.session = 'ada'
  instance(STATES.available, 'connected')
  stage.instance.nextState = wire(STATES.offline)
  await stage.settle()
  ccp.streams.answer = 'at once'
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(ccp.streams.asked).toEqual([{ state: 'offline', enqueue: true }])
  // The browser keeps running after all, and the background with it.
  await pass(5 * MINUTE)
  expect(await entries()).toEqual([])
  instance(STATES.offline)
  await pass(MINUTE)
  expect(await entries()).toEqual([['confirmed', 'asked', null]])
  expect(stage.instance.puts).toEqual([])
})
