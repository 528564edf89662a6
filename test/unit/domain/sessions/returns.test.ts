/** What the agent's return tells of a close that nobody could mend, and what a start of the browser ends. */
import type { Amendment } from '../../../../src/domain/log-entry'
import { amendmentsOf } from '../../../../src/domain/sessions/amendments'
import { SETTLE_MS } from '../../../../src/domain/sessions/closes'
import type { AgentStateType } from '../../../../src/domain/agent'
import { reduceSessions } from '../../../../src/domain/sessions/reduce'
import type { Finding } from '../../../../src/domain/verification'
import { agentNews, closing, facts, header, RULES, RUN, Sessions, state, succeeded, T0 } from '../build'

const A = header('doc-a')
const HOUR = 3_600_000
const CONTEXT = {
  extensionVersion: '1.2.3',
  mode: 'act',
  mayAsk: false,
  recovery: 'never',
  graceMs: 20_000,
  rules: () => RULES,
} as const
/** Of the stay in which the close left them, or of one that began at a time after it. */
const found = (type: AgentStateType, since?: number) =>
  agentNews(
    facts('routable', { state: { ...state(type), ...(since !== undefined && { startTimestamp: T0 + since }) } }),
  )

let sessions: Sessions
beforeEach(() => {
  sessions = new Sessions()
  sessions.open(A)
  sessions.news(1_000, A, closing('c1'))
  sessions.news(1_010, A, { type: 'gone' })
})

const returnAt = (at: number, news: ReturnType<typeof found>): Amendment[] => {
  const next = header('doc-next', { openedAt: T0 + at })
  const event = {
    type: 'news',
    seq: 1,
    at: T0 + at,
    runId: RUN,
    header: next,
    place: { tabId: 2, frameId: 0, ownCookies: true },
    news,
  } as const
  const { amendments } = reduceSessions(sessions.state, event, CONTEXT)
  sessions.tell(event)
  return [...amendments]
}

describe('the entry of a close that is flagged', () => {
  beforeEach(() => void sessions.tick(1_010 + SETTLE_MS))

  test('says that the exposure may go on', () => {
    expect(sessions.entries).toMatchObject([
      { id: 'c1', outcome: 'unconfirmed', exposure: { from: T0 + 1_000, until: null, certainty: 'open' } },
    ])
    expect(sessions.state.flags).toHaveLength(1)
  })

  test('gets the exact end where the agent is found as the close left them, and the flag comes down', () => {
    expect(returnAt(15 * HOUR, found('routable'))).toMatchObject([
      {
        id: 'c1',
        exposure: { from: T0 + 1_000, until: T0 + 15 * HOUR, certainty: 'exact' },
        step: { event: 'agent_returned' },
      },
    ])
    expect(sessions.state.flags).toEqual([])
  })

  test('gets a bound where something came in between', () => {
    expect(returnAt(15 * HOUR, found('error', 2 * HOUR))).toMatchObject([
      { exposure: { until: T0 + 2 * HOUR, certainty: 'at_most' } },
    ])
  })

  test('is not touched by another agent', () => {
    const bob = agentNews(facts('routable', { username: 'bob' }))
    expect(returnAt(HOUR, bob)).toEqual([])
    expect(sessions.state.flags).toHaveLength(1)
  })
})

test('a return before the entry is written is in it', () => {
  returnAt(1_500, found('routable'))
  sessions.tick(1_010 + SETTLE_MS)
  expect(sessions.entries).toMatchObject([
    { id: 'c1', exposure: { from: T0 + 1_000, until: T0 + 1_500, certainty: 'exact' } },
  ])
  expect(sessions.entries[0]?.timeline.map(({ event }) => event)).toContain('agent_returned')
})

describe('a start of the browser', () => {
  beforeEach(() => {
    sessions = new Sessions()
    sessions.open(A)
  })

  test('ends at once what was open before, though another tab bears its number', () => {
    sessions.runStarted(HOUR, 'run-2')
    sessions.tell({ type: 'browser_started', at: T0 + HOUR + 5, runId: 'run-2' })
    sessions.tell({ type: 'tick', at: T0 + HOUR + 10, tabs: {}, holding: ['doc-a'] })
    expect(sessions.entries).toMatchObject([{ id: 'doc-a', cause: 'browser_ended', at: T0 + 10 }])
  })

  test('ends nothing of its own run', () => {
    sessions.tell({ type: 'browser_started', at: T0 + HOUR, runId: RUN })
    sessions.tick(HOUR + 60_000)
    expect(sessions.entries).toEqual([])
    expect(sessions.state.documents['doc-a']?.gone).toBeNull()
  })
})

const loading = { kind: 'no_answer', error: 'A page of the instance is loading' } as const
const busy = { type: 'HTTP 500', message: '' }
test.each<[string, Finding, number | null, string[]]>([
  ['a refusal', { kind: 'ended', reason: 'refused' }, 40, ['refused']],
  ['no answer', { kind: 'no_answer', error: 'Failed to fetch' }, null, ['no_answer']],
  ['a page that loads, after an answer', loading, 40, ['works']],
  ['an error of Connect’s own', { kind: 'no_answer', error: 'HTTP 500', answer: busy }, null, []],
])('how the background’s own calls fare is remembered by instance: %s', (_what, finding, roundTripMs, expected) => {
  sessions.tell({ type: 'verified', at: T0 + 5_000, docId: 'doc-a', finding, jitter: 0, roundTripMs })
  expect(Object.values(sessions.state.backgroundPaths)).toEqual(
    expected.map((status) => ({ status, roundTripMs, at: T0 + 5_000 })),
  )
})

