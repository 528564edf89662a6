import { Agent } from 'node:https'
import { ApiClient } from '../client'
import { startInstance, type Instance } from '../instance'

let instance: Instance
let alice: ApiClient

beforeEach(async () => {
  instance = await startInstance({
    tenants: [{ alias: 'acme', agents: [{ username: 'alice', state: 'Available' }] }],
  })
  alice = await ApiClient.signIn(instance.port, 'alice')
})

afterEach(() => instance.close())

const state = () => instance.agent('alice').state().name

describe('faults', () => {
  it('fail only the first calls of an operation', async () => {
    const fault = instance.faults.set({
      operation: 'PutAgentState',
      fail: { first: 1, code: 'InternalServiceException', status: 500 },
    })
    expect(await alice.putState('offline')).toMatchObject({ status: 500, json: { __type: 'InternalServiceException' } })
    expect(state()).toBe('Available')
    expect((await alice.putState('offline')).status).toBe(200)
    expect(fault.hits()).toBe(1)
  })

  it('fail a share of the calls: the same calls for the same seed', async () => {
    const run = async (): Promise<number[]> => {
      const fault = instance.faults.set({
        operation: 'GetAgentStates',
        fail: { share: 0.5, seed: 7, code: 'ThrottlingException' },
      })
      const statuses: number[] = []
      for (let call = 0; call < 12; call += 1) statuses.push((await alice.call('GetAgentStates')).status)
      fault.clear()
      return statuses
    }
    const statuses = await run()
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    expect(await run()).toEqual(statuses)
  })

  it('may replace the answer while the request takes effect', async () => {
    instance.faults.set({ operation: 'PutAgentState', fail: { code: 'ServiceUnavailableException', applied: true } })
    expect((await alice.putState('offline')).status).toBe(503)
    expect(state()).toBe('Offline')
  })

  it('refuse extensions and accept pages', async () => {
    instance.faults.refuseExtensions()
    const from = (origin: string) => alice.call('GetAgentStates', {}, { headers: { Origin: origin } })
    expect((await from('chrome-extension://abc')).status).toBe(403)
    expect((await from('moz-extension://abc')).status).toBe(403)
    expect((await from('https://acme.awsapps.com')).status).toBe(200)
  })

  it('may hit only long polls', async () => {
    const fault = instance.faults.set({ operation: 'GetAgentSnapshot', waits: true, fail: { code: 'Refused' } })
    expect((await alice.call('GetAgentSnapshot', {})).status).toBe(200)
    const { status, json } = await alice.call('GetAgentSnapshot', { timeout: 30_000 })
    expect(status).toBe(200)
    const { nextToken } = json
    expect((await alice.call('GetAgentSnapshot', { timeout: 30_000, nextToken })).status).toBe(400)
    expect(fault.hits()).toBe(1)
  })

  it('delay answers', async () => {
    instance.faults.set({ operation: 'GetAgentStates', delayMs: 60 })
    const started = Date.now()
    await alice.call('GetAgentStates')
    expect(Date.now() - started).toBeGreaterThanOrEqual(59)
  })

  it('leave requests unanswered, and the journal notes when the client goes away', async () => {
    instance.faults.set({ operation: 'GetAgentConfiguration', hang: true })
    const controller = new AbortController()
    const asking = alice.call('GetAgentConfiguration', {}, { signal: controller.signal }).catch(() => 'gone')
    await instance.journal.waitForRequest('GetAgentConfiguration')
    controller.abort()
    expect(await asking).toBe('gone')
    const entry = await instance.journal.waitFor(
      (each) =>
        each.kind === 'request' && each.operation === 'GetAgentConfiguration' && each.clientGoneAt !== undefined,
    )
    expect(entry).toMatchObject({ status: undefined })
  })

  it('break the connection instead of answering', async () => {
    instance.faults.set({ operation: 'PutAgentState', drop: { first: 1, applied: true } })
    await expect(alice.putState('offline')).rejects.toThrow()
    expect(state()).toBe('Offline')
  })

  it('begin after a given time', async () => {
    instance.faults.set({ operation: 'GetAgentStates', fromMs: 3_600_000, fail: { code: 'ThrottlingException' } })
    expect((await alice.call('GetAgentStates')).status).toBe(200)
  })
})

describe('the network', () => {
  const timed = async (agent?: Agent): Promise<number> => {
    const started = performance.now()
    await alice.call('GetAgentStates', {}, agent ? { agent } : {})
    return performance.now() - started
  }

  it('takes three round trips for a new connection (TCP, TLS 1.3, the request) and one for an open one', async () => {
    instance.network.roundTrip(100)
    const agent = new Agent({ keepAlive: true })
    const cold = await timed(agent)
    const warm = await timed(agent)
    agent.destroy()
    expect(cold).toBeGreaterThanOrEqual(295)
    expect(cold).toBeLessThan(390)
    expect(warm).toBeGreaterThanOrEqual(95)
    expect(warm).toBeLessThan(190)
  })

  it('can close connections after every answer', async () => {
    instance.network.reuseConnections(false)
    const agent = new Agent({ keepAlive: true })
    const { headers } = await alice.call('GetAgentStates', {}, { agent })
    agent.destroy()
    expect(headers.connection).toBe('close')
  })

  it('can fail for a while', async () => {
    instance.network.cut()
    await expect(alice.call('GetAgentStates')).rejects.toThrow()
    instance.network.restore()
    expect((await alice.call('GetAgentStates')).status).toBe(200)
  })

  it('can hold back all data, and deliver it later', async () => {
    instance.network.cut('silence')
    const asking = alice.call('GetAgentStates')
    const early = await Promise.race([asking, new Promise((resolve) => setTimeout(() => resolve('silence'), 80))])
    expect(early).toBe('silence')
    instance.network.restore()
    expect((await asking).status).toBe(200)
  })
})
