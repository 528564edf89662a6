/** @jest-environment jsdom */
import './hooks'
import type { AgentFacts } from '../../../src/domain/agent'
import type * as Module from '../../../src/page/api-agent'
import { bodyOf, READING } from './answers'

const ACCESS = { url: 'http://localhost/api', token: 'the token', expiresAt: Infinity }
const LIST = [
  { agentStateARN: 'arn:1', type: 'routable', name: 'Available', startTimestamp: null },
  { agentStateARN: 'arn:2', type: 'offline', name: 'Offline', startTimestamp: null },
]
/** As recorded (Streams' `sample-snapshots.js`): times in seconds, nulls where there is nothing. */
const RECORDED = {
  state: { name: 'Available', type: 'routable', agentStateARN: null, startTimestamp: 1646311432.698 },
  nextState: null,
  agentAvailabilityState: { state: 'Available', timeStamp: 1646311432.223 },
  contacts: [{ contactId: 'c-1', type: 'voice', state: { type: 'connected', timestamp: 1646406650 }, name: null }],
  snapshotTimestamp: 1646406656.698,
}

interface Asked {
  readonly operation: string
  readonly body: { nextToken?: unknown; timeout?: number }
  readonly answer: (body: unknown, status?: number) => Promise<void>
  readonly fail: () => Promise<void>
}
let asked: Asked[]
let seen: AgentFacts[]
let failures: number
/** The service's time, as it was sent. */
let times: unknown[]
let access: typeof ACCESS | null
let agent: Module.ApiAgent

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
}
const pass = async (ms: number): Promise<void> => {
  await jest.advanceTimersByTimeAsync(ms)
  await settle()
}
const last = (): Asked => asked.at(-1) as Asked
const operations = (): string[] => asked.map(({ operation }) => operation)

beforeEach(async () => {
  jest.useFakeTimers({ now: new Date('2026-01-05T09:00:00Z'), doNotFake: ['queueMicrotask'] })
  asked = []
  seen = []
  failures = 0
  times = []
  access = ACCESS
  const fetch = (_url: string, init: RequestInit): Promise<object> =>
    new Promise((resolve, reject) => {
      const headers = init.headers as Record<string, string>
      asked.push({
        operation: headers['X-Amz-Target']?.split('.')[1] ?? '',
        body: JSON.parse(init.body as string) as Asked['body'],
        answer: (body, status = 200) => {
          resolve({ status, headers: { get: () => 'application/x-amz-json-1.0' }, body: bodyOf(JSON.stringify(body)) })
          return settle()
        },
        fail: () => {
          reject(new TypeError('Failed to fetch'))
          return settle()
        },
      })
    })
  Object.assign(window, { fetch, ...READING })
  jest.isolateModules(() => {
    const { ApiAgent } = jest.requireActual<typeof Module>('../../../src/page/api-agent')
    agent = new ApiAgent({
      access: () => access,
      onChange: (facts) => seen.push(facts),
      onUnwatched: () => (failures += 1),
      onTime: (sent) => times.push(sent),
      targetState: () => '',
    })
  })
  agent.start()
  await pass(0)
})
afterEach(() => {
  agent.stop()
  jest.clearAllTimers()
})

async function begin(): Promise<void> {
  await last().answer({ configuration: { username: 'ada', name: 'Ada', routingProfile: { name: 'Basic' } } })
  await last().answer({ states: LIST.slice(0, 1), nextToken: 'more' })
  await last().answer({ states: LIST.slice(1), nextToken: null })
  await last().answer({ snapshot: RECORDED, nextToken: 't1' })
}

test('reads the configuration, all states and a snapshot as recorded', async () => {
  await begin()
  expect(operations()).toEqual(['GetAgentConfiguration', 'GetAgentStates', 'GetAgentStates', 'GetAgentSnapshot'])
  expect(asked[2]?.body.nextToken).toBe('more')
  expect(asked[3]?.body).toEqual({ authentication: { authToken: 'the token' }, timeout: 30_000 })
  expect(seen).toHaveLength(1)
  expect(seen[0]).toMatchObject({
    username: 'ada',
    routingProfile: 'Basic',
    state: { name: 'Available', type: 'routable', arn: null, startTimestamp: 1646311432698 },
    offlineState: { arn: 'arn:2', type: 'offline' },
    contacts: [{ channel: 'voice', state: 'connected' }],
  })
  expect(agent.facts()).toEqual(seen[0])
  expect(times).toEqual([RECORDED.snapshotTimestamp])
})

test('a long poll reports a change as soon as the instance announces it', async () => {
  await begin()
  await pass(100)
  expect(last().body).toMatchObject({ nextToken: 't1', timeout: 30_000 })
  await pass(12_000)
  const offline = { ...RECORDED, state: { ...LIST[1], startTimestamp: 1646406700 }, contacts: [] }
  await last().answer({ snapshot: offline, nextToken: 't2' })
  expect(seen.at(-1)?.state.type).toBe('offline')
  await pass(100)
  expect(last().body.nextToken).toBe('t2')
})

test('an instance that does not hold long polls, or returns no token, is polled less often: within 2 s', async () => {
  await begin()
  await pass(100)
  for (const nextToken of ['t2', undefined]) {
    const before = asked.length
    await last().answer({ snapshot: RECORDED, nextToken })
    await pass(1_400)
    expect(asked).toHaveLength(before)
    await pass(200)
    expect(asked).toHaveLength(before + 1)
  }
  expect(agent.requestsPerHour()).toBeGreaterThan(0)
})

test('a failure before the first snapshot is reported once, and polling continues with a back-off', async () => {
  await last().answer({ __type: 'AccessDeniedException' }, 403)
  expect(failures).toBe(1)
  await pass(5_000)
  expect(operations()).toHaveLength(2)
  await last().fail()
  expect(failures).toBe(1)
  await pass(5_000)
  expect(operations()).toHaveLength(2)
  await pass(5_000)
  await begin()
  expect(seen).toHaveLength(1)
})

test.each([
  ['{}', {}],
  ['somebody else’s JSON', { error: 'denied' }],
  ['a snapshot without a state', { snapshot: {} }],
])('%s is not a snapshot: the last known facts remain', async (_what, body) => {
  await begin()
  await pass(100)
  await last().answer(body)
  expect(agent.facts()).toEqual(seen[0])
  await pass(5_000)
  expect(last().body.nextToken).toBeUndefined()
})

test('after five failures in a row, nobody watches the agent; the next answer shows them again', async () => {
  await begin()
  await pass(100)
  for (const pauseMs of [5_000, 10_000, 20_000, 40_000]) {
    await last().fail()
    expect([failures, agent.facts()]).toEqual([0, seen[0]])
    await pass(pauseMs)
  }
  await last().fail()
  expect([failures, agent.facts()]).toEqual([1, null])
  await pass(60_000)
  await last().answer({ snapshot: RECORDED, nextToken: 't2' })
  expect([failures, seen.length]).toEqual([1, 2])
})

test('sends nothing without an access token, and nothing after it is stopped', async () => {
  await begin()
  const before = asked.length
  access = null
  await pass(60_000)
  expect(asked).toHaveLength(before)
  access = ACCESS
  agent.stop()
  await pass(120_000)
  expect(asked).toHaveLength(before)
})
