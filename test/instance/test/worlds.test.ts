import { connect as connectHttp2 } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { ApiClient, ask, type Answer } from '../client'
import { startInstance, type Instance } from '../instance'
import { recordAt, type JsonRecord } from '../server/json'
import type { World } from '../world/axes'

let instance: Instance
let alice: ApiClient

async function start(world: Partial<World>): Promise<void> {
  instance = await startInstance({
    tenants: [{ alias: 'acme', agents: [{ username: 'alice', state: 'Available' }] }],
    world,
  })
  alice = await ApiClient.signIn(instance.port, 'alice')
}

afterEach(() => instance.close())

const snapshot = async (): Promise<JsonRecord> =>
  recordAt((await alice.call('GetAgentSnapshot', { timeout: 0 })).json, 'snapshot')
const stateOf = async (): Promise<JsonRecord> => recordAt(await snapshot(), 'state')
const settings = async (): Promise<JsonRecord> => {
  const page = await ask(instance.port, instance.url.ccp('v1'), { headers: { Cookie: alice.cookie } })
  return recordAt(JSON.parse(/id="settings">(.*?)<\/script>/.exec(page.text)?.[1] ?? '{}') as JsonRecord, 'init')
}

describe('snapshots', () => {
  it('have starts that move with each snapshot, in whole seconds before it', async () => {
    await start({ startTimes: 'moving' })
    const { state, snapshotTimestamp, agentAvailabilityState } = await snapshot()
    const start_ = Number(recordAt({ state }, 'state')['startTimestamp'])
    expect(((Number(snapshotTimestamp) - start_) * 1000) % 1000).toBeCloseTo(0, 3)
    const since = instance.agent('alice').state().since
    expect(start_ * 1000).toBeGreaterThanOrEqual(since - 1)
    expect(start_ * 1000).toBeLessThan(since + 1000)
    expect(agentAvailabilityState).toEqual({ state: 'Available', timeStamp: since / 1000 })
  })

  it('have the true start in worlds with fixed starts', async () => {
    await start({ startTimes: 'fixed' })
    expect((await stateOf())['startTimestamp']).toBe(instance.agent('alice').state().since / 1000)
  })

  it.each([
    ['offline-only', false, true],
    ['none', false, false],
    ['all', true, true],
  ] as const)('have ARNs: %s', async (stateArns, available, offline) => {
    await start({ stateArns, nulls: 'explicit' })
    expect((await stateOf())['agentStateARN'] !== null).toBe(available)
    instance.agent('alice').set('offline')
    expect((await stateOf())['agentStateARN'] !== null).toBe(offline)
    for (const state of await alice.states()) expect(state['agentStateARN']).toMatch(/^arn:/)
  })

  it('show the availability during a contact, or never', async () => {
    await start({ availability: 'told' })
    instance.agent('alice').ring()
    expect(await snapshot()).toMatchObject({
      state: { name: 'PendingBusy', type: 'system' },
      agentAvailabilityState: { state: 'Available' },
    })
    await instance.close()
    await start({ availability: 'missing' })
    expect(await snapshot()).not.toHaveProperty('agentAvailabilityState')
  })

  it('show a change late, and end a long poll only then', async () => {
    await start({ showsAfterMs: '300' })
    const { nextToken } = (await alice.call('GetAgentSnapshot')).json
    const polling = alice.call('GetAgentSnapshot', { timeout: 5000, nextToken })
    const changedAt = Date.now()
    instance.agent('alice').set('offline')
    expect((await stateOf())['type']).toBe('routable')
    expect((await polling).json).toMatchObject({ snapshot: { state: { type: 'offline' } } })
    expect(Date.now() - changedAt).toBeGreaterThanOrEqual(299)
  })

  it('have explicit nulls or none, and unknown fields or none', async () => {
    await start({ nulls: 'explicit', unknownFields: 'some' })
    expect(await snapshot()).toMatchObject({ nextState: null, fieldOfTomorrow: {}, state: { 'odd-name': null } })
    await instance.close()
    await start({ nulls: 'omitted' })
    instance.agent('alice').ring({ channel: 'chat' })
    expect(JSON.stringify(await snapshot())).not.toMatch(/null|Tomorrow/)
  })
})

describe('the list of states', () => {
  it.each([
    ['null', null],
    ['set', expect.any(Number)],
  ] as const)('has starts that are %s', async (listedStarts, startTimestamp) => {
    await start({ listedStarts, nulls: 'explicit' })
    for (const state of await alice.states()) expect(state).toMatchObject({ startTimestamp: startTimestamp as unknown })
  })
})

describe('a state that is set', () => {
  it('may be accepted but not applied, for a while', async () => {
    await start({ puts: 'first-lost' })
    expect((await alice.putState('offline')).json).toEqual({})
    expect((await alice.putState('offline')).json).toEqual({})
    expect(instance.agent('alice').state().type).toBe('routable')
    await new Promise((resolve) => setTimeout(resolve, 1_600))
    await alice.putState('offline')
    expect(instance.agent('alice').state().type).toBe('offline')
  })
})

describe('tokens', () => {
  it.each([
    ['401-first', 401],
    ['403-first', 403],
  ] as const)('are refused at first: %s', async (freshTokens, status) => {
    await start({ freshTokens })
    const calls: Answer[] = []
    for (let call = 0; call < 3; call += 1) calls.push(await alice.call('GetAgentSnapshot'))
    expect(calls.map((answer) => answer.status)).toEqual([status, status, 200])
  })

  it.each([
    ['number', 'number', 'number'],
    ['iso', 'string', 'string'],
    ['missing', 'string', 'undefined'],
  ] as const)('have an expiry of the form: %s', async (expiration, inPage, inAnswer) => {
    await start({ expiration })
    expect(typeof (await settings())['authTokenExpiration']).toBe(inPage)
    expect(typeof (await alice.authorize()).json['expiration']).toBe(inAnswer)
  })
})

