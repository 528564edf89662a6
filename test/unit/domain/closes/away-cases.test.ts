import * as fc from 'fast-check'
import type { AgentFacts } from '../../../../src/domain/agent'
import { agentKey, hasLiveContact } from '../../../../src/domain/agent'
import type { AwaySettings } from '../../../../src/domain/away-decision'
import { isAway } from '../../../../src/domain/close-report'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { hasAway, isPresenceChange } from '../../../../src/domain/closes/away-cases'
import { awayTasks } from '../../../../src/domain/closes/away-tasks'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import type { AwayCase, CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE, NOBODY_AWAY } from '../../../../src/domain/closes/state'
import type { AwayUse } from '../../../../src/domain/settings'
import { agentEvent, closing, facts, header, RULES, EventPlayer, state, succeeded, T0 } from '../build'
import { PROPERTY_MS } from '../../../property-time'

jest.setTimeout(PROPERTY_MS)

/** What happens next, and how many ms after the previous step. */
type Step =
  | { readonly what: 'presence'; readonly presence: 'active' | 'idle' | 'locked' }
  | { readonly what: 'slept' }
  | { readonly what: 'agent'; readonly agent: AgentFacts }
  /** How the page reacts when it is asked to set Offline. */
  | { readonly what: 'answer'; readonly answer: 'takes' | 'declines' | 'silent' }
  | { readonly what: 'tick' }

const onCall = facts('routable', { contacts: [{ channel: 'voice', state: 'connected' }] })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom('active', 'idle', 'locked').map((presence) => ({ what: 'presence', presence }) as const),
  fc.constant({ what: 'slept' } as const),
  fc
    .constantFrom(facts(), facts('not_routable'), facts('offline'), facts('system'), onCall)
    .map((agent) => ({ what: 'agent', agent }) as const),
  fc.constantFrom('takes', 'declines', 'silent').map((answer) => ({ what: 'answer', answer }) as const),
  fc.constant({ what: 'tick' } as const),
)
const use = fc.constantFrom<AwayUse>('nothing', 'flag', 'offline')
const settings: fc.Arbitrary<AwaySettings> = fc.record({
  onLock: use,
  onIdle: use,
  onSleep: use,
  idleMinutes: fc.constantFrom(1, 15),
})

test('nobody is set Offline or flagged who is present, is not routable or has a contact', () => {
  const plan = fc.array(fc.record({ step, after: fc.constantFrom(5, 1_000, 40_000) }), { maxLength: 40 })
  let asked = 0
  let shown = 0
  fc.assert(
    fc.property(plan, settings, (steps, wanted) => {
      const player = new EventPlayer()
      const page = header('doc-a')
      player.open(page)
      let at = 100
      let agent = facts()
      let isSomebodyThere = true
      let answer: 'takes' | 'declines' | 'silent' = 'takes'
      const tell = (event: CcpEvent): void => void player.dispatch(event)
      for (const { step: next, after } of steps) {
        at += after
        const now = T0 + at
        switch (next.what) {
          case 'presence':
            isSomebodyThere = next.presence === 'active'
            tell({ type: 'presence', at: now, presence: next.presence, since: now })
            break
          case 'slept':
            tell({ type: 'slept', at: now, since: now - 60_000 })
            break
          case 'agent':
            agent = { ...next.agent, state: { ...next.agent.state, startTimestamp: now } }
            player.send(at, page, agentEvent(agent))
            break
          case 'answer':
            answer = next.answer
            break
          case 'tick':
            player.tick(at)
        }
        for (const task of awayTasks(player.state, { settings: wanted, rulesFor: () => RULES }, now)) {
          const { docId } = task.doc
          if (task.action === 'silent') {
            tell({ type: 'away_silent', at: now, id: `silent-${at}`, docId, kind: task.kind })
            continue
          }
          expect(agent.state.type).toBe('routable')
          expect(hasLiveContact(agent)).toBe(false)
          expect(task.kind === 'slept' || !isSomebodyThere).toBe(true)
          if (task.action === 'flag') {
            shown += 1
            tell({ type: 'away_flagged', at: now, id: `flag-${at}`, docId, kind: task.kind, reason: task.reason })
            continue
          }
          asked += 1
          tell({ type: 'away_asked', at: now, docId, kind: task.kind })
          if (answer === 'declines') tell({ type: 'away_declined', at: now, docId })
          if (answer !== 'takes') continue
          const closeId = `close-${at}`
          player.send(at + 1, page, closing(closeId, { event: task.kind, stateBefore: agent.state }, agent))
          player.send(at + 2, page, succeeded(closeId))
          player.send(at + 3, page, { type: 'stayed', closeId })
          agent = { ...agent, state: state('offline') }
          player.send(at + 4, page, agentEvent(agent))
        }
        expect(flagsOf(player.state).length).toBeLessThanOrEqual(1)
        if (isSomebodyThere)
          expect(flagsOf(player.state).filter(({ why }) => isAway(why) && why !== 'slept')).toEqual([])
      }
      const ids = player.entries.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      // A page that accepted the request has an answer of Connect and exactly one entry.
      for (const { id, outcome } of player.entries)
        if (id.startsWith('close-')) expect(['confirmed', 'accepted']).toContain(outcome)
    }),
    { numRuns: 500 },
  )
  expect(asked).toBeGreaterThan(10)
  expect(shown).toBeGreaterThan(10)
})

describe('a presence report of the machine', () => {
  const locked = { kind: 'locked', since: T0 } as const
  const slept = { since: T0, agents: [] }
  const within = (away: Partial<CloseState['away']>): CloseState => {
    return { ...EMPTY_CLOSE_STATE, away: { ...NOBODY_AWAY, ...away } }
  }
  const withCase = (changes: Partial<AwayCase>): CloseState => {
    const before = state('routable')
    const one: AwayCase = { kind: 'idle', docId: 'a', before, status: 'asked', at: T0, tries: 1, backAt: null }
    return within({ cases: { [agentKey('acme.my.connect.aws', { username: 'ada' })]: { ...one, ...changes } } })
  }

  test.each<[string, CloseState, 'active' | 'idle' | 'locked', boolean]>([
    ['an absence when none was known', within({}), 'locked', true],
    ['an absence of another kind', within({ presence: locked }), 'idle', true],
    ['the same absence again', within({ presence: locked }), 'locked', false],
    ['a return from an absence', within({ presence: locked }), 'active', true],
    ['a return from a sleep', within({ slept }), 'active', true],
    ['a return when nobody was away', within({}), 'active', false],
    ['a return of an agent whom a page was asked to set Offline', withCase({}), 'active', true],
    ['a return of an agent who was set Offline', withCase({ status: 'offline' }), 'active', true],
    ['a return that is already known', withCase({ status: 'offline', backAt: T0 }), 'active', false],
    ['a return of an agent who was only flagged', withCase({ status: 'flagged' }), 'active', false],
  ])('%s counts as a change or not', (_, closes, presence, isChange) => {
    expect(isPresenceChange(closes, presence)).toBe(isChange)
  })

  test('leaves nothing to do when no absence, sleep or case is known', () => {
    expect(hasAway(within({}))).toBe(false)
    for (const closes of [within({ presence: locked }), within({ slept }), withCase({})])
      expect(hasAway(closes)).toBe(true)
  })
})
