import { UpdateGate } from '../../../src/background/update-gate'
import type { CloseState } from '../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../src/domain/closes/state'
import { facts, header, EventPlayer } from '../domain/build'
import { fake, renewBrowser, world } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

const DOC = header('doc-a')
function withContact(state: string): EventPlayer {
  const player = new EventPlayer()
  player.open(DOC, facts('routable', { contacts: [{ channel: 'chat', state }] }))
  return player
}

beforeEach(() => {
  jest.useFakeTimers()
  renewBrowser()
})
afterEach(() => {
  jest.useRealTimers()
})

test('nothing is reloaded without an update', () => {
  new UpdateGate(() => Promise.resolve(EMPTY_CLOSE_STATE)).consider(EMPTY_CLOSE_STATE)
  expect(fake.reloads).toBe(0)
})

test('an update in a quiet moment is installed', async () => {
  new UpdateGate(() => Promise.resolve(EMPTY_CLOSE_STATE)).listen()
  world.onUpdateAvailable.emit()
  await jest.advanceTimersByTimeAsync(0)
  expect(fake.reloads).toBe(1)
})

test('an update during a contact keeps the worker awake until the contact is over', async () => {
  let state: CloseState = withContact('connected').state
  const gate = new UpdateGate(() => Promise.resolve(state))
  gate.listen()
  const before = world.callsLeft
  world.callsLeft = 1_000
  world.onUpdateAvailable.emit()
  await jest.advanceTimersByTimeAsync(60_000)
  gate.consider(state)
  expect(before).toBe(Infinity)
  expect(1_000 - world.callsLeft).toBe(3)
  expect(fake.reloads).toBe(0)
  state = withContact('ended').state
  gate.consider(state)
  expect(fake.reloads).toBe(1)
  await jest.advanceTimersByTimeAsync(60_000)
  expect(1_000 - world.callsLeft).toBe(3)
})
