import fc from 'fast-check'
import type { AgentFacts, AgentState, AgentStateType } from '../../../src/domain/agent'
import { asCounted, hasLiveContact } from '../../../src/domain/agent'
import type { CloseRules } from '../../../src/domain/close-rules'
import { exclusionOf, isActionable, isFromState, mayBeTarget } from '../../../src/domain/close-rules'
import type { CloseMoment } from '../../../src/domain/decide-close'
import { decideClose } from '../../../src/domain/decide-close'
import { decideRecovery } from '../../../src/domain/recovery-order'
import { judgeSnapshot } from '../../../src/domain/judge-snapshot'
import { facts, RULES, state } from './build'
import { mayBeSamePeriod } from '../../../src/domain/state-period'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const LIST: readonly AgentState[] = [
  state('routable'),
  { ...state('routable'), name: 'Zweitleitung', arn: 'arn:second' },
  state('not_routable'),
  { ...state('not_routable'), name: 'Feierabend', arn: 'arn:home' },
  state('offline'),
  state('system'),
  state('error'),
  state('init'),
]
const NAMES = LIST.flatMap(({ name, arn }) => [name, arn ?? '', ` ${name.toUpperCase()} `])

const stateIn = fc
  .record({ of: fc.constantFrom(...LIST), since: fc.constantFrom(null, 1_000, 12_000) })
  .map(({ of, since }): AgentState => ({ ...of, startTimestamp: since }))
const target = fc.option(fc.constantFrom(...LIST.filter(mayBeTarget)), { nil: null })
const named = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 4 })
const contacts = fc.array(
  fc.constantFrom({ channel: 'chat', state: 'connected' }, { channel: 'voice', state: 'connecting' }),
  { maxLength: 2 },
)
const agents: fc.Arbitrary<AgentFacts> = fc
  .record({
    state: stateIn,
    offlineState: target,
    contacts,
    routingProfile: fc.constantFrom(null, 'Basic', 'Sales'),
    routingProfileArn: fc.constantFrom(null, 'arn:sales'),
    softphone: fc.constantFrom(null, true, false),
  })
  // As the bridge reports them.
  .map((parts) => facts('routable', { ...parts, state: asCounted(parts.state, parts.offlineState) }))
const rulesIn: fc.Arbitrary<CloseRules> = fc.record({
  mode: fc.constantFrom('act', 'observe', 'off'),
  excluded: fc.constantFrom(null, null, null, 'instance_excluded', 'surface_excluded'),
  routingProfiles: fc.constantFrom([], [], ['basic'], ['arn:sales']),
  fromStates: fc.oneof(fc.constant([]), named),
  onContact: fc.constantFrom('after', 'warn', 'leave'),
  deskPhone: fc.constantFrom('act', 'leave'),
  reload: fc.constantFrom('recognised', 'keep', 'offline'),
})
const moments: fc.Arbitrary<CloseMoment> = fc.record({
  event: fc.constantFrom('beforeunload', 'pagehide', 'logout', 'try_again', 'crash'),
  hint: fc.constantFrom(null, 'logout', 'terminated', 'reload', 'navigation'),
  otherCcps: fc.nat({ max: 2 }),
  lastWindow: fc.boolean(),
})

const RUNS = { numRuns: 2_000 }

test('a close sets only a permitted target state, from a state it may change, for an agent in scope', () => {
  fc.assert(
    fc.property(agents, rulesIn, moments, (agent, rules, moment) => {
      const decision = decideClose(agent, rules, moment)
      if (decision.action !== 'set_offline') return
      expect(mayBeTarget(decision.target)).toBe(true)
      expect(isActionable(agent, rules)).toBe(true)
      expect(rules.mode).toBe('act')
    }),
    RUNS,
  )
})

test('an agent whose page opens during a call is actionable, unless the settings exclude them', () => {
  const busy = facts('system', { contacts: [{ channel: 'voice', state: 'connected' }] })
  expect(isActionable(busy, RULES)).toBe(true)
  expect(isActionable({ ...busy, softphone: false }, { ...RULES, deskPhone: 'leave' })).toBe(false)
  expect(isActionable(facts('not_routable'), RULES)).toBe(false)
})

