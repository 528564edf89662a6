import * as fc from 'fast-check'
import type { AgentFacts, AgentStateType } from '../../../src/domain/agent'
import type { CloseRules } from '../../../src/domain/close-rules'
import type { CloseMoment, Would } from '../../../src/domain/decide-close'
import { decideClose } from '../../../src/domain/decide-close'
import type { Mode } from '../../../src/domain/settings'
import { facts, RULES, state } from './build'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const MOMENT = { event: 'beforeunload', hint: null, otherCcps: 0, lastWindow: false } as const
const closeOf = (agent: AgentFacts, mode: Mode | null) =>
  decideClose(agent, mode === null ? null : { ...RULES, mode }, MOMENT)

const KEPT: AgentStateType[] = ['init', 'not_routable', 'offline', 'unknown']

test('an Available agent is set to the state of type offline, whatever its name', () => {
  expect(closeOf(facts('routable'), 'act')).toEqual({ action: 'set_offline', target: state('offline') })
})

test.each(KEPT)('an agent in a state of type %s keeps it', (type) => {
  for (const mode of ['act', 'observe', null] as const) {
    expect(closeOf(facts(type), mode)).toEqual({ action: 'none', reason: 'not_routable' })
  }
})

test('the name of a state has no effect', () => {
  const misnamed = facts('not_routable', { state: { ...state('not_routable'), name: 'Available' } })
  expect(closeOf(misnamed, 'act')).toEqual({ action: 'none', reason: 'not_routable' })
})

test('off mode does nothing, and is the first reason', () => {
  expect(closeOf(facts('routable'), 'off')).toEqual({ action: 'none', reason: 'mode_off' })
  expect(closeOf(facts('offline'), 'off')).toEqual({ action: 'none', reason: 'mode_off' })
})

test('observe mode does nothing to an Available agent', () => {
  expect(closeOf(facts('routable'), 'observe')).toEqual({
    action: 'none',
    reason: 'mode_observe',
    would: 'set_offline',
  })
})

test('nothing can be done before the settings are known, as they may forbid it', () => {
  expect(closeOf(facts('routable'), null)).toEqual({ action: 'cannot', reason: 'not_configured' })
})

test.each<[string, AgentFacts, Partial<CloseMoment>, Would]>([
  ['that a reload defers', facts(), { hint: 'reload' }, 'reload'],
  ['that another CCP defers', facts(), { otherCcps: 1 }, 'other_ccp'],
  ['that a contact defers', facts('system'), {}, 'contact_first'],
  ['that lacks a state to set', facts('routable', { offlineState: null }), {}, 'no_offline_state'],
])('observe mode reports why act mode would not set Offline, of a close %s', (_what, agent, moment, would) => {
  const observed = decideClose(agent, { ...RULES, mode: 'observe' }, { ...MOMENT, ...moment })
  expect(observed).toEqual({ action: 'none', reason: 'mode_observe', would })
})

test('a call does not hide that the settings are not known', () => {
  expect(closeOf(facts('system'), null)).toEqual({ action: 'cannot', reason: 'not_configured' })
})

test('nothing can be done if the agent has no state of type offline', () => {
  const stuck = facts('routable', { offlineState: null })
  expect(closeOf(stuck, 'act')).toEqual({ action: 'cannot', reason: 'no_offline_state' })
})

const decide = (agent: AgentFacts, rules: Partial<CloseRules> = {}, moment: Partial<CloseMoment> = {}) =>
  decideClose(agent, { ...RULES, ...rules }, { ...MOMENT, ...moment })
const CHAT = { channel: 'chat', state: 'connected' }
const SET = { action: 'set_offline', target: state('offline') }

test('the settings may leave an agent with a contact alone, though they reload', () => {
  const kept = { action: 'none', reason: 'contact_kept' }
  expect(decide(facts('system'), { onContact: 'leave' }, { hint: 'reload' })).toEqual(kept)
})

test('an agent to whom the settings do not apply is left alone for that reason, also on a contact', () => {
  const other = { onContact: 'leave', routingProfiles: ['Sales'] } as const
  expect(decide(facts('system'), other)).toEqual({ action: 'none', reason: 'routing_profile_excluded' })
})

describe('the page sets Offline', () => {
  test.each<Partial<CloseMoment>>([
    { event: 'logout' },
    { event: 'try_again' },
    { event: 'locked' },
    { event: 'idle' },
    { event: 'slept' },
    { event: 'asked' },
    { hint: 'logout' },
    { hint: 'terminated' },
    { event: 'logout', hint: 'reload' },
  ])('for what ends the work everywhere: %j', (moment) => {
    expect(decide(facts(), {}, { otherCcps: 1, ...moment })).toEqual(SET)
    expect(decide(facts(), { reload: 'keep' }, moment)).toEqual(SET)
  })

  test.each<[string, Partial<CloseMoment>]>([
    ['with the last window', { lastWindow: true }],
    ['on a log-out', { event: 'logout' }],
    ['where the agent tries again', { event: 'try_again' }],
  ])('behind a chat %s', (_what, moment) => {
    expect(decide(facts('routable', { contacts: [CHAT] }), {}, moment)).toEqual(SET)
  })

  test('with no contact, whatever the settings say of contacts', () => {
    expect(decide(facts(), { onContact: 'leave' })).toEqual(SET)
  })
})

