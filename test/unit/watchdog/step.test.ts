import { DEFAULT_OPTIONS } from '../../../watchdog/src/decide/options'
import { noticeOf } from '../../../watchdog/src/decide/notice'
import { afterReturn, afterStep, beforePut, nextStep } from '../../../watchdog/src/decide/step'
import { aCase, circumstances, sight, T0 } from './build'

const NOW = circumstances().now

it('sets Offline if nothing prevents it', () => {
  expect(nextStep(aCase(), sight(), circumstances())).toEqual({ do: 'put' })
})

it('treats an unlisted agent as unknown, never as Offline', () => {
  expect(nextStep(aCase(), null, circumstances())).toEqual({ do: 'wait', for: 'unknown' })
  expect(nextStep(aCase({ puts: 1, firstPutAt: NOW, lastPutAt: NOW }), null, circumstances())).toEqual({
    do: 'wait',
    for: 'confirmation',
  })
})

it.each(['INCOMING', 'PENDING', 'CONNECTING', 'CONNECTED', 'CONNECTED_ONHOLD', 'PAUSED', 'SOMETHING_NEW'])(
  'waits for a contact in the state %s',
  (state) => {
    const contacts = [
      { state, since: T0 - 9_000_000 },
      { state: 'MISSED', since: null },
    ]
    expect(nextStep(aCase(), sight({ contacts }), circumstances())).toEqual({ do: 'wait', for: 'contact' })
  },
)

it.each(['MISSED', 'ERROR', 'REJECTED'])('is not held by a contact in the state %s', (state) => {
  expect(nextStep(aCase(), sight({ contacts: [{ state, since: NOW }] }), circumstances()).do).toBe('put')
})

it('waits for after-contact work as long as the setting allows', () => {
  const { workLimitMs } = DEFAULT_OPTIONS
  const work = (since: number | null) => sight({ contacts: [{ state: 'ENDED', since }] })
  expect(nextStep(aCase(), work(NOW - workLimitMs + 1), circumstances())).toEqual({
    do: 'wait',
    for: 'after_contact_work',
  })
  expect(nextStep(aCase(), work(NOW - workLimitMs), circumstances()).do).toBe('put')
  // If Connect does not say since when, it counts from the first sight.
  const seen = aCase({ waiting: 'after_contact_work', waitingSince: NOW - workLimitMs })
  expect(nextStep(aCase(), work(null), circumstances()).do).toBe('wait')
  expect(nextStep(seen, work(null), circumstances()).do).toBe('put')
})

it.each([
  ['a state that began after the last heartbeat', sight({ since: T0 + 1 }), 'state_changed'],
  ['a state that receives no contacts', sight({ type: 'CUSTOM' }), 'not_needed'],
  ['Offline by somebody else', sight({ type: 'OFFLINE', since: T0 + 20_000 }), 'not_needed'],
])('leaves %s alone', (_, shown, outcome) => {
  expect(nextStep(aCase(), shown, circumstances())).toEqual({ do: 'end', outcome })
})

it('does nothing about a status that the instance does not list, or that has no time', () => {
  expect(nextStep(aCase(), sight({ type: null }), circumstances())).toEqual({ do: 'wait', for: 'unknown' })
  expect(nextStep(aCase(), sight({ since: null }), circumstances())).toEqual({ do: 'wait', for: 'unknown' })
})

it('only observes if it, or the extension, is set to observe', () => {
  const observed = { do: 'end', outcome: 'observed' }
  expect(nextStep(aCase(), sight(), circumstances({ mode: 'observe' }))).toEqual(observed)
  expect(nextStep(aCase({ isObserved: true }), sight(), circumstances())).toEqual(observed)
})

it('acts only on opted-in routing profiles', () => {
  const options = { ...DEFAULT_OPTIONS, routingProfiles: ['profile-1'] }
  expect(nextStep(aCase(), sight(), circumstances({ options })).do).toBe('put')
  for (const routingProfile of ['profile-2', null]) {
    expect(nextStep(aCase(), sight({ routingProfile }), circumstances({ options }))).toEqual({
      do: 'end',
      outcome: 'out_of_scope',
    })
  }
})

it('holds silent agents in a storm or while heartbeats may be lost, and agents left Available only in a storm', () => {
  expect(nextStep(aCase(), sight(), circumstances({ isBraked: true }))).toEqual({ do: 'wait', for: 'brake' })
  expect(nextStep(aCase(), sight(), circumstances({ isProven: false }))).toEqual({ do: 'wait', for: 'ingest' })
  expect(nextStep(aCase({ reason: 'left' }), sight(), circumstances({ isProven: false })).do).toBe('put')
})