test('a close never changes an excluded agent, or one who is already in the target state', () => {
  fc.assert(
    fc.property(agents, rulesIn, moments, (agent, rules, moment) => {
      const isLeftAlone = exclusionOf(agent, rules) !== null || agent.state.type === 'offline'
      if (isLeftAlone) expect(decideClose(agent, rules, moment)).toMatchObject({ action: 'none' })
    }),
    RUNS,
  )
})

test('observe mode reports what act mode would do, and does nothing', () => {
  fc.assert(
    fc.property(agents, rulesIn, moments, (agent, rules, moment) => {
      const act = decideClose(agent, { ...rules, mode: 'act' }, moment)
      const observed = decideClose(agent, { ...rules, mode: 'observe' }, moment)
      if (act.action === 'none') expect(observed).toEqual(act)
      else {
        const would = act.action === 'set_offline' ? act.action : act.reason
        expect(observed).toEqual({ action: 'none', reason: 'mode_observe', would })
      }
    }),
    RUNS,
  )
})

test('after a close, only a state that closes may change is changed; a non-routable one only within its period', () => {
  fc.assert(
    fc.property(stateIn, agents, rulesIn, fc.boolean(), (before, agent, { fromStates }, sawContact) => {
      const verdict = judgeSnapshot({ state: before, sawContact, isAnswered: false }, agent, fromStates)
      if (agent.state.type === 'offline') expect(['offline', 'stale']).toContain(verdict)
      else expect(verdict).not.toBe('offline')
      if (verdict !== 'set') return
      expect(hasLiveContact(agent)).toBe(false)
      // After a missed or failed contact: nobody has chosen this state.
      if (agent.state.type === 'error') return
      expect(isFromState(agent.state, fromStates)).toBe(true)
      // A close without a start time can compare only the state itself.
      if (agent.state.type !== 'routable') {
        expect(mayBeSamePeriod(before, agent.state)).toBe(true)
      }
      // A recovery CCP decides the same.
      const order = { closeId: 'c', username: agent.username, stateBefore: before, sawContact }
      const found = decideRecovery(order, agent, fromStates)
      if (agent.state.type !== 'init') {
        expect(found).toEqual(agent.offlineState === null ? { kind: 'ended', reason: 'no_offline_state' } : 'set')
      }
    }),
    RUNS,
  )
})

test.each<[string, AgentStateType, readonly string[], boolean]>([
  ['is routable, with no state named', 'routable', [], true],
  ['is not routable, with no state named', 'not_routable', [], false],
  ['is named, ignoring case and spaces', 'not_routable', [' mittag '], true],
  ['is named by its ARN', 'not_routable', ['arn:not_routable'], true],
  ['is routable, with another state named', 'routable', ['Mittag'], false],
  ['is of type offline, though named', 'offline', ['Abgemeldet'], false],
  ['is caused by a contact, though named', 'system', ['Busy'], false],
])('a state that %s', (_what, type, fromStates, is) => {
  expect(isFromState(state(type), fromStates)).toBe(is)
})

test('an agent who is already in the target state stays there', () => {
  const home: AgentState = { ...state('not_routable'), name: 'Feierabend', arn: 'arn:home' }
  const counted = asCounted({ ...home, startTimestamp: 5 }, home)
  expect(counted).toEqual({ ...home, startTimestamp: 5, type: 'offline' })
  expect(asCounted(state('routable'), home)).toEqual(state('routable'))
  const agent = facts('not_routable', { state: counted, offlineState: home })
  const rules = { ...RULES, fromStates: ['Feierabend'] }
  const moment = { event: 'beforeunload', hint: null, otherCcps: 0, lastWindow: false } as const
  expect(decideClose(agent, rules, moment)).toEqual({ action: 'none', reason: 'not_routable' })
})

test('a routing profile may be named by its ARN', () => {
  const agent = facts('routable', { routingProfile: 'Sales', routingProfileArn: 'arn:sales' })
  expect(exclusionOf(agent, { ...RULES, routingProfiles: ['arn:sales'] })).toBeNull()
  expect(exclusionOf(agent, { ...RULES, routingProfiles: ['arn:other'] })).toBe('routing_profile_excluded')
})
