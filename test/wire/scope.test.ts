/** Scope and observe mode: what the settings exclude is left alone by every world. */
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

describe('observe mode', () => {
  beforeEach(async () => {
    await set({ mode: 'observe' })
    Object.assign(stage.instance, HERE)
  })

  test('changes nothing, asks once, and logs what would have been done; the agent’s return ends the exposure', async () => {
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
    // Authorization, configuration, states and snapshot: no further call, however long they stay away.
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

  test('covers a page that was killed', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    ccp.vanish()
    expect(await stage.finalLog()).toMatchObject([{ reason: 'mode_observe', would: 'set_offline', event: null }])
    expect(stage.instance.puts).toEqual([])
    expect(flags()).toEqual([['ada', true]])
  })

  test('finds no exposure for an agent who is Offline', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    stage.instance.state = wire(STATES.offline, Date.now())
    await ccp.unload()
    stage.browser.removeTab(1)
    expect(await stage.finalLog()).toMatchObject([{ would: 'set_offline', exposure: { certainty: 'at_most' } }])
    expect(flags()).toEqual([])
  })

  test('does not ask again if the instance cannot be reached', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    stage.instance.isReachable = false
    await ccp.unload()
    stage.browser.removeTab(1)
    expect(await stage.finalLog()).toMatchObject([{ would: 'set_offline', exposure: { certainty: 'open' } }])
    expect(stage.instance.asked).toBe(1)
  })

  test('does not ask about an agent whose page is back', async () => {
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

  test('that is switched off before the look asks nothing', async () => {
    const ccp = await stage.openCcp({ tabId: 1 })
    await ccp.unload()
    stage.browser.removeTab(1)
    await set({ mode: 'off' })
    expect(await stage.finalLog()).toMatchObject([{ reason: 'mode_observe' }])
    expect(stage.instance.asked).toBe(0)
  })
})

test.each([
  ['off mode', { mode: 'off' }, 'mode_off'],
  ['another routing profile', { routingProfiles: ['Sales'] }, 'routing_profile_excluded'],
  ['another instance', { instances: ['other'] }, 'instance_excluded'],
  ['another kind of page', { surfaces: ['v1'] }, 'surface_excluded'],
  ['another state', { fromStates: ['Comida'] }, 'state_excluded'],
] as const)('%s, set while CCPs are open, applies to a close and to a crash', async (_, only, reason) => {
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
})

test.each([
  ['acme.my.connect.aws', 'basic', 'v2'],
  ['ACME', 'Basic', 'v2'],
])('an agent within the named scope is set Offline: %s, %s, %s', async (instance, profile, surface) => {
  await set({ instances: [instance], routingProfiles: [profile], surfaces: [surface] })
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.answer = 'at once'
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(await stage.finalLog()).toMatchObject([{ outcome: 'accepted' }])
})

test('a new target state reaches an open page, and the background sets and recognizes the same', async () => {
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

test('an agent in the target state is recognized as done', async () => {
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

test('a named state that is not routable is changed by the background too, within the same state period', async () => {
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

test('in another state period it is left alone: somebody has chosen it', async () => {
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
