/** The watchdog's own code on this machine with the stand-in's public API, without a browser. */
import type { Heartbeat } from '../../../src/protocol/heartbeat'
import { readAnswer } from '../../../src/protocol/heartbeat'
import { heartbeat } from '../../unit/watchdog/build'
import type { LocalWatchdog } from '../../watchdog/local-watchdog'
import { SkippingClock, startLocalWatchdog } from '../../watchdog/local-watchdog'
import { startInstance, type Instance } from '../instance'

jest.setTimeout(60_000)

const SECRET = 'a-secret'
const SLOT_MS = 15_000
let instance: Instance
let clock: SkippingClock
let watchdog: LocalWatchdog
let seq: number

beforeEach(async () => {
  instance = await startInstance()
  clock = new SkippingClock()
  seq = 0
  watchdog = await startLocalWatchdog({ instance, alias: 'acme', secret: SECRET, clock })
})
afterEach(async () => {
  await watchdog.close()
  await instance.close()
})

async function beat(values: Partial<Heartbeat> = {}) {
  seq += 1
  const response = await fetch(watchdog.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET}` },
    body: JSON.stringify(heartbeat({ ...values, seq })),
  })
  return readAnswer(await response.json())?.act
}

/** Makes a look at the beginning of each of the next `count` slots. */
async function looks(count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    clock.skip(SLOT_MS - (clock.now() % SLOT_MS))
    await watchdog.look()
  }
}

it('sets an agent Offline whose machine has fallen silent, and reports it when they are back', async () => {
  await looks(6)
  const alice = instance.agent('alice')
  alice.set('routable')
  expect(await beat()).toBeNull()
  await looks(5)
  expect(alice.state().type).toBe('routable')
  await looks(3)
  expect(instance.journal.states.at(-1)).toMatchObject({ to: { type: 'offline' }, cause: { by: 'public-api' } })
  expect(await beat({ isAvailable: false })).toMatchObject({ reason: 'silent', isConfirmed: true })
  const puts = instance.journal.requests.filter(({ operation }) => operation === 'PutUserStatus')
  expect(puts).toHaveLength(1)
})

it('waits for a call to end, and leaves an agent alone who has chosen a status since', async () => {
  await looks(6)
  const [alice, bob] = [instance.agent('alice'), instance.agent('bob')]
  for (const agent of [alice, bob]) agent.set('routable')
  await beat()
  await beat({ agent: 'n:bob', machine: 'machine-b' })
  alice.ring()
  alice.accept()
  bob.set('Lunch')
  bob.set('routable')
  await looks(10)
  expect([alice.nextState(), bob.state().type]).toEqual([undefined, 'routable'])
  alice.endContact()
  alice.clearContact()
  await looks(2)
  expect(alice.state().type).toBe('offline')
})

it('sets an agent with a flagged close Offline once, however often the machine reports the flag', async () => {
  const alice = instance.agent('alice')
  alice.set('routable')
  const flag = { why: 'close', closeId: 'close-1', since: Date.now() } as const
  await beat({ ccps: 0, flag })
  await looks(2)
  expect(alice.state().type).toBe('offline')
  expect(await beat({ ccps: 0, flag })).toMatchObject({ reason: 'left', isConfirmed: true })
  alice.set('routable')
  await beat({ ccps: 0, flag })
  await looks(3)
  expect(alice.state().type).toBe('routable')
})
