import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { isUpdateSafe } from '../../../../src/domain/closes/update-safety'
import { closing, EventPlayer, facts, header, INSTANCE, RUN, T0 } from '../build'

const DOC = header('doc-a')

function withContact(state: string): EventPlayer {
  const player = new EventPlayer()
  player.open(DOC, facts('routable', { contacts: [{ channel: 'chat', state }] }))
  return player
}

test('an update waits for a live contact, a pending close and a recovery CCP, and nothing else', () => {
  const closed = new EventPlayer()
  closed.open(DOC)
  closed.send(1_000, DOC, closing('c1'))
  const recovery = {
    closeId: 'c1',
    instance: INSTANCE,
    url: `https://${INSTANCE}/ccp-v2/`,
    runId: RUN,
    startedAt: T0,
    tabId: null,
  }
  expect(isUpdateSafe(EMPTY_CLOSE_STATE)).toBe(true)
  expect(isUpdateSafe(withContact('connected').state)).toBe(false)
  expect(isUpdateSafe(withContact('ended').state)).toBe(true)
  expect(isUpdateSafe(closed.state)).toBe(false)
  expect(isUpdateSafe({ ...EMPTY_CLOSE_STATE, recovery })).toBe(false)
})

test('the contact of a closed document does not delay an update once the close is logged', () => {
  const player = withContact('connected')
  player.tabRemoved(1_000)
  expect(isUpdateSafe(player.state)).toBe(false)
  player.tick(9_000)
  expect(isUpdateSafe(player.state)).toBe(true)
})

test('a close whose instance does not answer delays no update, except while it is being asked', () => {
  const player = new EventPlayer('act')
  player.open(DOC)
  player.tabRemoved(1_000)
  player.tick(9_000)
  expect(isUpdateSafe(player.state)).toBe(false)
  player.verified(10_000, 'doc-a', { kind: 'no_answer', error: '' })
  expect(isUpdateSafe(player.state)).toBe(true)
  player.dispatch({ type: 'asking', at: T0 + 12_000, closeId: 'doc-a' })
  expect(isUpdateSafe(player.state)).toBe(false)
})
