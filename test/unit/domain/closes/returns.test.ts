/** What the agent's return shows of a close that could not be completed, and what a browser start ends. */
import type { Amendment, LogEntry } from '../../../../src/domain/log-entry'
import { dutiesOf } from '../../../../src/domain/closes/close'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { amendmentsOf } from '../../../../src/domain/closes/amendments'
import { SETTLE_MS } from '../../../../src/domain/closes/agent-presence'
import { withExposures } from '../../../../src/domain/closes/open-exposures'
import type { AgentStateType } from '../../../../src/domain/agent'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { Finding } from '../../../../src/domain/check'
import { agentEvent, closing, facts, header, INSTANCE, RULES, RUN, EventPlayer, state, succeeded, T0 } from '../build'

const A = header('doc-a')
const HOUR = 3_600_000
const CONTEXT = {
  extensionVersion: '1.2.3',
  mode: 'act',
  mayAsk: false,
  recoveryUse: 'never',
  graceMs: 20_000,
  rulesOf: () => RULES,
} as const
/** In the state period in which the close left them, or in one that began later. */
const found = (type: AgentStateType, since?: number) =>
  agentEvent(
    facts('routable', { state: { ...state(type), ...(since !== undefined && { startTimestamp: T0 + since }) } }),
  )

let player: EventPlayer
beforeEach(() => {
  player = new EventPlayer()
  player.open(A)
  player.send(1_000, A, closing('c1'))
  player.send(1_010, A, { type: 'gone' })
})

const returnAt = (at: number, docEvent: ReturnType<typeof found>): Amendment[] => {
  const next = header('doc-next', { openedAt: T0 + at })
  const event = {
    type: 'document',
    seq: 1,
    at: T0 + at,
    runId: RUN,
    header: next,
    place: { tabId: 2, frameId: 0, ownCookies: true },
    docEvent,
  } as const
  const { amendments } = reduceCloses(player.state, event, CONTEXT)
  player.dispatch(event)
  return [...amendments]
}

describe('the entry of a flagged close', () => {
  beforeEach(() => void player.tick(1_010 + SETTLE_MS))

  test('shows that the exposure may go on', () => {
    expect(player.entries).toMatchObject([
      { id: 'c1', outcome: 'unconfirmed', exposure: { from: T0 + 1_000, until: null, certainty: 'open' } },
    ])
    expect(flagsOf(player.state)).toHaveLength(1)
  })

  test('gets the exact end if the agent is found as the close left them, and the flag is cleared', () => {
    expect(returnAt(15 * HOUR, found('routable'))).toMatchObject([
      {
        id: 'c1',
        exposure: { from: T0 + 1_000, until: T0 + 15 * HOUR, certainty: 'exact' },
        step: { event: 'agent_returned' },
      },
    ])
    expect(flagsOf(player.state)).toEqual([])
  })

  test('gets an upper bound if the state changed in between', () => {
    expect(returnAt(15 * HOUR, found('error', 2 * HOUR))).toMatchObject([
      { exposure: { until: T0 + 15 * HOUR, certainty: 'at_most' } },
    ])
  })

  test('gets an upper bound if a contact is connected, which they may have taken since', () => {
    const onChat = facts('routable', { contacts: [{ channel: 'chat', state: 'connected' }] })
    expect(returnAt(HOUR, agentEvent(onChat))).toMatchObject([{ exposure: { certainty: 'at_most' } }])
  })

  test('is not changed by another agent', () => {
    const bob = agentEvent(facts('routable', { username: 'bob' }))
    expect(returnAt(HOUR, bob)).toEqual([])
    expect(flagsOf(player.state)).toHaveLength(1)
  })
})

test('a return before the entry is written is part of it', () => {
  returnAt(1_500, found('routable'))
  player.tick(1_010 + SETTLE_MS)
  expect(player.entries).toMatchObject([
    { id: 'c1', exposure: { from: T0 + 1_000, until: T0 + 1_500, certainty: 'exact' } },
  ])
  expect(player.entries[0]?.timeline.map(({ event }) => event)).toContain('agent_returned')
})

describe('a browser start', () => {
  beforeEach(() => {
    player = new EventPlayer()
    player.open(A)
  })

  test('ends at once what was open before, even if another tab has the same number', () => {
    player.runStarted(HOUR, 'run-2')
    player.dispatch({ type: 'browser_started', at: T0 + HOUR + 5, runId: 'run-2' })
    player.dispatch({ type: 'tick', at: T0 + HOUR + 10, tabs: {}, holding: ['doc-a'] })
    expect(player.entries).toMatchObject([{ id: 'doc-a', cause: 'browser_ended', at: T0 + 10 }])
  })

  test('ends nothing of its own run', () => {
    player.dispatch({ type: 'browser_started', at: T0 + HOUR, runId: RUN })
    player.tick(HOUR + 60_000)
    expect(player.entries).toEqual([])
    expect(player.state.documents['doc-a']?.gone).toBeNull()
  })
})