describe('pages', () => {
  it.each([
    ['absolute', 'https://acme.awsapps.com/connect/api'],
    ['path', '/connect/api'],
    ['no-scheme', 'acme.awsapps.com/connect/api'],
    ['missing', undefined],
  ] as const)('pass an endpoint of the form: %s', async (endpoint, given) => {
    await start({ endpoint })
    expect((await settings())['endpoint']).toBe(given)
  })

  it('forbid unload events in worlds without them', async () => {
    await start({ unload: 'blocked' })
    for (const url of [instance.url.ccp('v1'), instance.url.crm()]) {
      const { headers } = await ask(instance.port, url, { headers: { Cookie: alice.cookie } })
      expect(headers['permissions-policy']).toBe('unload=()')
    }
  })
})

it('refuses only extensions in worlds that refuse their origin', async () => {
  await start({ extensionOrigin: 'refused' })
  const from = (origin: string) => alice.call('GetAgentStates', {}, { headers: { Origin: origin } })
  expect((await from('chrome-extension://abc')).status).toBe(403)
  expect((await from('https://acme.awsapps.com')).status).toBe(200)
})

describe('contacts', () => {
  it('begin as recorded: a callback rings in Pending, and its customer is called', async () => {
    await start({ contactStates: 'recorded' })
    const agent = instance.agent('alice')
    agent.ring({ channel: 'queue_callback' })
    expect(await snapshot()).toMatchObject({
      state: { name: 'Pending', type: 'not_routable' },
      contacts: [{ type: 'queue_callback', state: { type: 'incoming' } }],
    })
    agent.accept()
    expect(await snapshot()).toMatchObject({
      state: { name: 'CallingCustomer' },
      contacts: [{ state: { type: 'connecting' } }],
    })
    await instance.journal.waitForState({ name: 'Busy' })
    agent.endContact()
    agent.clearContact()
    agent.ring({ channel: 'queue_callback' })
    agent.missContact()
    expect(await stateOf()).toMatchObject({ name: 'Default', type: 'error' })
    agent.clearContact()
    agent.dial('+12065550100')
    expect(await stateOf()).toMatchObject({ name: 'CallingCustomer', type: 'system' })
  })

  it('of a supervisor who listens in do not change the state', async () => {
    await start({ nulls: 'explicit' })
    instance.agent('alice').monitor()
    expect(await snapshot()).toMatchObject({
      state: { name: 'Available' },
      contacts: [{ type: 'voice', queue: null, connections: [{ type: 'monitoring' }] }],
    })
  })

  it.each(['not_routable', 'after_call_work'] as const)(
    'may be followed by after-contact work of type %s',
    async (workType) => {
      await start({ workType })
      const agent = instance.agent('alice')
      agent.ring()
      agent.accept()
      agent.endContact()
      expect(await stateOf()).toMatchObject({ name: 'AfterCallWork', type: workType })
    },
  )
})

describe('HTTP/2', () => {
  /** One HTTP/2 connection to a host. */
  function open(host: string) {
    const session = connectHttp2(`https://${host}`, {
      host: '127.0.0.1',
      port: instance.port,
      servername: host,
      rejectUnauthorized: false,
    })
    session.on('error', () => undefined)
    const get = (path: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const stream = session.request({ ':path': path, ':authority': host, cookie: alice.cookie })
        stream.on('response', (headers) => resolve(Number(headers[':status'])))
        stream.on('error', reject)
        stream.resume()
        stream.end()
      })
    return { session, get }
  }

  it('carries requests, and an idle connection ends with GOAWAY', async () => {
    await start({ http: 'h2' })
    const { session, get } = open('acme.awsapps.com')
    expect(await get('/connect/ccp-v2/')).toBe(200)
    expect(await get('/connect/auth/authorize')).toBe(200)
    const carried = instance.journal.requests.filter(({ operation }) => operation === 'authorize').at(-1)
    expect(carried?.details.host).toBe('acme.awsapps.com')
    const goaway = new Promise<number>((resolve) => session.on('goaway', resolve))
    instance.closeIdleConnections()
    expect(await goaway).toBe(0)
    session.destroy()
  })

  it('has a certificate for each host, so that clients do not share a connection between hosts', async () => {
    await start({ http: 'h2' })
    const { session, get } = open('acme.my.connect.aws')
    expect(await get('/ccp-v2/')).toBe(200)
    const { subjectaltname } = (session.socket as TLSSocket).getPeerCertificate()
    expect(subjectaltname).toBe('DNS:acme.my.connect.aws')
    session.destroy()
  })

  it('is only spoken by hosts whose world has it', async () => {
    await start({ http: 'http/1.1' })
    // The server only speaks HTTP/1.1, so the HTTP/2 client fails.
    await expect(open('acme.awsapps.com').get('/connect/ccp-v2/')).rejects.toThrow()
  })
})

it('closes idle HTTP/1.1 connections', async () => {
  await start({})
  const { Agent } = await import('node:https')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await alice.call('GetAgentStates', {}, { agent })
  const [socket] = Object.values(agent.freeSockets).flatMap((list) => list ?? [])
  const closed = new Promise((resolve) => socket?.once('close', () => resolve('closed')))
  instance.closeIdleConnections()
  expect(await closed).toBe('closed')
  agent.destroy()
})
