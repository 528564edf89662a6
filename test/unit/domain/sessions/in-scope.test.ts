import { reduceSessions } from '../../../../src/domain/sessions/reduce'
import { pendingCloses, verificationOf } from '../../../../src/domain/sessions/closes'
import type { SessionEvent } from '../../../../src/domain/sessions/events'
import type { Context } from '../../../../src/domain/sessions/question'
import type { LogEntry } from '../../../../src/domain/log-entry'
import type { SessionsState } from '../../../../src/domain/sessions/state'
import { EMPTY_SESSIONS } from '../../../../src/domain/sessions/state'
import { agentNews, closing, facts, header, RULES, RUN, T0 } from '../build'

/** Frames are left alone. */
const CONTEXT: Context = {
  extensionVersion: '1',
  mode: 'act',
  mayAsk: true,
  recovery: 'never',
  graceMs: 20_000,
  rules: ({ framed }) => ({ ...RULES, excluded: framed ? 'surface_excluded' : null }),
}

let state: SessionsState
let entries: LogEntry[]
beforeEach(() => {
  state = EMPTY_SESSIONS
  entries = []
})

function tell(event: SessionEvent): void {
  const next = reduceSessions(state, event, CONTEXT)
  state = next.state
  entries.push(...next.concluded)
}
const say = (at: number, frameId: number, news: Extract<SessionEvent, { type: 'news' }>['news']): void =>
  tell({
    type: 'news',
    at: T0 + at,
    seq: at,
    runId: RUN,
    header: header(`f${frameId}`, { framed: frameId > 0 }),
    place: { tabId: 1, frameId, ownCookies: true },
    news,
  })
const open = (frameId: number): void => {
  say(0, frameId, { type: 'hello' })
  say(10, frameId, agentNews(facts()))
}
const EXCLUDED = { did: { action: 'none', reason: 'surface_excluded' } } as const
const tick = (at: number): void => tell({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
const isAsked = (): boolean => pendingCloses(state).some((close) => verificationOf(close) !== null)

test('a workspace around a frame that is left alone is seen to: what it left to others, and what was killed', () => {
  open(1)
  open(0)
  say(1_000, 1, closing('c1', EXCLUDED))
  say(1_001, 0, closing('c0', { did: { action: 'left', reason: 'reload' } }))
  tell({ type: 'tab_removed', at: T0 + 1_010, tabId: 1, windowClosing: false })
  tick(5_000)
  expect(isAsked()).toBe(true)

  state = EMPTY_SESSIONS
  open(1)
  open(0)
  tell({ type: 'tab_removed', at: T0 + 1_010, tabId: 1, windowClosing: false })
  tick(5_000)
  expect(isAsked()).toBe(true)
})

test('a frame in another page, left alone, is not', () => {
  open(1)
  tell({ type: 'tab_removed', at: T0 + 1_010, tabId: 1, windowClosing: false })
  tick(5_000)
  expect(entries).toMatchObject([{ outcome: 'not_needed', reason: 'surface_excluded', exposure: null }])
  expect(state.flags).toEqual([])
})