describe('an exposure whose agent is not flagged', () => {
  const open = { from: T0 + 1_000, until: null, certainty: 'open' }
  beforeEach(() => {
    sessions.tick(1_010 + SETTLE_MS)
    sessions.tell({ type: 'dismiss_flag', at: T0 + 20_000, closeId: 'c1' })
    expect(sessions.state.flags).toEqual([])
    expect(sessions.entries).toMatchObject([{ id: 'c1', exposure: open }])
  })

  test('ends with their return all the same, once', () => {
    expect(returnAt(HOUR, found('routable'))).toMatchObject([
      { id: 'c1', exposure: { until: T0 + HOUR, certainty: 'exact' }, step: { event: 'agent_returned' } },
    ])
    expect(returnAt(2 * HOUR, found('routable'))).toEqual([])
    expect(sessions.state.exposures).toEqual([])
  })

  test('is not ended by the return of another agent, nor by what was said before it', () => {
    const bob = agentNews(facts('routable', { username: 'bob' }))
    expect(returnAt(HOUR, bob)).toEqual([])
    expect(returnAt(900, found('routable'))).toEqual([])
    expect(sessions.state.exposures).toHaveLength(1)
  })

  test('ends at the latest with the next close that is confirmed', () => {
    const next = header('doc-next', { openedAt: T0 + HOUR })
    sessions.news(2 * HOUR, next, closing('c2'), null)
    sessions.news(2 * HOUR + 40, next, succeeded('c2'), null)
    const { amendments } = reduceSessions(
      sessions.state,
      {
        type: 'news',
        seq: 9 * HOUR,
        at: T0 + 2 * HOUR + 50,
        runId: RUN,
        header: next,
        place: null,
        news: { type: 'gone' },
      },
      CONTEXT,
    )
    const tick = { type: 'tick', at: T0 + 2 * HOUR + 50 + 2 * SETTLE_MS, tabs: {}, holding: [] } as const
    sessions.news(2 * HOUR + 50, next, { type: 'gone' }, null)
    const later = [...amendments, ...reduceSessions(sessions.state, tick, CONTEXT).amendments]
    expect(later).toEqual([
      {
        id: 'c1',
        exposure: { from: T0 + 1_000, until: T0 + 2 * HOUR + 40, certainty: 'at_most' },
        step: { at: T0 + 2 * HOUR + 40, event: 'verified_offline' },
      },
    ])
  })

  test('ends at once where the news that conclude its close show the agent: heard twice, they change nothing', () => {
    const frames = new Sessions()
    const other = header('doc-b', { framed: true })
    const place = { tabId: 1, frameId: 1, ownCookies: true }
    frames.open(A)
    frames.open(other, facts(), place)
    frames.news(20, A, { type: 'gone' })
    const seen = agentNews(facts())
    frames.news(SETTLE_MS + 20, other, seen, place)
    expect(frames.entries).toHaveLength(1)
    const { state: once } = frames
    frames.news(SETTLE_MS + 20, other, seen, place)
    expect(frames.state).toEqual(once)
  })

  test('is remembered with 199 others', () => {
    for (let nth = 0; nth < 250; nth += 1) {
      const doc = header(`doc-${nth}`, { openedAt: T0 + HOUR })
      const did = { ...closing(`more-${nth}`), agent: facts('routable', { username: `agent-${nth}` }) }
      sessions.news(HOUR + nth, doc, did, null)
      sessions.news(HOUR + nth + 1, doc, { type: 'gone' }, null)
    }
    sessions.tick(2 * HOUR)
    expect(sessions.state.exposures).toHaveLength(200)
  })
})

test('an Offline that was taken back is said in the entry of its close', () => {
  const next = header('doc-next', { openedAt: T0 + 2_000 })
  const event = {
    type: 'news',
    seq: 1,
    at: T0 + 3_000,
    runId: RUN,
    header: next,
    place: null,
    news: { type: 'undone', closeId: 'c1', result: { ok: true } },
  } as const
  expect(amendmentsOf(sessions.state, event)).toEqual([
    { id: 'c1', exposure: null, step: { at: T0 + 3_000, event: 'undone' } },
  ])
})

test('a page that has stayed tells of an answer that came after the entry of its close', () => {
  const stays = new Sessions()
  stays.open(A)
  stays.news(1_000, A, closing('c9'))
  stays.news(31_000, A, { type: 'stayed', closeId: 'c9' })
  expect(stays.entries).toMatchObject([{ id: 'c9', cause: 'stayed', outcome: 'unconfirmed' }])
  const news = { at: T0 + 35_000, seq: 35_000, header: A, place: null, runId: RUN, news: succeeded('c9') }
  const { amendments, state: next } = reduceSessions(stays.state, { type: 'news', ...news }, CONTEXT)
  expect(amendments).toEqual([{ id: 'c9', exposure: null, step: { at: T0 + 35_000, event: 'call_succeeded' } }])
  expect(next.documents['doc-a']).toMatchObject({ closing: null, result: null })
})
