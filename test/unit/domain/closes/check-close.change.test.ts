/** The change that a check makes: whether the agent is set Offline, and what comes of it. */
import type { AgentStateType } from '../../../../src/domain/agent'
import type { LastLook, JudgedSnapshot } from '../../../../src/domain/closes/check-close'
import { changeOf, findingAfter, withStuck } from '../../../../src/domain/closes/check-close'
import type { PendingClose } from '../../../../src/domain/closes/closes'
import type { SnapshotVerdict } from '../../../../src/domain/judge-snapshot'
import type { Finding, SetFrom } from '../../../../src/domain/check'
import { RULES, state } from '../build'
import { AT_TAB_2, ccp, check, closeOf, GONE, goneCcp, stateOf } from './made'

const GONE_DOC = goneCcp('doc-a')
const BACK = ccp('doc-b', { place: AT_TAB_2 })
/** A page of the agent that a restarted worker has not heard yet. */
const UNHEARD = { ...BACK, unheardSince: GONE }
const TARGET = state('offline')

const lookAt = (
  type: AgentStateType,
  verdict: SnapshotVerdict = 'set',
  changes: Partial<JudgedSnapshot> = {},
): JudgedSnapshot => ({
  snapshot: { state: state(type), contacts: [] },
  verdict,
  target: TARGET,
  isStuck: false,
  ...changes,
})

const change = (
  look: JudgedSnapshot,
  { close = closeOf([GONE_DOC], { check: check() }), ...last }: Partial<LastLook> & { close?: PendingClose } = {},
): ReturnType<typeof changeOf> =>
  changeOf(close, look, {
    state: stateOf(GONE_DOC),
    now: GONE + 3_000,
    isArriving: false,
    rules: RULES,
    maySet: true,
    ...last,
  })

describe('an agent whose CCP is gone is set Offline', () => {
  test.each<[string, JudgedSnapshot, SetFrom | null]>([
    ['a state of their choice', lookAt('routable'), null],
    ['after-contact work', lookAt('error', 'work', { isStuck: true }), 'work'],
    ['a missed call that keeps them from work', lookAt('error', 'set', { isStuck: true }), 'stuck'],
    ['a missed call', lookAt('error'), 'missed'],
  ])('out of %s', (_, look, from) => {
    expect(change(look)).toEqual({ kind: 'change', target: TARGET, from })
  })

  test('without a record of the check', () => {
    const close = closeOf([GONE_DOC])
    expect(change(lookAt('routable'), { close })).toEqual({ kind: 'change', target: TARGET, from: null })
  })
})

describe('an agent is left as they are', () => {
  const LOADS: Finding = { kind: 'no_answer', error: 'A page of the instance is loading' }
  const ended = (reason: 'agent_present' | 'superseded' | 'no_offline_state' | 'observed' | 'forbidden'): Finding => ({
    kind: 'ended',
    reason,
  })
  const superseded = lookAt('routable', 'superseded', { target: null })

  test.each<[string, JudgedSnapshot, Parameters<typeof change>[1], Finding]>([
    ['while a page of the instance loads', superseded, { isArriving: true, state: stateOf(GONE_DOC, BACK) }, LOADS],
    ['while a page of theirs is unheard', superseded, { state: stateOf(GONE_DOC, UNHEARD) }, LOADS],
    ['where they have a CCP open', superseded, { state: stateOf(GONE_DOC, BACK) }, ended('agent_present')],
    ['where somebody has set them Available since', superseded, {}, ended('superseded')],
    [
      'where the instance has no state to set',
      lookAt('routable', 'set', { target: null }),
      { close: closeOf([GONE_DOC], { check: check({ observes: true }) }) },
      ended('no_offline_state'),
    ],
    [
      'in mode `observe`',
      lookAt('routable'),
      { close: closeOf([GONE_DOC], { check: check({ observes: true }) }), maySet: false },
      ended('observed'),
    ],
    [
      'where nobody knows who they are',
      lookAt('routable'),
      { close: closeOf([goneCcp('doc-a', { agent: null })]) },
      ended('forbidden'),
    ],
    [
      'where the settings exclude them',
      lookAt('routable'),
      { rules: { ...RULES, routingProfiles: ['Sales'] } },
      ended('forbidden'),
    ],
    ['where the settings let nothing be set', lookAt('routable'), { maySet: false }, ended('forbidden')],
  ])('%s', (_, look, moment, expected) => {
    expect(change(look, moment)).toEqual(expected)
  })

  test('until a page that has not been heard counts as open', () => {
    const unheard = stateOf(GONE_DOC, UNHEARD)
    expect(change(lookAt('routable'), { state: unheard, now: GONE + 4_999 })).toEqual(LOADS)
    expect(change(lookAt('routable'), { state: unheard, now: GONE + 5_000 })).toEqual(ended('agent_present'))
  })
})

describe('the look after the change', () => {
  test('that shows Offline confirms it', () => {
    expect(findingAfter({ verdict: 'offline' }, null)).toStrictEqual({ kind: 'offline', by: 'set' })
  })

  test.each<SetFrom>(['work', 'missed', 'stuck'])('that shows Offline says that it has ended `%s`', (from) => {
    expect(findingAfter({ verdict: 'offline' }, from)).toStrictEqual({ kind: 'offline', by: 'set', from })
  })

  test.each<SnapshotVerdict>(['stale', 'set', 'contact', 'work', 'changed', 'superseded'])(
    'that shows `%s` is no answer',
    (verdict) => {
      expect(findingAfter({ verdict }, 'work')).toStrictEqual({ kind: 'no_answer', error: 'Accepted, and not shown' })
    },
  )
})

describe('a look that was not answered', () => {
  const NO_ANSWER: Finding = { kind: 'no_answer', error: 'offline' }

  test('says that the agent was stuck', () => {
    expect(withStuck(NO_ANSWER, true)).toStrictEqual({ ...NO_ANSWER, isStuck: true })
  })

  test('adds nothing about an agent who was not', () => {
    expect(withStuck(NO_ANSWER, false)).toStrictEqual(NO_ANSWER)
  })
})

test('a look that was answered keeps its finding', () => {
  const found: Finding = { kind: 'offline', by: 'set' }
  expect(withStuck(found, true)).toStrictEqual(found)
})
