import { ConnectClient } from '../../../src/background/connect-client'
import { AddressError, DeniedError } from '../../../src/background/connect-errors'
import { INSTANCE, state } from '../domain/build'

const ORIGIN = `https://${INSTANCE}`
const URL_OF_CCP = `${ORIGIN}/ccp-v2/?a=b#c`
const TOKEN = 'the-token'

interface Asked {
  readonly url: string
  readonly init: RequestInit
}
type Answer = Response | Error

let asked: Asked[]
let answers: Answer[]

const JSON_TYPE = { 'Content-Type': 'application/x-amz-json-1.0' }
const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: JSON_TYPE })
/** An error in the service's own form. */
const denied = (status: 401 | 403): Response =>
  json(status, { __type: status === 401 ? 'UnauthorizedException' : 'AccessDeniedException' })
const html = (status: number): Response =>
  new Response('<html>Sign in</html>', { status, headers: { 'Content-Type': 'text/html' } })
/** The response to a redirect for a request with `redirect: 'manual'`. */
const redirected = (): Response => Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' })
/** A response whose body breaks off. */
const broken = (status: number, error: Error): Response =>
  new Response(new ReadableStream({ pull: (controller) => controller.error(error) }), { status })
const timeout = (): Error => new DOMException('The operation was aborted due to timeout', 'TimeoutError')
const offline = (): Error => new TypeError('Failed to fetch')
const signIn = (): Response => json(200, { accessToken: TOKEN })

beforeEach(() => {
  asked = []
  answers = []
  jest.spyOn(globalThis, 'fetch').mockImplementation((url, init = {}) => {
    asked.push({ url: url as string, init })
    const answer = answers.shift()
    if (answer === undefined) throw new Error('Nobody expected a request')
    return answer instanceof Response ? Promise.resolve(answer) : Promise.reject(answer)
  })
})

async function errorOf(promise: Promise<unknown>): Promise<Error> {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  )
  // Errors of another realm are not instances of this realm's `Error`.
  expect(thrown).toHaveProperty('message')
  return thrown as Error
}
type Kind = `${'signed_out' | 'refused'} by ${DeniedError['by']}` | 'no address' | 'again'
/** What the error says about the session, and on whose authority. */
function kindOf(error: Error): Kind {
  if (error instanceof DeniedError) return `${error.reason} by ${error.by}`
  return error instanceof AddressError ? 'no address' : 'again'
}
async function signedIn(...more: Answer[]): Promise<ConnectClient> {
  answers = [signIn(), ...more]
  return ConnectClient.signedIn(URL_OF_CCP)
}
const nth = (index: number): Asked => {
  expect(asked.length).toBeGreaterThan(index)
  return asked[index] as Asked
}
const bodyOf = ({ init }: Asked): unknown => JSON.parse(init.body as string)