it('confirms only what Connect shows, and until then sets Offline again with a back-off', () => {
  const set = beforePut(aCase(), NOW)
  expect(set).toMatchObject({ puts: 1, firstPutAt: NOW, waiting: 'confirmation' })
  expect(nextStep(set, sight(), circumstances({ now: NOW + 9_999 }))).toEqual({ do: 'wait', for: 'confirmation' })
  expect(nextStep(set, sight(), circumstances({ now: NOW + 10_000 })).do).toBe('put')
  const twice = beforePut(set, NOW + 10_000)
  expect(nextStep(twice, sight(), circumstances({ now: NOW + 29_999 })).do).toBe('wait')
  expect(nextStep(twice, sight(), circumstances({ now: NOW + 30_000 })).do).toBe('put')
  const offline = sight({ type: 'OFFLINE', since: NOW + 500 })
  expect(nextStep(twice, offline, circumstances({ now: NOW + 11_000 }))).toEqual({ do: 'end', outcome: 'set_offline' })
  expect(nextStep(twice, sight(), circumstances({ now: NOW + 1_800_001 }))).toEqual({
    do: 'end',
    outcome: 'unconfirmed',
  })
})

it('does not repeat an Offline that is queued behind a contact', () => {
  const contacts = [{ state: 'CONNECTED', since: NOW }]
  const set = beforePut(aCase(), NOW)
  expect(nextStep(set, sight({ contacts, isOfflineNext: true }), circumstances({ now: NOW + 60_000 }))).toEqual({
    do: 'wait',
    for: 'contact',
  })
})

it('sets Offline if one queued by somebody else does not take effect, as after a missed call', () => {
  const queued = sight({ isOfflineNext: true, contacts: [{ state: 'MISSED', since: T0 }] })
  const first = nextStep(aCase(), queued, circumstances({ now: NOW }))
  expect(first).toEqual({ do: 'wait', for: 'confirmation' })
  const waiting = aCase({ waiting: 'confirmation', waitingSince: NOW })
  expect(nextStep(waiting, queued, circumstances({ now: NOW + 9_999 }))).toEqual(first)
  expect(nextStep(waiting, queued, circumstances({ now: NOW + 10_000 }))).toEqual({ do: 'put' })
})

it('leaves an agent alone who is back before anything was set; after that, the outcome is unconfirmed', () => {
  expect(afterReturn(aCase(), NOW).outcome).toBe('back')
  expect(afterReturn(beforePut(aCase(), NOW), NOW).outcome).toBe('unconfirmed')
})

it('keeps the start of a wait', () => {
  const waiting = afterStep(aCase(), { do: 'wait', for: 'contact' }, NOW)
  expect(waiting).toMatchObject({ waiting: 'contact', waitingSince: NOW })
  expect(afterStep(waiting, { do: 'wait', for: 'contact' }, NOW + 1)).toBe(waiting)
})

describe('notices', () => {
  it('report an unknown agent within two minutes of the last heartbeat, once', () => {
    const unknown = aCase({ waiting: 'unknown' })
    // The next look is 15 s later.
    expect(noticeOf(unknown, DEFAULT_OPTIONS, T0 + 104_999)).toBeNull()
    expect(noticeOf(unknown, DEFAULT_OPTIONS, T0 + 105_000)).toBe('unknown')
    expect(noticeOf({ ...unknown, notified: ['unknown'] }, DEFAULT_OPTIONS, T0 + 105_000)).toBeNull()
  })

  it('report an Offline that Connect does not show after some time', () => {
    const set = aCase({ waiting: 'confirmation', puts: 1, firstPutAt: T0 + 100_000, lastPutAt: T0 + 100_000 })
    expect(noticeOf(set, DEFAULT_OPTIONS, T0 + 109_999)).toBeNull()
    expect(noticeOf(set, DEFAULT_OPTIONS, T0 + 110_000)).toBe('not_confirmed')
    expect(noticeOf({ ...set, puts: 0, firstPutAt: null }, DEFAULT_OPTIONS, T0 + 200_000)).toBeNull()
  })

  it('report a contact after half an hour', () => {
    const held = aCase({ waiting: 'contact', waitingSince: T0 })
    expect(noticeOf(held, DEFAULT_OPTIONS, T0 + 1_799_999)).toBeNull()
    expect(noticeOf(held, DEFAULT_OPTIONS, T0 + 1_800_000)).toBe('contact')
  })

  it.each([
    ['set_offline', 'set_offline'],
    ['refused', 'refused'],
    ['state_changed', 'state_changed'],
    ['back', null],
    ['not_needed', null],
  ] as const)('report %s as %s', (outcome, kind) => {
    expect(noticeOf(aCase({ outcome }), DEFAULT_OPTIONS, NOW)).toBe(kind)
  })
})
