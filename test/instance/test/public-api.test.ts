/** The stand-in's public API, called by the watchdog's own client with the real AWS SDK. */
import { createHmac } from 'node:crypto'
import { ConnectClient, GetCurrentUserDataCommand } from '@aws-sdk/client-connect'
import { AwsConnect } from '../../../watchdog/src/aws-connect'
import { startInstance, type Instance } from '../instance'
import type { PublicApi } from '../public-api/public-api'

let instance: Instance
let api: PublicApi
let client: ConnectClient

beforeEach(async () => {
  instance = await startInstance({ tenants: [{ alias: 'acme', agents: [{ username: 'Alice' }, { username: 'bob' }] }] })
  api = await instance.openPublicApi({ quota: 5, tags: { bob: { signoff: 'yes' } } })
  client = new ConnectClient({
    endpoint: api.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
  })
})
afterEach(async () => {
  client.destroy()
  await instance.close()
})

function connect(more: { hashKey?: string; tag?: string; status?: string } = {}): AwsConnect {
  return new AwsConnect(client, {
    instanceId: api.instanceId,
    offlineStatusId: more.status ?? api.statusId('offline'),
    instance: 'acme',
    hashKey: more.hashKey ?? '',
    tag: more.tag ?? '',
  })
}

const idOf = async (name: string): Promise<string> => (await connect().find(`n:${name}`))?.id ?? ''

it('finds users by name, in upper or lower case, and by hash, and checks their tags', async () => {
  const hash = createHmac('sha256', 'key').update('acme/alice').digest('hex')
  expect(await idOf('alice')).not.toBe('')
  expect(await connect({ hashKey: 'key' }).find(`h:${hash}`)).toEqual({ id: await idOf('alice'), isOptedIn: true })
  expect(await connect({ tag: 'signoff=yes' }).find('n:bob')).toMatchObject({ isOptedIn: true })
  expect(await connect().find('n:carol')).toBeNull()
})

it('shows the chosen status and its start, also during a call and after a missed call', async () => {
  const alice = instance.agent('Alice')
  alice.set('routable')
  const id = await idOf('alice')
  const look = async () => (await connect().look([id])).get(id)
  expect(await look()).toMatchObject({ type: 'ROUTABLE', since: alice.visibleState().since, contacts: [] })
  alice.ring()
  expect(await look()).toMatchObject({ type: 'ROUTABLE', contacts: [{ state: 'CONNECTING' }] })
  alice.missContact()
  expect(await look()).toMatchObject({ type: 'ROUTABLE', contacts: [{ state: 'MISSED' }] })
})

it('sets the status, enqueues it during a call, and the journal names the sender', async () => {
  const alice = instance.agent('Alice')
  alice.set('routable')
  const id = await idOf('alice')
  expect(await connect().setOffline(id)).toBe('done')
  expect(instance.journal.states.at(-1)).toMatchObject({ to: { type: 'offline' }, cause: { by: 'public-api' } })
  alice.set('routable')
  alice.ring()
  alice.accept()
  expect(await connect().setOffline(id)).toBe('done')
  expect((await connect().look([id])).get(id)).toMatchObject({
    type: 'ROUTABLE',
    isOfflineNext: true,
    contacts: [{ state: 'CONNECTED' }],
  })
})

it('refuses unknown users and statuses, and calls beyond the quota', async () => {
  expect(await connect().setOffline('nobody')).toBe('refused')
  expect(await connect({ status: 'none' }).setOffline(await idOf('alice'))).toBe('refused')
  const ask = () =>
    client.send(new GetCurrentUserDataCommand({ InstanceId: api.instanceId, Filters: { Agents: ['nobody'] } }))
  await Promise.all([ask(), ask(), ask(), ask(), ask()])
  await expect(ask()).rejects.toMatchObject({ name: 'ThrottlingException' })
})
