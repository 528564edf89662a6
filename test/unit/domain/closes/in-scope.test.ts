import { flagsOf } from '../../../../src/domain/closes/flags'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import type { Context } from '../../../../src/domain/closes/context'
import type { LogEntry } from '../../../../src/domain/log-entry'
import type { AgentFacts } from '../../../../src/domain/agent'
import type { CloseRules } from '../../../../src/domain/close-rules'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { agentEvent, closing, facts, header, RULES, RUN, T0 } from '../build'
import type { NotNeededReason } from '../../../../src/domain/reasons'

/** Rules that exclude frames. */
const CONTEXT: Context = {
  extensionVersion: '1',
  mode: 'act',
  mayAsk: true,
  recoveryUse: 'never',
  graceMs: 20_000,
  rulesOf: ({ framed }) => ({ ...RULES, excluded: framed ? 'surface_excluded' : null }),
}

let state: CloseState
let entries: LogEntry[]
let context: Context
beforeEach(() => {
  state = EMPTY_CLOSE_STATE
  entries = []
  context = CONTEXT
})

function tell(event: CcpEvent): void {
  const next = reduceCloses(state, event, context)
  state = next.state
  entries.push(...next.finalized)
}
const say = (at: number, frameId: number, docEvent: Extract<CcpEvent, { type: 'document' }>['docEvent']): void =>
  tell({
    type: 'document',
    at: T0 + at,
    seq: at,
    runId: RUN,
    header: header(`f${frameId}`, { framed: frameId > 0 }),
    place: { tabId: 1, frameId, ownCookies: true },
    docEvent,
  })
const open = (frameId: number): void => {
  say(0, frameId, { type: 'hello' })
  say(10, frameId, agentEvent(facts()))
}
const EXCLUDED = { did: { action: 'none', reason: 'surface_excluded' } } as const
const tick = (at: number): void => tell({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
/** The tab goes, and everything pending gets its time. */
const endTab = (): void => {
  tell({ type: 'tab_removed', at: T0 + 1_010, tabId: 1, windowClosing: false })
  tick(5_000)
}
const isAsked = (): boolean => pendingCloses(state).some((close) => close.check !== null)

test('a workspace around an excluded frame is verified, both after a deferred close and after a kill', () => {
  open(1)
  open(0)
  say(1_000, 1, closing('c1', EXCLUDED))
  say(1_001, 0, closing('c0', { did: { action: 'left', reason: 'reload' } }))
  endTab()
  expect(isAsked()).toBe(true)

  state = EMPTY_CLOSE_STATE
  open(1)
  open(0)
  endTab()
  expect(isAsked()).toBe(true)
})

test('an excluded frame in another page is not verified', () => {
  open(1)
  endTab()
  expect(entries).toMatchObject([{ outcome: 'not_needed', reason: 'surface_excluded', exposure: null }])
  expect(flagsOf(state)).toEqual([])
})

describe('a page that closed before its settings had arrived', () => {
  const NOT_CONFIGURED = { did: { action: 'cannot', reason: 'not_configured' } } as const
  /** The page with its agent, its close report, and enough time for everything. */
  const leave = (frameId: number, agent = facts(), stateBefore = agent.state): void => {
    say(0, frameId, { type: 'hello' })
    say(10, frameId, agentEvent(agent))
    say(1_000, frameId, closing(`c${frameId}`, { ...NOT_CONFIGURED, stateBefore }, agent))
    endTab()
  }
  const within = (changes: Partial<CloseRules>): Context => ({ ...CONTEXT, rulesOf: () => ({ ...RULES, ...changes }) })

  test.each<[NotNeededReason, Context, AgentFacts]>([
    ['mode_off', { ...within({ mode: 'off' }), mode: 'off' }, facts()],
    ['surface_excluded', within({ excluded: 'surface_excluded' }), facts()],
    ['instance_excluded', within({ excluded: 'instance_excluded' }), facts()],
    ['routing_profile_excluded', within({ routingProfiles: ['Others'] }), facts()],
    ['state_excluded', within({ fromStates: ['Another'] }), facts()],
    ['desk_phone', within({ deskPhone: 'leave' }), facts('routable', { softphone: false })],
    ['contact_kept', within({ onContact: 'leave' }), facts('system')],
  ])('needs nothing if the settings exclude it: %s', (reason, settings, agent) => {
    context = settings
    leave(0, agent)
    expect(entries).toMatchObject([{ id: 'c0', outcome: 'not_needed', reason, exposure: null, tookMs: 0 }])
    expect(flagsOf(state)).toEqual([])
  })

  test('is verified if the settings include it, by its last known agent', () => {
    leave(0, facts('not_routable'), facts().state)
    expect(isAsked()).toBe(true)
  })

  test('does not speak for the page around it: a close deferred by that page is verified', () => {
    open(1)
    open(0)
    say(1_000, 1, closing('c1', NOT_CONFIGURED))
    say(1_001, 0, closing('c0', { did: { action: 'left', reason: 'reload' } }))
    endTab()
    expect(isAsked()).toBe(true)
  })
})

test('an excluded frame that was killed does not prevent the check either', () => {
  open(1)
  open(0)
  say(1_001, 0, closing('c0', { did: { action: 'left', reason: 'reload' } }))
  endTab()
  expect(isAsked()).toBe(true)
})