describe('the page defers', () => {
  test('a recognized reload, unless the settings send every reload through Offline', () => {
    const reload = { hint: 'reload' } as const
    expect(decide(facts(), {}, reload)).toEqual({ action: 'defer', reason: 'reload' })
    expect(decide(facts(), { reload: 'offline' }, reload)).toEqual(SET)
    expect(decide(facts(), { reload: 'keep' })).toEqual({ action: 'defer', reason: 'reload' })
    expect(decide(facts(), { reload: 'keep' }, { event: 'pagehide' })).toEqual(SET)
    expect(decide(facts(), { reload: 'keep' }, { hint: 'navigation' })).toEqual(SET)
    expect(decide(facts(), { reload: 'keep' }, { event: 'crash' })).toEqual(SET)
  })

  test('a reload with a contact as a reload', () => {
    expect(decide(facts('system'), {}, { hint: 'reload' })).toEqual({ action: 'defer', reason: 'reload' })
  })

  test('a reload through Offline with another CCP', () => {
    const moment = { hint: 'reload', otherCcps: 1 } as const
    expect(decide(facts(), { reload: 'offline' }, moment)).toEqual({ action: 'defer', reason: 'other_ccp' })
  })

  test('an agent with another CCP', () => {
    expect(decide(facts(), {}, { otherCcps: 1 })).toEqual({ action: 'defer', reason: 'other_ccp' })
    expect(decide(facts(), {}, { otherCcps: 1, event: 'crash' })).toEqual({ action: 'defer', reason: 'other_ccp' })
    expect(decide(facts(), {}, { otherCcps: 1, hint: 'navigation' })).toEqual({ action: 'defer', reason: 'other_ccp' })
  })

  test('a contact, unless the browser may end and no contact is ringing', () => {
    const agent = facts('routable', { contacts: [CHAT] })
    const ringing = facts('routable', { contacts: [CHAT, { channel: 'voice', state: 'connecting' }] })
    expect(decide(agent)).toEqual({ action: 'defer', reason: 'contact_first' })
    expect(decide(agent, {}, { lastWindow: true })).toEqual(SET)
    expect(decide(ringing, {}, { lastWindow: true })).toEqual({ action: 'defer', reason: 'contact_first' })
    expect(decide(agent, { onContact: 'leave' })).toEqual({ action: 'none', reason: 'contact_kept' })
    for (const type of ['system', 'error'] as const) {
      expect(decide(facts(type), {}, { lastWindow: true })).toEqual({ action: 'defer', reason: 'contact_first' })
    }
  })

  test.each<[string, Partial<CloseMoment>]>([
    ['with a window left', {}],
    ['on a crash, even of the last window', { event: 'crash', lastWindow: true }],
    ['on a locked computer', { event: 'locked', lastWindow: true }],
    ['on an idle computer', { event: 'idle', lastWindow: true }],
    ['after a sleep', { event: 'slept', lastWindow: true }],
    ['where the agent asks for Offline in the popup', { event: 'asked', lastWindow: true }],
  ])('a chat %s', (_what, moment) => {
    const agent = facts('routable', { contacts: [CHAT] })
    expect(decide(agent, {}, moment)).toEqual({ action: 'defer', reason: 'contact_first' })
  })

  test('after-contact work in every case: Offline would take effect at once and discard the notes', () => {
    const agent = facts('routable', { contacts: [{ channel: 'chat', state: 'ended' }] })
    const left = { action: 'defer', reason: 'contact_first' }
    for (const moment of [{}, { lastWindow: true }, { event: 'logout' }, { event: 'crash' }] as const) {
      expect(decide(agent, {}, moment)).toEqual(left)
    }
    expect(decide(agent, { onContact: 'leave' })).toEqual({ action: 'none', reason: 'contact_kept' })
    // A missed contact leaves no notes to write.
    expect(decide(facts('routable', { contacts: [{ channel: 'chat', state: 'missed' }] }))).toEqual(SET)
  })

  test('a missed call, unless nobody may be there afterwards: then Offline comes at once, and no notes are lost', () => {
    const missed = facts('error', { contacts: [{ channel: 'voice', state: 'missed' }], chosenState: state('routable') })
    expect(decide(missed)).toEqual({ action: 'defer', reason: 'contact_first' })
    expect(decide(missed, {}, { event: 'logout' })).toEqual(SET)
    expect(decide(missed, {}, { lastWindow: true })).toEqual(SET)
    expect(decide({ ...missed, contacts: [] }, {}, { event: 'logout' })).toEqual(SET)
    const left = { action: 'defer', reason: 'contact_first' }
    for (const more of ['ended', 'connecting']) {
      const contacts = [...missed.contacts, { channel: 'chat', state: more }]
      expect(decide({ ...missed, contacts }, {}, { event: 'logout' })).toEqual(left)
    }
  })

  test('a call, unless the browser may end and the agent would return to a state that closes change', () => {
    const call = (chosen: AgentStateType | null, contact = 'connected') =>
      facts('system', {
        contacts: [{ channel: 'voice', state: contact }],
        ...(chosen !== null && { chosenState: state(chosen) }),
      })
    const left = { action: 'defer', reason: 'contact_first' }
    const last = { lastWindow: true }
    expect(decide(call('routable'), {}, last)).toEqual(SET)
    expect(decide(call('routable'), {}, { event: 'logout' })).toEqual(SET)
    expect(decide(call('routable'))).toEqual(left)
    expect(decide(call('not_routable'), {}, last)).toEqual(left)
    expect(decide(call(null), {}, last)).toEqual(left)
    expect(decide(call('not_routable'), { fromStates: ['Mittag'] }, last)).toEqual(SET)
    expect(decide(call('routable'), { fromStates: ['Mittag'] }, last)).toEqual(left)
    for (const contact of ['init', 'incoming', 'pending', 'connecting', 'ended', 'error']) {
      expect(decide(call('routable', contact), {}, last)).toEqual(left)
    }
  })

  test('a call by what the agent has chosen to follow it, unless that is Offline, which may be stuck', () => {
    const call = (next: AgentStateType, chosen: AgentStateType = 'routable') =>
      facts('system', {
        contacts: [{ channel: 'voice', state: 'connected' }],
        chosenState: state(chosen),
        nextState: state(next),
      })
    const last = { lastWindow: true }
    expect(decide(call('not_routable'), {}, last)).toEqual({ action: 'defer', reason: 'contact_first' })
    expect(decide(call('routable', 'not_routable'), {}, last)).toEqual(SET)
    expect(decide(call('offline'), {}, last)).toEqual(SET)
    expect(decide(call('not_routable'), {}, { event: 'logout' })).toEqual(SET)
    const missed = facts('error', { contacts: [], chosenState: state('routable'), nextState: state('offline') })
    expect(decide(missed, {}, last)).toEqual(SET)
  })

  test('every contact: Offline is only queued, and only if nobody may be there afterwards', () => {
    const contacts = fc.array(
      fc.record({
        channel: fc.constantFrom('voice', 'chat', 'task', 'queue_callback', 'email'),
        state: fc.constantFrom('incoming', 'connecting', 'connected', 'paused', 'ended', 'missed', 'error'),
      }),
      { minLength: 1, maxLength: 3 },
    )
    const moments = fc.record<CloseMoment>({
      event: fc.constantFrom('beforeunload', 'pagehide', 'logout', 'crash'),
      hint: fc.constantFrom(null, 'reload', 'navigation', 'logout'),
      otherCcps: fc.nat({ max: 1 }),
      lastWindow: fc.boolean(),
    })
    const rules = fc.record({ onContact: fc.constantFrom('after' as const, 'warn' as const, 'leave' as const) })
    const types = fc.constantFrom<AgentStateType>('routable', 'system', 'error')
    fc.assert(
      fc.property(types, contacts, rules, moments, (type, has, rule, moment) => {
        const decision = decide(facts(type, { contacts: has, chosenState: state('routable') }), rule, moment)
        if (decision.action !== 'set_offline') return
        const states = has.map((contact) => contact.state)
        const isQueued = states.some((each) => each === 'connected' || each === 'paused')
        const isFree = type !== 'system' && states.every((each) => each === 'missed' || each === 'error')
        expect(isQueued || isFree).toBe(true)
        if (isFree) return
        expect(rule.onContact).not.toBe('leave')
        expect(moment.lastWindow || moment.event === 'logout').toBe(true)
        expect(states.some((each) => each === 'incoming' || each === 'connecting')).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })

  test('only for those to whom the settings apply', () => {
    expect(decide(facts(), { excluded: 'surface_excluded' })).toEqual({ action: 'none', reason: 'surface_excluded' })
    expect(decide(facts(), { routingProfiles: ['basic '] })).toEqual(SET)
    const other = { action: 'none', reason: 'routing_profile_excluded' }
    expect(decide(facts(), { routingProfiles: ['Sales'] })).toEqual(other)
    expect(decide(facts('routable', { softphone: false }), { deskPhone: 'leave' }).action).toBe('none')
    expect(decide(facts('routable', { softphone: null }), { deskPhone: 'leave' })).toEqual(SET)
    expect(decide(facts(), { fromStates: ['arn:not_routable'] })).toEqual({ action: 'none', reason: 'state_excluded' })
    expect(decide(facts('not_routable'), { fromStates: ['mittag'] })).toEqual(SET)
    expect(decide(facts('offline'), { fromStates: ['Abgemeldet'] }).action).toBe('none')
  })
})
