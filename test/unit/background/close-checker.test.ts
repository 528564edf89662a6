import { CloseChecker } from '../../../src/background/close-checker'
import type { AgentState, ContactFacts } from '../../../src/domain/agent'
import type { LogEntry } from '../../../src/domain/log-entry'
import { flagsOf } from '../../../src/domain/closes/flags'
import { pendingCloses } from '../../../src/domain/closes/closes'
import type { DocumentEvent, CcpEvent } from '../../../src/domain/closes/events'
import { reduceCloses } from '../../../src/domain/closes/reduce'
import type { CloseState } from '../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../src/domain/closes/state'
import type { Finding } from '../../../src/domain/check'
import type { LentToken } from '../../../src/protocol/token-messages'
import { FakeInstance } from '../../wire/fake-instance'
import { agentEvent, closing, facts, header, RULES, RUN, state as stateOf, T0 } from '../domain/build'

type WireState = NonNullable<FakeInstance['state']>

let instance: FakeInstance
/** Runs just before the instance answers an operation. */
let before: Partial<Record<string, () => void>>
let now: number
let isArriving = false
let state: CloseState
let entries: LogEntry[]
let found: { closeId: string; finding: Finding; jitter: number }[]
let operations: string[]
let checker: CloseChecker
let lent: LentToken | null

jest.mock('../../../src/background/pause', () => ({
  pause: (ms: number) => {
    now += ms
    return Promise.resolve()
  },
}))

function tell(event: CcpEvent): void {
  const next = reduceCloses(state, event, {
    extensionVersion: '1.2.3',
    mode: 'act',
    mayAsk: true,
    recoveryUse: 'never',
    graceMs: 20_000,
    rulesOf: () => RULES,
  })
  state = next.state
  entries.push(...next.finalized)
}
const say = (docId: string, docEvent: DocumentEvent, tabId = 1): void =>
  tell({
    type: 'document',
    at: now,
    seq: now - T0,
    runId: RUN,
    header: header(docId, { openedAt: now }),
    place: { tabId, frameId: 0, ownCookies: true },
    docEvent,
  })
/** Lets time pass and notifies the checker, as each alarm does. */
function pass(ms: number): void {
  now += ms
  tell({ type: 'tick', at: now, tabs: {}, holding: [] })
  checker.consider(state, now)
}
/** Answers need turns of the event loop, but no time. */
async function settle(): Promise<void> {
  for (let left = 30; left > 0; left -= 1) await new Promise((done) => setImmediate(done))
}
/** Lets time pass until the close has its entry. */
async function passUntilOver(): Promise<void> {
  for (let left = 60; entries.length === 0 && left > 0; left -= 1) {
    pass(Math.max(0, (nextAt()[0] ?? now) - now))
    await settle()
  }
}
const nextAt = (): (number | null | undefined)[] => pendingCloses(state).map((close) => close.check?.nextAt)
const wire = ({ name, type, arn }: AgentState, since = T0 - 60_000): WireState => ({
  name,
  type,
  agentStateARN: arn ?? '',
  startTimestamp: since / 1000,
})
const JSON_TYPE = { 'Content-Type': 'application/x-amz-json-1.0' }
const AVAILABLE = stateOf('routable')
const story = () => entries.map(({ outcome, evidence, reason }) => [outcome, evidence, reason])

/** An agent's CCP is closed without an answer: its check is due a moment later. */
function closeUnnoticed(docId = 'doc-a', username = 'ada', tabId = 1, contacts: readonly ContactFacts[] = []): void {
  const agent = facts('routable', { username, contacts })
  say(docId, { type: 'hello' }, tabId)
  say(docId, agentEvent(agent), tabId)
  now += 1_000
  say(docId, closing(`close-of-${docId}`, {}, agent), tabId)
  say(docId, { type: 'gone' }, tabId)
}

