import type { CloseRules } from '../../../../src/domain/close-rules'
import { presencesOf } from '../../../../src/domain/heartbeat/presence'
import type { CloseState } from '../../../../src/domain/closes/state'
import { agentEvent, closing, facts, flag, flagged, header, INSTANCE, RULES, EventPlayer, T0 } from '../build'

const KEY = `${INSTANCE}/ada`
const known = (state: CloseState, rules: CloseRules = RULES) => presencesOf(state, () => rules).known

function opened(type: 'routable' | 'not_routable' | 'offline' = 'routable'): EventPlayer {
  const player = new EventPlayer()
  player.open(header('doc-a'), facts(type))
  return player
}

it('says of an agent whether they take contacts, their state and how many CCPs are open', () => {
  expect(known(opened().state)).toEqual([
    {
      key: KEY,
      instance: INSTANCE,
      username: 'ada',
      isAvailable: true,
      state: { name: 'Verfügbar', since: T0 - 60_000 },
      ccps: 1,
      open: 1,
      flag: null,
    },
  ])
  expect(known(opened('not_routable').state)).toMatchObject([{ isAvailable: false, ccps: 1 }])
})

it('counts who is on a contact as one who may take the next', () => {
  const player = new EventPlayer()
  player.open(header('doc-a'), facts('not_routable', { contacts: [{ channel: 'chat', state: 'connected' }] }))
  expect(known(player.state)).toMatchObject([{ isAvailable: true }])
})

it('still speaks for an agent whose close goes on, and no more when it is over', () => {
  const player = opened()
  player.send(100, header('doc-a'), closing('close-1'))
  player.lost(200, 'doc-a')
  expect(known(player.state)).toMatchObject([{ isAvailable: true, ccps: 1, open: 0 }])
  expect(known({ ...player.state, documents: {} })).toEqual([])
})

it('goes by the newest sight of an agent, whatever a document that is gone last saw', () => {
  const player = opened()
  player.lost(200, 'doc-a')
  const place = { tabId: 2, frameId: 0, ownCookies: true }
  player.send(300, header('doc-b'), { type: 'hello' }, place)
  player.send(310, header('doc-b'), agentEvent(facts('offline')), place)
  expect(known(player.state)).toMatchObject([{ isAvailable: false, ccps: 2, open: 1 }])
})

it('has no CCP to speak for where the close is flagged, unless another one is open', () => {
  const withFlag = flagged([flag()])
  const expected = { isAvailable: true, ccps: 0, flag: { why: 'close', closeId: 'close-1', since: T0 } }
  expect(known(withFlag)).toMatchObject([expected])
  const gone = opened()
  gone.lost(200, 'doc-a')
  expect(known(flagged([flag()], gone.state))).toMatchObject([expected])
  expect(known(flagged([flag()], opened().state))).toMatchObject([{ ccps: 1, flag: { closeId: 'close-1' } }])
})

it('alarms nobody of what was only observed, or of who is away with a CCP open', () => {
  const flags = [flag({ isObserved: true }), flag({ why: 'idle', username: 'bob' })]
  expect(known(flagged(flags))).toEqual([])
})

it('says nothing of agents whom the settings leave alone', () => {
  expect(known(opened().state, { ...RULES, routingProfiles: ['Sales'] })).toEqual([])
  expect(known(opened().state, { ...RULES, excluded: 'instance_excluded' })).toEqual([])
})

it('waits with what it says until a new worker has heard of a document', () => {
  const player = opened()
  player.dispatch({ type: 'worker_started', at: T0 + 1_000 })
  const before = presencesOf(player.state, () => RULES)
  expect([before.known, [...before.undecided]]).toEqual([[], [KEY]])
  player.dispatch({ type: 'heard', at: T0 + 1_100, docId: 'doc-a' })
  expect(known(player.state)).toHaveLength(1)
})
