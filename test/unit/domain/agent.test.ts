import { readFileSync } from 'node:fs'
import {
  agentKey,
  hasAfterContactWork,
  hasLiveContact,
  isOccupied,
  isRinging,
  isStuck,
} from '../../../src/domain/agent'
import { refusesEnqueue } from '../../../src/domain/close-report'
import { facts, state as stateOf } from './build'

test('agents of one name in two instances are two', () => {
  expect(agentKey('a.my.connect.aws', { username: 'ada' })).not.toBe(agentKey('b.my.connect.aws', { username: 'ada' }))
})

test.each(['incoming', 'connecting', 'connected', 'pending', 'something new'])(
  'a contact that is %s is live',
  (state) => {
    expect(hasLiveContact(facts('routable', { contacts: [{ channel: 'chat', state }] }))).toBe(true)
  },
)

test.each(['ended', 'missed', 'error', 'rejected'])('a contact that is %s is not live', (state) => {
  expect(hasLiveContact(facts('routable', { contacts: [{ channel: 'chat', state }] }))).toBe(false)
})

test('one live contact among ended ones is enough', () => {
  const contacts = ['ended', 'connected', 'missed'].map((state) => ({ channel: 'task', state }))
  expect(hasLiveContact(facts('routable', { contacts }))).toBe(true)
})

test('a refusal of enqueueNextState is known by the error type or by its message, and by nothing else', () => {
  expect(refusesEnqueue({ type: 'UnexpectedParameter', message: '' })).toBe(true)
  expect(refusesEnqueue({ type: 'UnknownError', message: 'UnexpectedParameter: Unexpected key' })).toBe(true)
  expect(refusesEnqueue({ type: 'InvalidStateException', message: 'no' })).toBe(false)
})

/** What each of our bundles calls a contact's states. */
const STREAMS = ['streams-1.4', 'streams-1.8', 'amazon-connect-streams']
test.each(STREAMS)('each contact state of %s is known for what it is', (bundle) => {
  const source = readFileSync(require.resolve(`${bundle}/release/connect-streams.js`), 'utf8')
  const list = (name: string): string[] => {
    const made = new RegExp(`connect\\.${name} = connect\\.makeEnum\\(\\[([^\\]]*)\\]`).exec(source)?.[1] ?? ''
    return [...made.matchAll(/['"](\w+)['"]/g)].map(([, word = '']) => word)
  }
  const states = list('ContactStateType')
  const active = list('CONTACT_ACTIVE_STATES')
  expect(states).toContain('connected')
  for (const state of states) {
    const agent = { contacts: [{ channel: 'voice', state }] }
    // The older ones do not count what is pending, and none counts what only begins.
    const isOver = ['missed', 'error', 'ended', 'rejected'].includes(state)
    expect([state, hasLiveContact(agent)]).toEqual([state, !isOver])
    expect(isOver && active.includes(state)).toBe(false)
    expect([state, isRinging(agent)]).toEqual([state, ['init', 'incoming', 'pending', 'connecting'].includes(state)])
    expect([state, hasAfterContactWork(agent)]).toEqual([state, state === 'ended'])
  }
})

test('an agent is occupied by a contact, by the work after it, and by what a contact has made of the state', () => {
  const on = (...states: string[]) =>
    facts('routable', { contacts: states.map((state) => ({ channel: 'task', state })) })
  expect([on(), on('missed', 'rejected', 'error')].map(isOccupied)).toEqual([false, false])
  expect([on('missed', 'paused'), on('ended'), facts('system'), facts('error')].map(isOccupied)).toEqual([
    true,
    true,
    true,
    true,
  ])
})

test('an agent is stuck who has missed a call behind a queued Offline', () => {
  const missed = facts('error', { nextState: stateOf('offline') })
  expect(isStuck(missed)).toBe(true)
  expect(isStuck(facts('error'))).toBe(false)
  expect(isStuck({ ...missed, nextState: stateOf('not_routable') })).toBe(false)
  expect(isStuck({ ...missed, state: stateOf('system') })).toBe(false)
})