const loading = { kind: 'no_answer', error: 'A page of the instance is loading' } as const
const busy = { type: 'HTTP 500', message: '' }
test.each<[string, Finding, number | null, string[]]>([
  ['a refusal', { kind: 'ended', reason: 'refused' }, 40, ['refused']],
  ['no answer', { kind: 'no_answer', error: 'Failed to fetch' }, null, ['no_answer']],
  ['a loading page, after an answer', loading, 40, ['works']],
  ['an error of Connect itself', { kind: 'no_answer', error: 'HTTP 500', answer: busy }, null, []],
])(
  'the health of the background’s own calls is remembered per instance: %s',
  (_what, finding, roundTripMs, expected) => {
    player.dispatch({ type: 'checked', at: T0 + 5_000, closeId: 'doc-a', finding, jitter: 0, roundTripMs })
    expect(Object.values(player.state.backgroundPaths)).toEqual(
      expected.map((status) => ({ status, roundTripMs, at: T0 + 5_000 })),
    )
  },
)

describe('an exposure whose agent is not flagged', () => {
  const open = { from: T0 + 1_000, until: null, certainty: 'open' }
  beforeEach(() => {
    player.tick(1_010 + SETTLE_MS)
    player.dispatch({ type: 'dismiss_flag', at: T0 + 20_000, closeId: 'c1' })
    expect(flagsOf(player.state)).toEqual([])
    expect(player.entries).toMatchObject([{ id: 'c1', exposure: open }])
  })

  test('still ends with the agent’s return, once', () => {
    expect(returnAt(HOUR, found('routable'))).toMatchObject([
      { id: 'c1', exposure: { until: T0 + HOUR, certainty: 'exact' }, step: { event: 'agent_returned' } },
    ])
    expect(returnAt(2 * HOUR, found('routable'))).toEqual([])
    expect(dutiesOf(player.state, 'exposure')).toEqual([])
  })

  test('is not ended by another agent’s return, or by an earlier event', () => {
    const bob = agentEvent(facts('routable', { username: 'bob' }))
    expect(returnAt(HOUR, bob)).toEqual([])
    expect(returnAt(900, found('routable'))).toEqual([])
    expect(dutiesOf(player.state, 'exposure')).toHaveLength(1)
  })

  test('ends at the latest with the next confirmed close, but not with one that is only accepted', () => {
    const [first] = player.entries
    expect(first?.id).toBe('c1')
    if (first === undefined) return
    const next: LogEntry = { ...first, id: 'c2', at: T0 + 2 * HOUR, outcome: 'accepted', tookMs: 40 }
    expect(withExposures(player.state, null, [next], []).amendments).toEqual([])
    expect(withExposures(player.state, null, [{ ...next, outcome: 'confirmed' }], []).amendments).toEqual([
      {
        id: 'c1',
        exposure: { from: T0 + 1_000, until: T0 + 2 * HOUR + 40, certainty: 'at_most' },
        step: { at: T0 + 2 * HOUR + 40, event: 'verified_offline' },
      },
    ])
  })

  test('ends at once if the event that finalizes its close shows the agent; receiving that twice changes nothing', () => {
    const frames = new EventPlayer()
    const other = header('doc-b', { framed: true })
    const place = { tabId: 1, frameId: 1, ownCookies: true }
    frames.open(A)
    frames.open(other, facts(), place)
    frames.send(20, A, { type: 'gone' })
    const seen = agentEvent(facts())
    frames.send(SETTLE_MS + 20, other, seen, place)
    expect(frames.entries).toHaveLength(1)
    const { state: once } = frames
    frames.send(SETTLE_MS + 20, other, seen, place)
    expect(frames.state).toEqual(once)
  })

  test('is remembered along with 199 others', () => {
    for (let nth = 0; nth < 250; nth += 1) {
      const doc = header(`doc-${nth}`, { openedAt: T0 + HOUR })
      const did = { ...closing(`more-${nth}`), agent: facts('routable', { username: `agent-${nth}` }) }
      player.send(HOUR + nth, doc, did, null)
      player.send(HOUR + nth + 1, doc, { type: 'gone' }, null)
    }
    player.tick(2 * HOUR)
    expect(dutiesOf(player.state, 'exposure')).toHaveLength(200)
  })
})

test('an Offline that was reverted is recorded in the entry of its close', () => {
  const next = header('doc-next', { openedAt: T0 + 2_000 })
  const event = {
    type: 'document',
    seq: 1,
    at: T0 + 3_000,
    runId: RUN,
    header: next,
    place: null,
    docEvent: { type: 'undone', closeId: 'c1', result: { ok: true } },
  } as const
  expect(amendmentsOf(player.state, event)).toEqual([
    {
      id: 'c1',
      of: { instance: INSTANCE, username: null },
      exposure: null,
      step: { at: T0 + 3_000, event: 'undone' },
    },
  ])
})

test('a page that has stayed reports an answer that arrived after the entry of its close', () => {
  const stays = new EventPlayer()
  stays.open(A)
  stays.send(1_000, A, closing('c9'))
  stays.send(31_000, A, { type: 'stayed', closeId: 'c9' })
  expect(stays.entries).toMatchObject([{ id: 'c9', cause: 'stayed', outcome: 'unconfirmed' }])
  const docEvent = { at: T0 + 35_000, seq: 35_000, header: A, place: null, runId: RUN, docEvent: succeeded('c9') }
  const { amendments, state: next } = reduceCloses(stays.state, { type: 'document', ...docEvent }, CONTEXT)
  expect(amendments).toEqual([
    {
      id: 'c9',
      of: { instance: INSTANCE, username: 'ada' },
      exposure: null,
      step: { at: T0 + 35_000, event: 'call_succeeded' },
    },
  ])
  expect(next.documents['doc-a']).toMatchObject({ closing: null, result: null })
})
