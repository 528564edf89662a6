/** An instance that answers each request for Offline with success, and never carries it out: nobody is called Offline, and all are flagged. */
import { Stage } from './stage'
import { STATES, wire } from './streams'

const HOUR = 3_600_000

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  stage.instance.dropsPuts = Infinity
})
afterEach(() => stage.close())

const flags = async () => {
  await stage.settle()
  const { state } = stage.browser.own.get('sessions')['sessions'] as {
    state: { flags: { why: string; username: string }[] }
  }
  return state.flags.map(({ why, username }) => [why, username])
}

/** A CCP whose agent is Available, in a browser with their session. */
async function open(tabId = 1) {
  const ccp = await stage.openCcp({ tabId })
  Object.assign(stage.instance, { session: 'ada', state: wire(STATES.available) })
  return ccp
}

test.each(['never', 'at once'] as const)(
  'after a close whose page hears the answer %s, the agent is flagged soon, and the entry says what Connect shows',
  async (answer) => {
    const ccp = await open()
    ccp.streams.answer = answer
    await ccp.unload()
    stage.browser.removeTab(1)
    await stage.pass(60_000)
    expect(await flags()).toEqual([['close', 'ada']])
    await stage.pass(13 * HOUR)
    const [entry] = await stage.finalLog()
    expect([entry?.outcome, entry?.reason]).toEqual(['unconfirmed', 'not_shown'])
    expect(entry?.exposure).toMatchObject({ certainty: 'open' })
    expect(stage.instance.putBodies.length).toBeGreaterThan(1)
    expect(await flags()).toEqual([['close', 'ada']])
  },
)

test.each([
  ['the session ends', null, 'signed_out'],
  ['somebody else signs in', 'bo', 'other_agent'],
])('the flag stands where %s before Connect shows it', async (_what, session, reason) => {
  const ccp = await open()
  ccp.streams.answer = 'at once'
  await ccp.unload()
  stage.browser.removeTab(1)
  await stage.pass(60_000)
  stage.instance.session = session
  await stage.pass(10 * 60_000)
  expect((await stage.entries()).map((entry) => [entry.outcome, entry.reason])).toEqual([['unconfirmed', reason]])
  expect(await flags()).toEqual([['close', 'ada']])
})

test.each(['Throttling', 'AccessDeniedException'])(
  'an accepted Offline that a look contradicts is no success where the background’s own request is refused (%s)',
  async (error) => {
    const ccp = await open()
    ccp.streams.answer = 'at once'
    await ccp.unload()
    stage.instance.putError = error
    stage.browser.removeTab(1)
    await stage.pass(60_000)
    expect(await flags()).toEqual([['close', 'ada']])
    await stage.pass(HOUR)
    expect((await stage.entries()).map(({ outcome }) => outcome)).toEqual([])
    await stage.pass(12 * HOUR)
    expect((await stage.finalLog()).map((entry) => [entry.outcome, entry.reason])).toEqual([
      ['unconfirmed', 'not_shown'],
    ])
  },
)

test('after a killed page, too', async () => {
  const ccp = await open()
  ccp.vanish()
  stage.browser.removeTab(1)
  await stage.pass(60_000)
  expect(await flags()).toEqual([['close', 'ada']])
  await stage.pass(13 * HOUR)
  expect((await stage.finalLog()).map(({ outcome }) => outcome)).toEqual(['unconfirmed'])
})

test('at a locked computer, the agent is flagged, and the page stays theirs', async () => {
  stage.browser.own.set({ settings: { onLock: 'offline' } })
  await stage.settle()
  const ccp = await open()
  ccp.streams.answer = 'at once'
  stage.browser.becomes('locked')
  await stage.pass(5 * 60_000)
  expect(ccp.streams.asked.length).toBeGreaterThan(0)
  expect((await stage.entries()).filter(({ outcome }) => outcome === 'confirmed' || outcome === 'accepted')).toEqual([])
  expect(await flags()).toMatchObject([['locked', 'ada']])
})
