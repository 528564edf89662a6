import { ApiClient, ask } from '../client'
import { startInstance, type Instance } from '../instance'

let instance: Instance
let alice: ApiClient

beforeEach(async () => {
  instance = await startInstance({
    tenants: [{ alias: 'acme', agents: [{ username: 'alice', state: 'Available' }], pageSize: 2 }, { alias: 'globex' }],
  })
  alice = await ApiClient.signIn(instance.port, 'alice')
})

afterEach(() => instance.close())

describe('signing in', () => {
  it('is required without a session', async () => {
    const answer = await ask(instance.port, instance.url.ccp('v1'))
    expect(answer.status).toBe(302)
    expect(answer.headers.location).toBe('/connect/login?next=%2Fconnect%2Fccp')
  })

  it('works by the form, only with the right password', async () => {
    const url = instance.url.signIn({ host: 'modern' })
    const post = (body: string) => ask(instance.port, url, { method: 'POST', body })
    expect((await post('username=alice&password=wrong')).status).toBe(401)
    const answer = await post('username=alice&password=secret&next=/ccp')
    expect(answer).toMatchObject({ status: 302, headers: { location: '/ccp' } })
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^lily-auth-.*; Path=\/; HttpOnly; Secure; SameSite=None$/)
  })

  it('never redirects out of the instance', async () => {
    const answer = await ask(instance.port, `${instance.url.signIn()}?as=alice&next=//evil.example`)
    expect(answer.headers.location).toBe('/connect/ccp-v2/')
  })

  it('counts for one instance only', async () => {
    const url = instance.url.ccp('v2', { alias: 'globex' })
    expect((await ask(instance.port, url, { headers: { Cookie: alice.cookie } })).status).toBe(302)
  })
})

describe('pages', () => {
  const page = (url: string) => ask(instance.port, url, { headers: { Cookie: alice.cookie } })

  it('have a strict policy and the requested bundle', async () => {
    const answer = await page(instance.url.ccp('v1', { host: 'modern', streams: '1.8' }))
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'self' https://crm.example.test")
    expect(answer.headers['content-security-policy']).not.toContain('unsafe')
    expect(answer.text).toContain('/ccp-assets/streams-1.8.js')
  })

  it('are v2 only on govcloud', async () => {
    expect((await page(instance.url.ccp('v2', { host: 'govcloud' }))).status).toBe(200)
    expect((await page(instance.url.ccp('v1', { host: 'govcloud' }))).status).toBe(404)
  })
})

describe('the API', () => {
  it('lists the states page by page', async () => {
    expect((await alice.states()).map(({ name }) => name)).toEqual([
      'Available',
      'Break',
      'Lunch',
      'Training',
      'Offline',
    ])
  })

  it('answers a snapshot request at once without a token, and with a token when something changes', async () => {
    const first = await alice.call('GetAgentSnapshot', { timeout: 5000 })
    expect(first.json['snapshot']).toMatchObject({ state: { name: 'Available', type: 'routable' }, contacts: [] })
    const { nextToken } = first.json
    const polling = alice.call('GetAgentSnapshot', { timeout: 5000, nextToken })
    await instance.journal.waitFor((entry) => entry.kind === 'request' && entry.input['nextToken'] === nextToken)
    instance.agent('alice').ring({ channel: 'chat' })
    expect((await polling).json['snapshot']).toMatchObject({
      contacts: [{ type: 'chat', state: { type: 'connecting' } }],
    })
  })

  it('ends a long poll at its timeout', async () => {
    const { nextToken } = (await alice.call('GetAgentSnapshot')).json
    expect((await alice.call('GetAgentSnapshot', { timeout: 20, nextToken })).json['nextToken']).toBe(nextToken)
  })

  it('sets the state, and the journal names the sender', async () => {
    const { status } = await alice.putState('offline', {}, { headers: { Origin: 'chrome-extension://abc' } })
    expect(status).toBe(200)
    const entry = await instance.journal.waitForState({ agent: 'alice', type: 'offline' })
    expect(entry.cause).toMatchObject({
      by: 'api',
      operation: 'PutAgentState',
      request: { details: { origin: 'chrome-extension://abc', method: 'POST' } },
    })
  })

  it('refuses a state during a live contact, or enqueues it on request', async () => {
    instance.agent('alice').ring()
    expect(await alice.putState('offline')).toMatchObject({
      status: 400,
      json: { __type: 'InvalidStateException' },
      headers: { 'x-amzn-errortype': 'InvalidStateException' },
    })
    expect((await alice.putState('offline', { enqueueNextState: true })).status).toBe(200)
    const { snapshot } = (await alice.call('GetAgentSnapshot')).json
    expect(snapshot).toMatchObject({ state: { name: 'PendingBusy' }, nextState: { type: 'offline' } })
  })

  it('refuses expired tokens, and accepts a new one from authorize', async () => {
    instance.tenant().sessions.expireTokens()
    expect(await alice.call('GetAgentConfiguration')).toMatchObject({
      status: 401,
      json: { __type: 'UnauthorizedException' },
    })
    await alice.authorize()
    expect((await alice.call('GetAgentConfiguration')).status).toBe(200)
  })

  it('signs out without changing the status', async () => {
    expect((await alice.logout()).status).toBe(200)
    expect(instance.agent('alice').state().name).toBe('Available')
    expect((await alice.authorize()).status).toBe(401)
  })

  it('accepts, ends and clears contacts', async () => {
    const contact = instance.agent('alice').ring()
    const contactId = contact.id
    await alice.call('AcceptContact', { contactId })
    await alice.call('DestroyConnection', { contactId, connectionId: contact.agentConnectionId })
    expect(instance.agent('alice').state().name).toBe('AfterCallWork')
    await alice.call('ClearContact', { contactId })
    expect(instance.agent('alice').state().name).toBe('Available')
  })
})

it('closes once, however often close is called, and ends waits', async () => {
  const waiting = expect(instance.journal.waitFor(() => false)).rejects.toThrow('closed')
  await Promise.all([instance.close(), instance.close()])
  await waiting
})
