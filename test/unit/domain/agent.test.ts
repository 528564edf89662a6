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

test('agents with the same name in two instances are different agents', () => {
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

test('one live contact among ended ones counts', () => {
  const contacts = ['ended', 'connected', 'missed'].map((state) => ({ channel: 'task', state }))
  expect(hasLiveContact(facts('routable', { contacts }))).toBe(true)
})

test('a refusal of enqueueNextState is recognized by error type or message only', () => {
  expect(refusesEnqueue({ type: 'UnexpectedParameter', message: '' })).toBe(true)
  expect(refusesEnqueue({ type: 'UnknownError', message: 'UnexpectedParameter: Unexpected key' })).toBe(true)
  expect(refusesEnqueue({ type: 'InvalidStateException', message: 'no' })).toBe(false)
})

/** The contact states as each of the bundled Streams versions names them. */
const STREAMS = ['streams-1.4', 'streams-1.8', 'amazon-connect-streams']
test.each(STREAMS)('each contact state of %s is classified correctly', (bundle) => {
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
    // The older versions do not count pending contacts as active, and none counts a contact in its first states.
    const isOver = ['missed', 'error', 'ended', 'rejected'].includes(state)
    expect([state, hasLiveContact(agent)]).toEqual([state, !isOver])
    expect(isOver && active.includes(state)).toBe(false)
    expect([state, isRinging(agent)]).toEqual([state, ['init', 'incoming', 'pending', 'connecting'].includes(state)])
    expect([state, hasAfterContactWork(agent)]).toEqual([state, state === 'ended'])
  }
})

test('an agent is occupied by a contact, by after-contact work, and by a state that a contact has caused', () => {
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

test('an agent who missed a call behind a queued Offline is stuck', () => {
  const missed = facts('error', { nextState: stateOf('offline') })
  expect(isStuck(missed)).toBe(true)
  expect(isStuck(facts('error'))).toBe(false)
  expect(isStuck({ ...missed, nextState: stateOf('not_routable') })).toBe(false)
  expect(isStuck({ ...missed, state: stateOf('system') })).toBe(false)
})
