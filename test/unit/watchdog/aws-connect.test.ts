/** The real AWS SDK, against a server that answers as Connect's public API is documented. */
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConnectClient } from '@aws-sdk/client-connect'
import { AwsConnect } from '../../../watchdog/src/aws-connect'

const OPTIONS = {
  instanceId: 'i-1',
  offlineStatusId: 's-off',
  instance: 'acme.my.connect.aws',
  hashKey: 'key',
  tag: '',
}
const STATUS = 'arn:aws:connect:us-east-1:1:instance/i-1/agent-state/'

interface Asked {
  readonly path: string
  readonly body: unknown
}

let server: Server
let asked: Asked[]
let answers: Record<string, { status?: number; type?: string; body: unknown }>

beforeEach(async () => {
  asked = []
  answers = {
    'GET /agent-status/i-1': {
      body: {
        AgentStatusSummaryList: [
          { Id: 's-on', Name: 'Available', Type: 'ROUTABLE' },
          { Id: 's-off', Name: 'Abwesend', Type: 'OFFLINE' },
        ],
      },
    },
    'GET /users-summary/i-1': { body: { UserSummaryList: [{ Id: 'u-1', Username: 'Alice' }] } },
    'POST /search-users': { body: { Users: [{ Id: 'u-1', Username: 'Alice' }] } },
    'POST /metrics/userdata/i-1': {
      body: {
        UserDataList: [
          {
            User: { Id: 'u-1' },
            RoutingProfile: { Id: 'r-1' },
            Status: { StatusArn: `${STATUS}s-on`, StatusStartTimestamp: 1_000 },
            NextStatus: 'Abwesend',
            Contacts: [{ AgentContactState: 'MISSED', StateStartTimestamp: 2_000 }, {}],
          },
          { User: { Id: 'u-2' }, Status: { StatusArn: `${STATUS}s-new` } },
        ],
      },
    },
    'PUT /users/i-1/u-1/status': { body: {} },
  }
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const path = `${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`
      asked.push({ path, body: text === '' ? null : (JSON.parse(text) as unknown) })
      const { status = 200, type, body } = answers[path] ?? { status: 404, type: 'ResourceNotFoundException', body: {} }
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(type !== undefined && { 'x-amzn-errortype': type }),
      })
      response.end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

function connect(options = OPTIONS): AwsConnect {
  const { port } = server.address() as AddressInfo
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' }
  const client = new ConnectClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  })
  return new AwsConnect(client, options)
}

it('reads how the instance shows users; a status that it does not list has no type', async () => {
  const sights = await connect().look(['u-1', 'u-2', 'u-3'])
  expect(sights.get('u-1')).toEqual({
    type: 'ROUTABLE',
    since: 1_000_000,
    isOfflineNext: true,
    contacts: [
      { state: 'MISSED', since: 2_000_000 },
      { state: 'UNKNOWN', since: null },
    ],
    routingProfile: 'r-1',
  })
  expect(sights.get('u-2')).toMatchObject({ type: null, since: null, isOfflineNext: false })
  expect(sights.has('u-3')).toBe(false)
})

it('sets only the given status, and distinguishes errors that may be retried', async () => {
  expect(await connect().setOffline('u-1')).toBe('done')
  expect(asked.at(-1)?.body).toEqual({ AgentStatusId: 's-off' })
  const of = async (status: number, type: string) => {
    answers['PUT /users/i-1/u-1/status'] = { status, type, body: {} }
    return connect().setOffline('u-1')
  }
  expect(await of(429, 'ThrottlingException')).toBe('throttled')
  expect(await of(403, 'AccessDeniedException')).toBe('refused')
  expect(await of(500, 'InternalServiceException')).toBe('failed')
})

it('finds a user by name, and by hash only with the key', async () => {
  const hash = createHmac('sha256', 'key').update('acme/alice').digest('hex')
  expect(await connect().find('n:alice')).toEqual({ id: 'u-1', isOptedIn: true })
  expect(await connect().find('n:bob')).toBeNull()
  expect(await connect().find(`h:${hash}`)).toEqual({ id: 'u-1', isOptedIn: true })
  expect(await connect({ ...OPTIONS, hashKey: '' }).find(`h:${hash}`)).toBeNull()
})

it('opts users in by a tag', async () => {
  answers['GET /users/i-1/u-1'] = { body: { User: { Id: 'u-1', Tags: { signoff: 'yes' } } } }
  expect(await connect({ ...OPTIONS, tag: 'signoff=yes' }).find('n:alice')).toMatchObject({ isOptedIn: true })
  expect(await connect({ ...OPTIONS, tag: 'signoff=no' }).find('n:alice')).toMatchObject({ isOptedIn: false })
})