beforeEach(() => {
  instance = new FakeInstance()
  instance.session = 'ada'
  instance.state = wire(AVAILABLE)
  before = {}
  now = T0
  isArriving = false
  state = EMPTY_CLOSE_STATE
  entries = []
  found = []
  operations = []
  jest.spyOn(Date, 'now').mockImplementation(() => now)
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init = {}) => {
    const { headers = {}, body = '{}' } = init as { headers?: Record<string, string>; body?: string }
    const operation = headers['X-Amz-Target']?.split('.')[1] ?? 'authorize'
    operations.push(operation)
    const answer = await instance.fetch(url as string, { headers, body })
    before[operation]?.()
    return answer
  })
  lent = null
  checker = new CloseChecker({
    isArriving: () => Promise.resolve(isArriving),
    targetState: () => Promise.resolve(''),
    maySet: () => Promise.resolve(true),
    rulesOf: () => Promise.resolve(RULES),
    workLimitMs: () => Promise.resolve(60_000),
    state: () => Promise.resolve(state),
    requestAgain: () => Promise.resolve(false),
    lentToken: () => Promise.resolve(lent),
    dispatch: (event) => {
      if (event.type === 'checked') found.push(event)
      tell(event)
      checker.consider(state, now)
      return Promise.resolve()
    },
  })
})

describe('a check', () => {
  test('asks when it is due, and not before', async () => {
    closeUnnoticed()
    pass(1_999)
    await settle()
    expect(operations).toEqual([])
    pass(1)
    await settle()
    expect(operations).not.toEqual([])
    expect(entries).toHaveLength(1)
  })

  test('asks again when it is next due, and not before', async () => {
    instance.isReachable = false
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(operations).toEqual(['authorize'])
    const [due] = nextAt()
    expect(due).toBeGreaterThan(now)
    pass((due ?? 0) - now - 1)
    await settle()
    expect(operations).toHaveLength(1)
    pass(1)
    await settle()
    expect(operations).toHaveLength(2)
    expect(found.map(({ finding }) => finding)).toEqual([
      { kind: 'no_answer', error: 'Failed to fetch' },
      { kind: 'no_answer', error: 'Failed to fetch' },
    ])
  })

  test('asks once at a time, however often it is considered', async () => {
    closeUnnoticed()
    pass(2_000)
    checker.consider(state, now)
    pass(1)
    await settle()
    expect(operations.filter((operation) => operation === 'authorize')).toHaveLength(1)
    expect(found).toHaveLength(1)
  })

  test('is separate for each close', async () => {
    closeUnnoticed('doc-a', 'ada', 1)
    closeUnnoticed('doc-b', 'bob', 2)
    pass(2_000)
    await settle()
    expect(Object.fromEntries(found.map(({ closeId, finding }) => [closeId, finding]))).toEqual({
      'close-of-doc-a': { kind: 'offline', by: 'set' },
      'close-of-doc-b': { kind: 'ended', reason: 'other_agent' },
    })
    expect(found).toHaveLength(2)
  })

  test('does not ask about a close that needs none', async () => {
    say('doc-a', { type: 'hello' })
    say('doc-a', agentEvent(facts('not_routable')))
    say('doc-a', { type: 'gone' })
    pass(60_000)
    await settle()
    expect(entries).toHaveLength(1)
    expect(operations).toEqual([])
  })

  test('carries a random number, so that closes are not all verified at once', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.25)
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(found.map(({ jitter }) => jitter)).toEqual([0.25])
  })
})

