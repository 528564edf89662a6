import type { AgentStateType, ContactFacts } from '../../../src/domain/agent'
import type { AtClose } from '../../../src/domain/judge-snapshot'
import { occupationOf, wasAnswered } from '../../../src/domain/judge-snapshot'
import { state } from './build'

const AVAILABLE = state('routable')
const left = (changes: Partial<AtClose>): AtClose => ({
  state: AVAILABLE,
  sawContact: false,
  isAnswered: false,
  ...changes,
})
const contact = (is: string, id?: string): ContactFacts => ({ channel: 'voice', state: is, ...(id && { id }) })

describe('whether somebody took a contact since the close', () => {
  const [a, b] = [contact('connected', 'a'), contact('connected', 'b')]
  const nameless = contact('connected')

  test.each<[string, boolean, readonly ContactFacts[], readonly ContactFacts[]]>([
    ['another contact is connected', true, [a], [b]],
    ['another contact is connected beside the one of the close', true, [a], [a, b]],
    ['another contact has become after-contact work', true, [a], [contact('ended', 'b')]],
    ['the contact of the close is still connected', false, [a], [a]],
    ['the contact of the close has become after-contact work', false, [a], [contact('ended', 'a')]],
    ['one of several of the close is still connected', false, [a, b], [a]],
    ['a contact rings', false, [], [contact('connecting', 'b')]],
    ['a contact that rang at the close was taken', true, [contact('connecting', 'b')], [b]],
    ['a contact was missed', false, [], [contact('missed', 'b')]],
    ['a contact without an id is connected, and no other was', true, [], [nameless]],
    ['a contact without an id is connected, as one was at the close', false, [nameless], [nameless]],
    ['a contact without an id is connected, and one with an id was', false, [a], [nameless]],
    ['a contact with an id is connected, and one without was', false, [nameless], [a]],
    ['no contact is left', false, [a], []],
  ])('%s: %s', (_what, is, contacts, now) => {
    expect(wasAnswered(left({ contacts }), { state: AVAILABLE, contacts: now })).toBe(is)
  })

  test.each<[string, boolean, string, Partial<ContactFacts>]>([
    ['a call that was dialled before the close', false, 'CallingCustomer', {}],
    ['a callback that was taken before the close', false, 'CallingCustomer', { channel: 'queue_callback' }],
    ['a call that rang at the agent', true, 'PendingBusy', {}],
    ['a chat that rang beside a call that was dialled', true, 'CallingCustomer', { channel: 'chat' }],
    ['a callback that rang at the agent', true, 'CallingCustomer', { channel: 'queue_callback', state: 'incoming' }],
  ])('%s, and is connected now: %s', (_what, is, name, changes) => {
    const atClose = { ...contact('connecting', 'b'), ...changes }
    const before = left({ state: { ...state('system'), name }, contacts: [atClose] })
    expect(wasAnswered(before, { state: state('system'), contacts: [{ ...atClose, state: 'connected' }] })).toBe(is)
  })

  test('no answer is assumed where the contacts at the close are unknown', () => {
    expect(wasAnswered(left({}), { state: AVAILABLE, contacts: [b] })).toBe(false)
  })

  test('an answer that was seen once is remembered', () => {
    expect(wasAnswered(left({ contacts: [], isAnswered: true }), { state: AVAILABLE, contacts: [] })).toBe(true)
    expect(wasAnswered(left({ isAnswered: true }), { state: AVAILABLE, contacts: [] })).toBe(true)
  })
})

test('what is waited for names the contacts that have ended, as far as they have ids', () => {
  const contacts = [contact('ended', 'a'), contact('connected', 'b'), contact('ended')]
  const expected = { kind: 'live', ended: ['a', ''], isReady: true }
  expect(occupationOf({ state: AVAILABLE, contacts }, 'contact')).toEqual(expected)
  expect(occupationOf({ state: AVAILABLE, contacts }, 'work')).toEqual({ ...expected, kind: 'work' })
})

test.each<[AgentStateType, boolean]>([
  ['routable', true],
  ['system', false],
  ['error', false],
])('whether an agent in type %s may get another contact meanwhile: %s', (type, isReady) => {
  expect(occupationOf({ state: state(type), contacts: [] }, 'contact')).toEqual({ kind: 'live', ended: [], isReady })
})