describe('a token', () => {
  test('is requested at the instance with the session’s cookies, without following redirects', async () => {
    await signedIn()
    const { url, init } = nth(0)
    expect(url).toBe(`${ORIGIN}/auth/authorize`)
    expect(init).toMatchObject({ credentials: 'include', redirect: 'manual', cache: 'no-store' })
    expect(init.method ?? 'GET').toBe('GET')
    expect(init.signal).toBeInstanceOf(AbortSignal)
  })

  test.each([
    ['https://acme.my.connect.aws/agent-app-v2/x', 'https://acme.my.connect.aws/auth/authorize'],
    ['https://acme.my.connect.aws:8443/ccp-v2/', 'https://acme.my.connect.aws:8443/auth/authorize'],
    ['https://acme.awsapps.com/connect/ccp-v2/', 'https://acme.awsapps.com/connect/auth/authorize'],
  ])('for %s is requested at %s', async (page, expected) => {
    answers = [signIn()]
    await ConnectClient.signedIn(page)
    expect(nth(0).url).toBe(expected)
  })

  test.each([
    'https://acme.awsapps.com.example/ccp-v2/',
    'https://user:word@acme.my.connect.aws/ccp-v2/',
    'http://acme.my.connect.aws/ccp-v2/',
    'https://acme.my.connect.aws/other',
  ])('for %s is not requested at all', async (page) => {
    expect(kindOf(await errorOf(ConnectClient.signedIn(page)))).toBe('no address')
    expect(asked).toEqual([])
  })

  test.each<[string, Answer, Kind]>([
    ['a 401 of the service', denied(401), 'signed_out by authorize'],
    ['a 403 of the service', denied(403), 'refused by authorize'],
    ['401', json(401, {}), 'signed_out by nobody'],
    ['401 and HTML', html(401), 'signed_out by nobody'],
    ['a 403 of a proxy', json(403, { message: 'Forbidden' }), 'refused by nobody'],
    ['403 and HTML', html(403), 'refused by nobody'],
    ['404 and HTML', html(404), 'refused by nobody'],
    ['a redirect', redirected(), 'signed_out by nobody'],
    ['the HTML of a sign-in page', html(200), 'signed_out by nobody'],
    ['200 and an empty body', new Response('', { status: 200 }), 'again'],
    ['null', json(200, null), 'again'],
    ['an empty token', json(200, { accessToken: '' }), 'again'],
    ['a token that is not text', json(200, { accessToken: 7 }), 'again'],
    ['a token that comes with 400', json(400, { accessToken: TOKEN }), 'again'],
    ['407 and HTML, by a proxy', html(407), 'again'],
    ['408', json(408, {}), 'again'],
    ['500', json(500, {}), 'again'],
    ['503 and HTML', html(503), 'again'],
    ['429', json(429, {}), 'again'],
    ['no network', offline(), 'again'],
    ['no answer in time', timeout(), 'again'],
    ['an answer that breaks off', broken(200, offline()), 'again'],
    ['an answer whose body times out', broken(200, timeout()), 'again'],
  ])('that is answered with %s: %#', async (_what, answer, kind) => {
    answers = [answer]
    expect(kindOf(await errorOf(ConnectClient.signedIn(URL_OF_CCP)))).toBe(kind)
    expect(asked).toHaveLength(1)
  })

  test('never appears in an error', async () => {
    const client = await signedIn(denied(403), denied(403), denied(403), json(200, { snapshot: 7 }))
    const errors = [await errorOf(client.username()), await errorOf(client.snapshot(null, []))]
    for (const { message, stack } of errors) expect(`${message} ${stack}`).not.toContain(TOKEN)
  })
})

