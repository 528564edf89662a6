import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { isUpdateSafe } from '../../../../src/domain/closes/update-safety'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import { closing, EventPlayer, facts, header, INSTANCE, RUN, T0 } from '../build'
import { IN_PRIVATE_WINDOW } from './made'

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

describe('a close whose instance does not answer', () => {
  const closeAt = (place: { tabId: number; frameId: number; ownCookies: boolean }): EventPlayer => {
    const player = new EventPlayer('act')
    player.open(DOC, facts(), place)
    player.tabRemoved(1_000)
    player.tick(9_000)
    return player
  }

  test('delays no update, except while it is being asked', () => {
    const player = closeAt({ tabId: 1, frameId: 0, ownCookies: true })
    expect(isUpdateSafe(player.state)).toBe(false)
    player.verified(10_000, 'doc-a', { kind: 'no_answer', error: '' })
    expect(isUpdateSafe(player.state)).toBe(true)
    player.dispatch({ type: 'asking', at: T0 + 12_000, closeId: 'doc-a' })
    expect(isUpdateSafe(player.state)).toBe(false)
  })

  test('delays an update where the token is lent, which would be lost', () => {
    const player = closeAt(IN_PRIVATE_WINDOW)
    player.verified(10_000, 'doc-a', { kind: 'no_answer', error: '' })
    expect(pendingCloses(player.state)).toHaveLength(1)
    expect(isUpdateSafe(player.state)).toBe(false)
  })
})
