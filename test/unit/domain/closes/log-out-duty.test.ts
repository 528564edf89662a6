import type { LogOutDue } from '../../../../src/domain/closes/log-out-duty'
import { mayLogOut, whyNotLogOut } from '../../../../src/domain/closes/log-out-duty'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import type { Snapshot } from '../../../../src/domain/judge-snapshot'
import { EventPlayer, header, INSTANCE, state, T0 } from '../build'

const DUE: LogOutDue = {
  closeId: 'c1',
  instance: INSTANCE,
  username: 'ada',
  url: `https://${INSTANCE}/ccp-v2/`,
  since: T0,
  target: state('offline'),
}

const why = (snapshot: Snapshot, isArriving = false, closes = EMPTY_CLOSE_STATE) =>
  whyNotLogOut(closes, INSTANCE, snapshot, isArriving)

describe('an agent in their own session', () => {
  const offline: Snapshot = { state: state('offline'), contacts: [] }

  test('is logged out when the instance shows them Offline and no CCP of it is open or loading', () => {
    expect(why(offline)).toBeNull()
  })

  test('is not logged out on a contact, or in another state', () => {
    expect(why({ ...offline, contacts: [{ channel: 'chat', state: 'connected' }] })).toBe('contact')
    expect(why({ ...offline, state: state('routable') })).toBe('state_changed')
  })

  test('is not logged out while a CCP of the instance is open or loading, or a recovery CCP works there', () => {
    const player = new EventPlayer()
    player.open(header('doc-a'))
    const ccp = { closeId: 'c1', instance: INSTANCE, url: DUE.url, runId: 'run-1', startedAt: T0, tabId: 1 }
    expect(why(offline, true)).toBe('agent_present')
    expect(why(offline, false, player.state)).toBe('agent_present')
    expect(why(offline, false, { ...EMPTY_CLOSE_STATE, recovery: ccp })).toBe('agent_present')
    expect(
      why(offline, false, { ...EMPTY_CLOSE_STATE, recovery: { ...ccp, instance: 'other.my.connect.aws' } }),
    ).toBeNull()
  })
})

test('agents are logged out only if the settings allow it and let the background act everywhere', () => {
  const settings = { logOut: true, mode: 'act', directPath: 'everywhere' } as const
  expect(mayLogOut(settings)).toBe(true)
  expect(mayLogOut({ ...settings, logOut: false })).toBe(false)
  expect(mayLogOut({ ...settings, mode: 'observe' })).toBe(false)
  expect(mayLogOut({ ...settings, directPath: 'page' })).toBe(false)
})
