import type { AgentState, AgentStateType } from '../../../src/domain/agent'
import type { AtClose, Snapshot, SnapshotVerdict } from '../../../src/domain/judge-snapshot'
import { judgeSnapshot } from '../../../src/domain/judge-snapshot'
import { state, T0 } from './build'

/** Since when the agent was in the state that the close left, and times before that and after the close. */
const SINCE = T0 - 60_000
const EARLIER = SINCE - 3_600_000
const LATER = T0 + 5_000

const at = (type: AgentStateType, startTimestamp: number | null = SINCE): AgentState => ({
  ...state(type),
  startTimestamp,
})
const chosen = (one: AgentState, since: number | null = SINCE): AgentState => ({
  ...one,
  availability: { name: one.name, since },
})
const AVAILABLE = at('routable')
const SECOND_LINE: AgentState = { ...at('routable', LATER), name: 'Zweitleitung', arn: 'arn:second' }
const LUNCH = at('not_routable')
const AVAILABLE_EARLIER = at('routable', EARLIER)
const AVAILABLE_LATER = at('routable', LATER)
const UNDATED = at('routable', null)
const LUNCH_EARLIER = at('not_routable', EARLIER)
const LUNCH_LATER = at('not_routable', LATER)
const NAMED = ['Mittag']

const left = (changes: Partial<AtClose> = {}): AtClose => ({
  state: AVAILABLE,
  sawContact: false,
  isAnswered: false,
  ...changes,
})
const shown = (one: AgentState, ...contacts: readonly string[]): Snapshot => ({
  state: one,
  contacts: contacts.map((each) => ({ channel: 'chat', state: each })),
})

test.each<[string, AtClose, Snapshot, SnapshotVerdict]>([
  ['since after the close', left(), shown(at('offline', LATER)), 'offline'],
  ['with a contact', left(), shown(at('offline'), 'connected'), 'offline'],
  ['since before the closed state', left(), shown(at('offline', EARLIER)), 'stale'],
  ['since an unknown time', left(), shown(at('offline', null)), 'stale'],
  [
    'by a choice from before the closed state',
    left({ state: chosen(AVAILABLE) }),
    shown(chosen(at('offline', LATER), EARLIER)),
    'stale',
  ],
  [
    'by a choice from after the closed state',
    left({ state: chosen(AVAILABLE) }),
    shown(chosen(at('offline', LATER), LATER)),
    'offline',
  ],
  [
    'as queued in the call before the work that was closed',
    left({ state: { ...at('system', LATER), availability: { name: AVAILABLE.name, since: SINCE } } }),
    shown(chosen(at('offline', LATER + 2_700), LATER - 2_000)),
    'offline',
  ],
])('an agent who is Offline %s', (_what, closed, now, verdict) => {
  expect(judgeSnapshot(closed, now)).toBe(verdict)
})

test.each<[AgentStateType, SnapshotVerdict, SnapshotVerdict, SnapshotVerdict, SnapshotVerdict]>([
  ['routable', 'set', 'contact', 'work', 'set'],
  ['not_routable', 'changed', 'contact', 'changed', 'changed'],
  ['system', 'contact', 'contact', 'work', 'contact'],
  ['error', 'set', 'contact', 'work', 'set'],
  ['init', 'stale', 'contact', 'stale', 'stale'],
  ['unknown', 'stale', 'contact', 'stale', 'stale'],
])(
  'type %s is %s without a contact, %s with one, %s with work after one, %s after a missed one',
  (type, ...verdicts) => {
    const contacts = [[], ['connected'], ['ended'], ['missed']]
    expect(contacts.map((each) => judgeSnapshot(left(), shown(at(type), ...each)))).toEqual(verdicts)
  },
)

test.each<AgentStateType>(['routable', 'system', 'error'])('a live contact goes before work in type %s', (type) => {
  expect(judgeSnapshot(left(), shown(at(type), 'ended', 'connected'))).toBe('contact')
})

describe('by the time of the state', () => {
  test.each<[string, AgentState, AgentState, SnapshotVerdict]>([
    ['the state that the close left is set', AVAILABLE, AVAILABLE, 'set'],
    ['a start that was rounded is the same start', AVAILABLE, at('routable', SINCE + 4), 'set'],
    [
      'a start that shifts is the same state where the choice is the same',
      chosen(AVAILABLE),
      chosen(AVAILABLE_LATER),
      'set',
    ],
    ['Available since after the close is superseded', AVAILABLE, AVAILABLE_LATER, 'superseded'],
    ['a choice since the close is superseded', chosen(AVAILABLE), chosen(AVAILABLE_LATER, LATER), 'superseded'],
    ['Available from before the closed state is stale', AVAILABLE, AVAILABLE_EARLIER, 'stale'],
    ['another routable state is superseded', AVAILABLE, { ...SECOND_LINE, startTimestamp: SINCE }, 'superseded'],
    ['a state without a start is looked at again: nobody knows its chooser', AVAILABLE, UNDATED, 'stale'],
    ['a state without a start is stale where its choice is older', AVAILABLE, chosen(UNDATED, EARLIER), 'stale'],
    ['a closed state without a start is set where the state is shown', UNDATED, AVAILABLE_LATER, 'set'],
    ['a closed state without a start is set where the state shown has no start either', UNDATED, UNDATED, 'set'],
    [
      'a closed state without a start is superseded where the state was chosen again',
      chosen(UNDATED),
      chosen(AVAILABLE_LATER, LATER),
      'superseded',
    ],
    ['another routable state is superseded where the closed state has no start', UNDATED, SECOND_LINE, 'superseded'],
  ])('%s', (_what, before, now, verdict) => {
    expect(judgeSnapshot(left({ state: before }), shown(now))).toBe(verdict)
  })
})

