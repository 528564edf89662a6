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
  ['nothing where the settings ask for nothing', facts(), {}, 'nothing', NOTHING],
  ['Offline where they ask for it', facts(), {}, 'offline', OFFLINE],
  ['a flag where they ask for that', facts(), {}, 'flag', { action: 'flag', reason: 'only_flagged' }],
  ['nothing at lunch', facts('not_routable'), {}, 'offline', NOTHING],
  ['nothing to who is Offline', facts('offline'), {}, 'flag', NOTHING],
  ['nothing on a call', facts('routable', { contacts: onCall }), {}, 'offline', NOTHING],
  ['nothing while a chat rings', facts('routable', { contacts: ringing }), {}, 'flag', NOTHING],
  ['nothing in after-contact work', facts('system'), {}, 'offline', NOTHING],
  [
    'nothing on a call, whatever policy says of contacts',
    facts('routable', { contacts: onCall }),
    { onContact: 'leave' },
    'offline',
    NOTHING,
  ],
  [
    'a flag while the notes of a chat are not written',
    facts('routable', { contacts: [{ channel: 'chat', state: 'ended' }] }),
    {},
    'offline',
    { action: 'flag', reason: 'contact_first' },
  ],
  ['nothing in mode off', facts(), { mode: 'off' }, 'offline', NOTHING],
  ['a flag in mode observe', facts(), { mode: 'observe' }, 'offline', { action: 'flag', reason: 'mode_observe' }],
  ['nothing to agents of another profile', facts(), { routingProfiles: ['Night'] }, 'offline', NOTHING],
  ['nothing to excluded pages', facts(), { excluded: 'surface_excluded' }, 'flag', NOTHING],
  [
    'a flag without a state of type offline',
    facts('routable', { offlineState: null }),
    {},
    'offline',
    { action: 'flag', reason: 'no_offline_state' },
  ],
]

test.each(CASES)('%s', (_what, agent, rules, use, expected) => {
  for (const kind of AWAY_KINDS) expect(decideAway(agent, { ...RULES, ...rules }, use, kind)).toEqual(expected)
})

test('each kind has its own setting, and nobody is asked where none is set', () => {
  const settings: AwaySettings = { onLock: 'flag', onIdle: 'offline', onSleep: 'nothing', idleMinutes: 5 }
  expect(AWAY_KINDS.map((kind) => useOf(settings, kind))).toEqual(['flag', 'offline', 'nothing'])
  expect(isAsked(settings)).toBe(true)
  expect(isAsked({ ...settings, onLock: 'nothing', onIdle: 'nothing' })).toBe(false)
})

describe('a machine', () => {
  const wake = { askedAt: T0, at: T0 + 600_000, passed: null, ticksAsleep: false }

  it('has slept where a wake came minutes late', () => expect(hasSlept(wake)).toBe(true))
  it('has not where it came in time, or a little late', () => {
    for (const late of [-5_000, 0, 30_000]) expect(hasSlept({ ...wake, at: T0 + late })).toBe(false)
  })
  it('has not where its clock alone went forward, as far as that can be seen', () => {
    const passed = { wall: 660_000, monotonic: 60_000 }
    expect(hasSlept({ ...wake, passed, ticksAsleep: true })).toBe(false)
    // Elsewhere the monotonic clock stands still in a sleep: it is the same sight.
    expect(hasSlept({ ...wake, passed, ticksAsleep: false })).toBe(true)
    expect(hasSlept({ ...wake, passed: { wall: 660_000, monotonic: 660_000 }, ticksAsleep: true })).toBe(true)
  })
})

test('the alarms and timers of one wake count once, and none where the settings ask nothing of sleeps', () => {
  expect(isNewWake({ onSleep: 'offline' }, T0, 0)).toBe(true)
  expect(isNewWake({ onSleep: 'flag' }, T0 + 29_999, T0)).toBe(false)
  expect(isNewWake({ onSleep: 'flag' }, T0 + 30_000, T0)).toBe(true)
  expect(isNewWake({ onSleep: 'nothing' }, T0, 0)).toBe(false)
})
