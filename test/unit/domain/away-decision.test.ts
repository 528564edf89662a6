import type { AwayDecision, AwaySettings } from '../../../src/domain/away-decision'
import { decideAway, hasSlept, isAsked, isNewWake, useOf } from '../../../src/domain/away-decision'
import { AWAY_KINDS } from '../../../src/domain/close-report'
import type { CloseRules } from '../../../src/domain/close-rules'
import type { AgentFacts } from '../../../src/domain/agent'
import type { AwayUse } from '../../../src/domain/settings'
import { facts, RULES, T0 } from './build'

const NOTHING: AwayDecision = { action: 'nothing' }
const OFFLINE: AwayDecision = { action: 'set_offline' }
const onCall = [{ channel: 'voice', state: 'connected' }]
const ringing = [{ channel: 'chat', state: 'incoming' }]

const CASES: [string, AgentFacts, Partial<CloseRules>, AwayUse, AwayDecision][] = [
  ['nothing if the settings say so', facts(), {}, 'nothing', NOTHING],
  ['Offline if the settings say so', facts(), {}, 'offline', OFFLINE],
  ['a flag if the settings say so', facts(), {}, 'flag', { action: 'flag', reason: 'only_flagged' }],
  ['nothing for an agent at lunch', facts('not_routable'), {}, 'offline', NOTHING],
  ['nothing for an agent who is Offline', facts('offline'), {}, 'flag', NOTHING],
  ['nothing on a call', facts('routable', { contacts: onCall }), {}, 'offline', NOTHING],
  ['nothing while a chat rings', facts('routable', { contacts: ringing }), {}, 'flag', NOTHING],
  ['nothing in after-contact work', facts('system'), {}, 'offline', NOTHING],
  [
    'nothing on a call, whatever the policy for contacts',
    facts('routable', { contacts: onCall }),
    { onContact: 'leave' },
    'offline',
    NOTHING,
  ],
  [
    'a flag while the notes of a chat are unfinished',
    facts('routable', { contacts: [{ channel: 'chat', state: 'ended' }] }),
    {},
    'offline',
    { action: 'flag', reason: 'contact_first' },
  ],
  ['nothing in mode off', facts(), { mode: 'off' }, 'offline', NOTHING],
  ['a flag in mode observe', facts(), { mode: 'observe' }, 'offline', { action: 'flag', reason: 'mode_observe' }],
  ['nothing for agents with another routing profile', facts(), { routingProfiles: ['Night'] }, 'offline', NOTHING],
  ['nothing on excluded pages', facts(), { excluded: 'surface_excluded' }, 'flag', NOTHING],
  [
    'a flag if there is no state of type offline',
    facts('routable', { offlineState: null }),
    {},
    'offline',
    { action: 'flag', reason: 'no_offline_state' },
  ],
]

test.each(CASES)('%s', (_what, agent, rules, use, expected) => {
  for (const kind of AWAY_KINDS) expect(decideAway(agent, { ...RULES, ...rules }, use, kind)).toEqual(expected)
})

test('each kind of absence has its own setting; without any, the machine is not watched', () => {
  const settings: AwaySettings = { onLock: 'flag', onIdle: 'offline', onSleep: 'nothing', idleMinutes: 5 }
  expect(AWAY_KINDS.map((kind) => useOf(settings, kind))).toEqual(['flag', 'offline', 'nothing'])
  expect(isAsked(settings)).toBe(true)
  expect(isAsked({ ...settings, onLock: 'nothing', onIdle: 'nothing' })).toBe(false)
})

describe('a machine', () => {
  const wake = { askedAt: T0, at: T0 + 600_000, passed: null, ticksAsleep: false }

  it('has slept if a wake-up came minutes late', () => expect(hasSlept(wake)).toBe(true))
  it('has not slept if a wake-up came in time, or slightly late', () => {
    for (const late of [-5_000, 0, 30_000]) expect(hasSlept({ ...wake, at: T0 + late })).toBe(false)
  })
  it('has not slept if only its clock was set forward, where that can be detected', () => {
    const passed = { wall: 660_000, monotonic: 60_000 }
    expect(hasSlept({ ...wake, passed, ticksAsleep: true })).toBe(false)
    // Elsewhere the monotonic clock stops during sleep, so both cases look alike.
    expect(hasSlept({ ...wake, passed, ticksAsleep: false })).toBe(true)
    expect(hasSlept({ ...wake, passed: { wall: 660_000, monotonic: 660_000 }, ticksAsleep: true })).toBe(true)
  })
})

test('the alarms and timers of one wake-up count once, and never if sleep is ignored by the settings', () => {
  expect(isNewWake({ onSleep: 'offline' }, T0, 0)).toBe(true)
  expect(isNewWake({ onSleep: 'flag' }, T0 + 29_999, T0)).toBe(false)
  expect(isNewWake({ onSleep: 'flag' }, T0 + 30_000, T0)).toBe(true)
  expect(isNewWake({ onSleep: 'nothing' }, T0, 0)).toBe(false)
})
