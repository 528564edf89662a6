/** Whom it applies to, and mode observe: what the settings leave alone is left alone by every world. */
import { Stage } from './stage'
import { STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const HERE = { session: 'ada', state: wire(STATES.available) } as const
const set = async (settings: object): Promise<void> => {
  stage.browser.own.set({ settings })
  await stage.settle()
}
const flags = () => {
  const { state } = stage.browser.own.items.get('sessions') as {
    state: { flags: { username: string; isObserved: boolean }[] }
  }
  return state.flags.map(({ username, isObserved }) => [username, isObserved])
}

describe('mode observe', () => {
  beforeEach(async () => {
    await set({ mode: 'observe' })
    Object.assign(stage.instance, HERE)
  })

  test('changes nothing, asks once, and says what would have been done; the agent’s return tells for how long', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    const closedAt = Date.now()
    await ccp.unload()
    stage.browser.removeTab(1)
    const [entry] = await stage.finalLog()
    expect(entry).toMatchObject({
      outcome: 'not_needed',
      reason: 'mode_observe',
      would: 'set_offline',
      target: 'Sin conexión',
      exposure: { until: null, certainty: 'open' },
    })
    expect(entry?.timeline.at(-1)).toEqual({ at: expect.any(Number) as number, event: 'observed' })
    expect(ccp.streams.asked).toEqual([])
    expect(stage.instance.puts).toEqual([])
    // Authorization, whose it is, which states there are, and how they are: no more, however long they stay away.
    expect(stage.instance.asked).toBe(4)
    await stage.pass(600_000)
    expect(stage.instance.asked).toBe(4)
    expect(flags()).toEqual([['ada', true]])
    expect([stage.browser.badge.text, stage.browser.notices.size, stage.browser.opened]).toEqual(['badgeTrial', 0, []])

    await stage.openCcp({ tabId: 2 })
    const [amended] = await stage.entries()
    expect(amended?.exposure).toMatchObject({ certainty: 'exact' })
    const { from = 0, until = 0 } = amended?.exposure ?? {}
    expect([from - closedAt, (until ?? 0) - from > 600_000]).toEqual([0, true])
    expect(flags()).toEqual([])
  })

  test('a page that was killed is one of those', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    ccp.vanish()
    expect(await stage.finalLog()).toMatchObject([{ reason: 'mode_observe', would: 'set_offline', event: null }])
    expect(stage.instance.puts).toEqual([])
    expect(flags()).toEqual([['ada', true]])
  })

  test('an agent who is found Offline was not left', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    stage.instance.state = wire(STATES.offline, Date.now())
    await ccp.unload()
    stage.browser.removeTab(1)
    expect(await stage.finalLog()).toMatchObject([{ would: 'set_offline', exposure: { certainty: 'at_most' } }])
    expect(flags()).toEqual([])
  })

  test('an instance that cannot be reached is not asked again', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    stage.instance.isReachable = false
    await ccp.unload()
    stage.browser.removeTab(1)
    expect(await stage.finalLog()).toMatchObject([{ would: 'set_offline', exposure: { certainty: 'open' } }])
    expect(stage.instance.asked).toBe(1)
  })

  test('an agent whose page is back is asked about no more', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    await ccp.unload()
    await stage.pass(500)
    await stage.openCcp({ tabId: 1, navigationType: 'reload' })
    expect(await stage.finalLog()).toMatchObject([
      { would: 'set_offline', cause: 'reloaded', exposure: { certainty: 'exact' } },
    ])
    expect(stage.instance.asked).toBe(0)
    expect(flags()).toEqual([])
  })

  test('that is switched off before the look asks nobody', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    await ccp.unload()
    stage.browser.removeTab(1)
    await set({ mode: 'off' })
    expect(await stage.finalLog()).toMatchObject([{ reason: 'mode_observe' }])
    expect(stage.instance.asked).toBe(0)
  })
})

test.each([
  ['mode off', { mode: 'off' }, 'mode_off'],
  ['another routing profile', { routingProfiles: ['Sales'] }, 'routing_profile_excluded'],
  ['another instance', { instances: ['other'] }, 'instance_excluded'],
  ['another kind of page', { surfaces: ['v1'] }, 'surface_excluded'],
  ['another state', { fromStates: ['Comida'] }, 'state_excluded'],
] as const)(
  '%s, chosen while CCPs are open, holds for a close and for a page that is killed',
  async (_, only, reason) => {
    const closed = await stage.openCcp({ tabId: 1 })
    const killed = await stage.openCcp({ tabId: 2, username: 'bob' })
    Object.assign(stage.instance, HERE)
    await set(only)
    await closed.unload()
    stage.browser.removeTab(1)
    killed.vanish()
    stage.browser.removeTab(2)
    expect(await stage.finalLog()).toMatchObject([
      { outcome: 'not_needed', reason },
      { outcome: 'not_needed', reason },
    ])
    expect(closed.streams.asked).toEqual([])
    expect([stage.instance.asked, stage.instance.puts, flags()]).toEqual([0, [], []])
    expect(stage.browser.notices.size).toBe(0)
  },
)

test.each([
  ['acme.my.connect.aws', 'basic', 'v2'],
  ['ACME', 'Basic', 'v2'],
])('who is named is acted on: %s, %s, %s', async (instance, profile, surface) => {
  await set({ instances: [instance], routingProfiles: [profile], surfaces: [surface] })
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.answer = 'at once'
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(await stage.finalLog()).toMatchObject([{ outcome: 'accepted' }])
})

test('the state that a close sets is told to a page that is open, and the background sets and knows the same', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  Object.assign(stage.instance, HERE)
  await set({ targetState: 'comida' })
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(ccp.streams.asked).toMatchObject([{ state: 'not_routable' }])
  const [entry] = await stage.finalLog()
  expect(entry).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background', target: 'Comida' })
  expect(stage.instance.state?.name).toBe('Comida')
})

test('an agent who is seen in that state in another CCP is known to be done', async () => {
  await set({ targetState: 'Comida' })
  const closed = await stage.openCcp({ tabId: 1 })
  await closed.unload()
  stage.browser.removeTab(1)
  const other = await stage.openCcp({ tabId: 2 })
  other.streams.become({ ...STATES.lunch, startTimestamp: new Date() })
  Object.assign(stage.instance, { session: 'ada', state: wire(STATES.lunch, Date.now()) })
  expect(await stage.finalLog()).toMatchObject([{ outcome: 'confirmed', evidence: 'asked' }])
  expect(stage.instance.puts).toEqual([])
})

test('a named state that takes no contacts is changed by the background too, in the very same stay', async () => {
  await set({ fromStates: ['Disponible', 'Comida'] })
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.become(STATES.lunch)
  await stage.settle()
  Object.assign(stage.instance, { session: 'ada', state: wire(STATES.lunch) })
  ccp.vanish()
  stage.browser.removeTab(1)
  expect(await stage.finalLog()).toMatchObject([
    { outcome: 'confirmed', evidence: 'set_by_background', target: 'Sin conexión' },
  ])
  expect(stage.instance.puts).toEqual(['offline'])
})

test('and in another stay it is left alone: somebody has chosen it', async () => {
  await set({ fromStates: ['Comida'] })
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.become(STATES.lunch)
  await stage.settle()
  Object.assign(stage.instance, { session: 'ada', state: wire(STATES.lunch, Date.now() + 5_000) })
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(await stage.finalLog()).toMatchObject([{ outcome: 'unconfirmed', reason: 'state_changed' }])
  expect(stage.instance.puts).toEqual([])
})