describe('an agent', () => {
  test('who is as the close left them is set Offline, once the session’s user is known', async () => {
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(operations).toEqual([
      'authorize',
      'GetAgentConfiguration',
      'GetAgentStates',
      'GetAgentSnapshot',
      'PutAgentState',
      'GetAgentSnapshot',
    ])
    expect(story()).toEqual([['confirmed', 'set_by_background', null]])
  })

  test('who is already Offline is left alone', async () => {
    instance.state = wire(stateOf('offline'), T0 + 1_000)
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(instance.puts).toEqual([])
    expect(story()).toEqual([['confirmed', 'asked', null]])
  })

  test('other than the closing one is left alone: not even their state is read', async () => {
    instance.session = 'bob'
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(operations).toEqual(['authorize', 'GetAgentConfiguration'])
    expect(story()).toEqual([['unconfirmed', 'none', 'other_agent']])
  })

  test('who has changed their state since keeps it', async () => {
    instance.state = wire(AVAILABLE, T0 + 1_500)
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(instance.puts).toEqual([])
    expect(story()).toEqual([['left_available', 'none', 'superseded']])
  })

  test('who comes back between the look and the change keeps their state', async () => {
    closeUnnoticed()
    before['GetAgentSnapshot'] = () => {
      say('doc-b', { type: 'hello' }, 2)
      say('doc-b', agentEvent(facts()), 2)
    }
    pass(2_000)
    await settle()
    expect(instance.puts).toEqual([])
    expect(story()).toEqual([['unconfirmed', 'none', 'agent_present']])
  })

  test('who may be coming back in a loading page is left alone until that is known', async () => {
    closeUnnoticed()
    before['GetAgentSnapshot'] = () => say('doc-b', { type: 'hello' }, 2)
    pass(2_000)
    await settle()
    before = {}
    expect(instance.puts).toEqual([])
    expect(entries).toEqual([])
    expect(found).toMatchObject([{ finding: { kind: 'no_answer' } }])
    // The page belongs to another agent.
    say('doc-b', agentEvent(facts('routable', { username: 'bob' })), 2)
    pass((nextAt()[0] ?? 0) - now)
    await settle()
    expect(story()).toEqual([['confirmed', 'set_by_background', null]])
  })

  test('is left alone while a tab loads a page of the instance, up to a limit', async () => {
    isArriving = true
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(instance.puts).toEqual([])
    expect(found).toMatchObject([{ finding: { kind: 'no_answer' } }])
    await passUntilOver()
    expect(story()).toEqual([['confirmed', 'set_by_background', null]])
    expect(now - T0).toBeGreaterThan(20_000)
  })

  test('who has a contact is not cut off, and is set Offline when it is over', async () => {
    instance.contacts = [{ contactId: 'a', state: { type: 'connected' } }]
    instance.tellsAvailability = false
    closeUnnoticed('doc-a', 'ada', 1, [{ channel: 'voice', state: 'connected', id: 'a' }])
    pass(2_000)
    await settle()
    expect(instance.puts).toEqual([])
    expect(found).toMatchObject([{ finding: { kind: 'contact' } }])
    instance.contacts = []
    // The contact has started a new state period in Available, which otherwise only the agent could have done.
    instance.state = wire(AVAILABLE, now)
    pass((nextAt()[0] ?? 0) - now)
    await settle()
    expect(story()).toEqual([['confirmed', 'set_by_background', null]])
  })
})