describe('by the states that the settings name', () => {
  test.each<[string, AgentState, Snapshot, readonly string[], SnapshotVerdict]>([
    ['a named state that the close left is set', LUNCH, shown(LUNCH), NAMED, 'set'],
    ['a named state with work after a contact is work', LUNCH, shown(LUNCH, 'ended'), NAMED, 'work'],
    ['a named state chosen since is changed', AVAILABLE, shown(LUNCH_LATER), NAMED, 'changed'],
    ['a named state that was left, and chosen again, is changed', LUNCH, shown(LUNCH_LATER), NAMED, 'changed'],
    ['a named state from before the close is stale', AVAILABLE, shown(LUNCH_EARLIER), NAMED, 'stale'],
    [
      'a named state is set where the close did not know its start',
      at('not_routable', null),
      shown(LUNCH),
      NAMED,
      'set',
    ],
    ['a state that is not named is changed', AVAILABLE, shown(AVAILABLE), NAMED, 'changed'],
    [
      'a state that is not named is changed also with work after a contact',
      AVAILABLE,
      shown(AVAILABLE, 'ended'),
      NAMED,
      'changed',
    ],
    ['a state that is not named is stale from before the close', AVAILABLE, shown(AVAILABLE_EARLIER), NAMED, 'stale'],
    ['a state that takes no contacts is changed where the settings name no state', LUNCH, shown(LUNCH), [], 'changed'],
    ['a state that takes no contacts is stale from before the close', AVAILABLE, shown(LUNCH_EARLIER), [], 'stale'],
  ])('%s', (_what, before, now, fromStates, verdict) => {
    expect(judgeSnapshot(left({ state: before }), now, fromStates)).toBe(verdict)
  })
})

describe('after a contact', () => {
  const onCall = { state: at('system') }
  const choice = { state: chosen(AVAILABLE), sawContact: true }
  const otherChoice = chosen(AVAILABLE_LATER, LATER)

  test.each<[string, Partial<AtClose>, Snapshot, SnapshotVerdict]>([
    ['Available is explained by a contact seen since', { sawContact: true }, shown(AVAILABLE_LATER), 'set'],
    ['Available is explained by a call at the close', onCall, shown(AVAILABLE_LATER), 'set'],
    ['Available is explained by a missed call at the close', { state: at('error') }, shown(AVAILABLE_LATER), 'set'],
    ['Available with work after the contact is work', { sawContact: true }, shown(AVAILABLE_LATER, 'ended'), 'work'],
    ['Available without a start is explained by a contact', { sawContact: true }, shown(UNDATED), 'set'],
    [
      'a state that takes no contacts is chosen, whatever contact was seen',
      { sawContact: true },
      shown(LUNCH_LATER),
      'changed',
    ],
    ['Available by another choice is superseded', choice, shown(otherChoice), 'superseded'],
    ['Available is explained by a contact where the choice is not shown now', choice, shown(AVAILABLE_LATER), 'set'],
    [
      'Available is explained by a contact where the choice is shown without a time',
      choice,
      shown(chosen(AVAILABLE_LATER, null)),
      'set',
    ],
    [
      'Available is explained by a contact where the choice was unknown',
      { sawContact: true },
      shown(otherChoice),
      'set',
    ],
    [
      'Available is explained by a contact where the time of the choice was unknown',
      { state: chosen(AVAILABLE, null), sawContact: true },
      shown(otherChoice),
      'set',
    ],
    ['the state that was queued comes by itself', { ...choice, nextState: AVAILABLE }, shown(otherChoice), 'set'],
    [
      'a state that takes no contacts comes by itself where it was queued',
      { sawContact: true, nextState: LUNCH },
      shown(LUNCH_LATER),
      'set',
    ],
    [
      'a state that was queued in a call at the close comes by itself',
      { ...onCall, nextState: LUNCH },
      shown(LUNCH_LATER),
      'set',
    ],
    [
      'a state that was queued does not come without a contact',
      { nextState: AVAILABLE },
      shown(AVAILABLE_LATER),
      'superseded',
    ],
    [
      'Available by another choice is superseded where another state was queued',
      { ...choice, nextState: LUNCH },
      shown(otherChoice),
      'superseded',
    ],
  ])('%s', (_what, closed, now, verdict) => {
    expect(judgeSnapshot(left(closed), now, [AVAILABLE.name, LUNCH.name])).toBe(verdict)
  })
})

describe('after somebody took a contact', () => {
  test.each<[string, AgentState, SnapshotVerdict]>([
    ['the state that the close left is superseded', AVAILABLE, 'superseded'],
    ['a named state that takes no contacts is changed', LUNCH, 'changed'],
    ['a state from before the close is stale', AVAILABLE_EARLIER, 'stale'],
  ])('%s', (_what, now, verdict) => {
    const closed = left({ state: { ...now, startTimestamp: SINCE }, sawContact: true, isAnswered: true })
    expect(judgeSnapshot(closed, shown(now), [AVAILABLE.name, LUNCH.name])).toBe(verdict)
  })

  test('Available with the work after it is superseded', () => {
    expect(judgeSnapshot(left({ contacts: [] }), shown(AVAILABLE, 'ended'))).toBe('superseded')
  })
})