describe('a call', () => {
  test.each([
    [URL_OF_CCP, `${ORIGIN}/api`],
    ['https://acme.awsapps.com/connect/ccp-v2/', 'https://acme.awsapps.com/connect/api'],
  ])('for %s goes to %s, carries the token, and follows no redirect', async (page, expected) => {
    answers = [signIn(), json(200, { configuration: { username: 'ada' } })]
    const client = await ConnectClient.signedIn(page)
    expect(await client.username()).toBe('ada')
    const call = nth(1)
    expect(call.url).toBe(expected)
    expect(call.init).toMatchObject({ method: 'POST', credentials: 'include', redirect: 'error' })
    expect(call.init.signal).toBeInstanceOf(AbortSignal)
    expect(call.init.headers).toEqual({
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'AmazonConnectCTIService.GetAgentConfiguration',
      'X-Amz-Bearer': TOKEN,
    })
    expect(bodyOf(call)).toEqual({ authentication: { authToken: TOKEN } })
  })

  test('for the snapshot does not wait for a change', async () => {
    const client = await signedIn(json(200, { snapshot: { state: { name: 'x', type: 'offline' } } }))
    await client.snapshot(null, [])
    expect(nth(1).init.headers).toMatchObject({ 'X-Amz-Target': 'AmazonConnectCTIService.GetAgentSnapshot' })
    expect(bodyOf(nth(1))).toEqual({ authentication: { authToken: TOKEN }, timeout: 30_000 })
  })

  test('that sets the state asks for it at once, without enqueueNextState', async () => {
    const client = await signedIn(json(200, {}))
    await client.putState(state('offline'))
    expect(nth(1).init.headers).toMatchObject({ 'X-Amz-Target': 'AmazonConnectCTIService.PutAgentState' })
    const { name, arn } = state('offline')
    expect(bodyOf(nth(1))).toEqual({
      authentication: { authToken: TOKEN },
      state: { agentStateARN: arn, type: 'offline', name },
    })
  })

  test.each<[string, Answer]>([
    ['an empty object', json(200, {})],
    ['an empty body', new Response('', { status: 200, headers: JSON_TYPE })],
  ])('that sets the state is accepted with %s', async (_what, answer) => {
    const client = await signedIn(answer)
    await expect(client.putState(state('offline'))).resolves.toBeUndefined()
  })

  test.each<[string, Answer]>([
    ['an error without a name', json(200, { error: 'No' })],
    ['a proxy’s message', json(200, { message: 'Forbidden' })],
    ['a list', json(200, [])],
    ['a page', html(200)],
  ])('that sets the state and is answered with 200 and %s is not accepted', async (_what, answer) => {
    const client = await signedIn(answer)
    expect(kindOf(await errorOf(client.putState(state('offline'))))).toBe('again')
  })

  test.each([401, 403] as const)(
    'with a new token that is denied with %i is repeated with the same token',
    async (status) => {
      const client = await signedIn(denied(status), denied(status), json(200, { configuration: { username: 'ada' } }))
      expect(await client.username()).toBe('ada')
      expect(asked).toHaveLength(4)
    },
  )

  test('that stays denied reports how often it was denied', async () => {
    const client = await signedIn(denied(401), denied(401), denied(401))
    expect(await errorOf(client.username())).toMatchObject({ reason: 'signed_out', by: 'unauthorized', times: 3 })
  })

  test('for the list of states follows its pages, and skips unreadable states', async () => {
    const wireState = (name: string) => ({ name, type: 'ROUTABLE', agentStateARN: `arn:${name}`, startTimestamp: null })
    const client = await signedIn(
      json(200, { states: [wireState('a'), 7, { name: 1 }], nextToken: 'more' }),
      json(200, { states: [wireState('b')], nextToken: null }),
    )
    expect((await client.states()).map(({ name, type }) => [name, type])).toEqual([
      ['a', 'routable'],
      ['b', 'routable'],
    ])
    expect(bodyOf(nth(2))).toMatchObject({ nextToken: 'more' })
  })

  test.each<[string, Answer, Kind, string]>([
    ['401 and HTML', html(401), 'signed_out by nobody', 'HTTP 401'],
    ['403 and HTML', html(403), 'refused by nobody', 'HTTP 403'],
    ['403 and null', json(403, null), 'refused by nobody', 'HTTP 403'],
    ['404 and HTML', html(404), 'refused by nobody', 'HTTP 404'],
    ['400', json(400, { __type: 'ValidationException' }), 'again', 'ValidationException'],
    [
      '400 with a namespace',
      json(400, { __type: 'aws.connect#InvalidStateException' }),
      'again',
      'InvalidStateException',
    ],
    ['400 of another shape', json(400, { __type: 7 }), 'again', 'HTTP 400'],
    ['429', json(429, { __type: 'ThrottlingException' }), 'again', 'ThrottlingException'],
    ['500', json(500, {}), 'again', 'HTTP 500'],
    ['503 and HTML', html(503), 'again', 'HTTP 503'],
    ['no network, or a redirect', offline(), 'again', 'Failed to fetch'],
    ['no answer in time', timeout(), 'again', 'The operation was aborted due to timeout'],
  ])('that is answered with %s: %#', async (_what, answer, kind, message) => {
    const client = await signedIn(answer)
    const error = await errorOf(client.putState(state('offline')))
    expect(kindOf(error)).toBe(kind)
    expect(error.message).toContain(message)
    expect(asked).toHaveLength(2)
  })

  test.each<[string, () => Response]>([
    ['HTML', () => html(200)],
    ['nothing', () => new Response('', { status: 200 })],
    ['null', () => json(200, null)],
    ['another shape', () => json(200, { configuration: {}, snapshot: { state: {} } })],
    [
      'a name that is not text',
      () => json(200, { configuration: { username: null }, snapshot: { state: { name: 1 } } }),
    ],
  ])('that is answered with 200 and %s counts as unanswered', async (_what, answer) => {
    const client = await signedIn(answer(), answer())
    expect(kindOf(await errorOf(client.username()))).toBe('again')
    expect(kindOf(await errorOf(client.snapshot(null, [])))).toBe('again')
  })
})

test('an endless answer counts as unanswered, from both the token endpoint and the API', async () => {
  const endless = (status: number): Response =>
    new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) }), {
      status,
      headers: JSON_TYPE,
    })
  answers = [endless(200)]
  expect((await errorOf(ConnectClient.signedIn(URL_OF_CCP))).message).toBe('HTTP 200, longer than 1 MB')
  answers = [signIn(), endless(200)]
  const client = await ConnectClient.signedIn(URL_OF_CCP)
  expect((await errorOf(client.username())).message).toBe('HTTP 200, longer than 1 MB')
})