describe('an instance', () => {
  test('that does not carry out a change is asked again later', async () => {
    before['PutAgentState'] = () => {
      instance.state = wire(AVAILABLE)
    }
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(instance.puts).toEqual(['offline'])
    expect(found).toMatchObject([{ finding: { kind: 'no_answer' } }])
    expect(entries).toEqual([])
    expect(nextAt()[0]).toBeGreaterThan(now)
    before = {}
    pass((nextAt()[0] ?? 0) - now)
    await settle()
    expect(instance.puts).toEqual(['offline', 'offline'])
    expect(story()).toEqual([['confirmed', 'set_by_background', null]])
  })

  test.each([300, 1_200, 3_000])(
    'that shows a change %i ms late is awaited: the change is requested once',
    async (showsLateMs) => {
      instance.showsLateMs = showsLateMs
      closeUnnoticed()
      pass(2_000)
      await settle()
      expect(story()).toEqual([['confirmed', 'set_by_background', null]])
      expect(instance.puts).toEqual(['offline'])
    },
  )

  test('that accepts a change without effect is asked again after the next look', async () => {
    instance.dropsPuts = 1
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(found).toMatchObject([{ finding: { kind: 'no_answer' } }])
    await passUntilOver()
    expect(story()).toEqual([['confirmed', 'set_by_background', null]])
    expect(instance.puts).toEqual(['offline'])
  })

  test.each([1, 2])(
    'that denies the first %i calls of each new token is asked again with that token',
    async (calls) => {
      instance.deniesNewTokens = calls
      closeUnnoticed()
      pass(2_000)
      await settle()
      expect(story()).toEqual([['confirmed', 'set_by_background', null]])
    },
  )

  test.each<[string, () => Response]>([
    ['a page', () => new Response('<html>', { status: 200, headers: { 'Content-Type': 'text/html' } })],
    ['a page that says 403', () => new Response('<html>', { status: 403, headers: { 'Content-Type': 'text/html' } })],
    ['a page that says 404', () => new Response('<html>', { status: 404, headers: { 'Content-Type': 'text/html' } })],
    ['a proxy that asks for a login', () => new Response('', { status: 407 })],
    ['401 once', () => new Response('{"__type":"UnauthorizedException"}', { status: 401, headers: JSON_TYPE })],
  ])('that first answers the token request with %s is asked again', async (_what, answer) => {
    instance.first.push(answer)
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(entries).toEqual([])
    await passUntilOver()
    expect(story()).toEqual([['confirmed', 'set_by_background', null]])
  })

  test('that shows an Offline from before the closed state does not confirm the close', async () => {
    instance.state = wire(stateOf('offline'), T0 - 3_600_000)
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(found).toMatchObject([{ finding: { kind: 'no_answer' } }])
    instance.state = wire(AVAILABLE)
    await passUntilOver()
    expect(story()).toEqual([['confirmed', 'set_by_background', null]])
  })

  test('whose answer to a change is lost shows the result at the next look', async () => {
    before['PutAgentState'] = () => {
      throw new TypeError('Failed to fetch')
    }
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(found).toMatchObject([{ finding: { kind: 'no_answer' } }])
    pass((nextAt()[0] ?? 0) - now)
    await settle()
    expect(instance.puts).toEqual(['offline'])
    expect(story()).toEqual([['confirmed', 'asked', null]])
  })

  test.each<[string, () => void, LogEntry['reason']]>([
    ['has no session', () => (instance.session = null), 'signed_out'],
    ['refuses calls of extensions', () => (instance.refusesExtensions = true), 'refused'],
  ])('that %s is given up', async (_what, prepare, reason) => {
    prepare()
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(entries).toEqual([])
    await passUntilOver()
    expect(story()).toEqual([['unconfirmed', 'none', reason]])
    const { length } = operations
    pass(60_000)
    await settle()
    expect(operations).toHaveLength(length)
  })

  test('that answers without a state is asked again', async () => {
    instance.state = null
    closeUnnoticed()
    pass(2_000)
    await settle()
    expect(found).toMatchObject([{ finding: { kind: 'no_answer' } }])
    expect(entries).toEqual([])
  })
})

test('a late close report clears the flag of a close being checked if it shows success', async () => {
  instance.isReachable = false
  say('doc-a', { type: 'hello' })
  say('doc-a', agentEvent(facts()))
  const saidAt = now + 500
  now += 1_000
  say('doc-a', { type: 'gone' })
  for (const wait of [2_000, 2_000, 3_000, 7_000]) {
    pass(wait)
    await settle()
  }
  expect(flagsOf(state).map(({ closeId }) => closeId)).toEqual(['doc-a'])
  const report = closing('close-a', {
    did: { action: 'none', reason: 'not_routable' },
    stateBefore: stateOf('offline'),
  })
  tell({
    type: 'document',
    at: saidAt,
    seq: saidAt - T0,
    runId: RUN,
    header: header('doc-a'),
    place: null,
    docEvent: report,
  })
  pass(1)
  expect(story()).toEqual([['not_needed', 'none', 'not_routable']])
  expect(flagsOf(state)).toEqual([])
})
