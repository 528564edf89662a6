import type { RecoveryOrder } from '../../../src/domain/recovery-order'
import { decideRecovery } from '../../../src/domain/recovery-order'
import { facts, state } from './build'

const ORDER: RecoveryOrder = { closeId: 'c1', username: 'ada', stateBefore: state('routable'), sawContact: false }
const anew = { ...state('routable'), startTimestamp: 1_700_000_000_000 }
const chat = [{ channel: 'chat', state: 'connected' }]

test.each([
  ['as the close left them', facts('routable'), 'set'],
  ['Offline', facts('offline'), { kind: 'offline', by: 'seen' }],
  ['another agent', facts('routable', { username: 'bob' }), { kind: 'ended', reason: 'other_agent' }],
  ['another agent who is Offline', facts('offline', { username: 'bob' }), { kind: 'ended', reason: 'other_agent' }],
  ['at lunch', facts('not_routable'), { kind: 'ended', reason: 'state_changed' }],
  ['Available since a later time', facts('routable', { state: anew }), { kind: 'ended', reason: 'superseded' }],
  ['in a chat', facts('routable', { contacts: chat }), { kind: 'ended', reason: 'contact' }],
  ['on a call', facts('system'), { kind: 'ended', reason: 'contact' }],
  [
    'without a state of type offline',
    facts('routable', { offlineState: null }),
    { kind: 'ended', reason: 'no_offline_state' },
  ],
  ['not known yet', facts('init'), 'wait'],
] as const)('a recovery CCP that finds an agent who is %s', (_who, agent, decision) => {
  expect(decideRecovery(ORDER, agent, [])).toEqual(decision)
})

test('only a contact may have changed the state', () => {
  const agent = facts('routable', { state: anew })
  expect(decideRecovery({ ...ORDER, sawContact: true }, agent, [])).toBe('set')
})
