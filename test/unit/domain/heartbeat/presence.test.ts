import type { CloseRules } from '../../../../src/domain/close-rules'
import { presencesOf } from '../../../../src/domain/heartbeat/presence'
import type { CloseState } from '../../../../src/domain/closes/state'
import { agentEvent, closing, facts, flag, flagged, header, INSTANCE, RULES, RUN, EventPlayer, T0 } from '../build'

const KEY = `${INSTANCE}/ada`
const known = (state: CloseState, rules: CloseRules = RULES) => presencesOf(state, () => rules).known

function opened(type: 'routable' | 'not_routable' | 'offline' = 'routable'): EventPlayer {
  const player = new EventPlayer()
  player.open(header('doc-a'), facts(type))
  return player
}

it('contains whether an agent is Available, their state and the number of open CCPs', () => {
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

it('counts an agent on a contact as Available: they may get the next one', () => {
  const player = new EventPlayer()
  player.open(header('doc-a'), facts('not_routable', { contacts: [{ channel: 'chat', state: 'connected' }] }))
  expect(known(player.state)).toMatchObject([{ isAvailable: true }])
})

it('counts an agent as Available whose page has lost sight of them', () => {
  const player = opened('offline')
  player.send(100, header('doc-a'), { type: 'unprotected', reason: 'streams_hidden' })
  expect(known(player.state)).toMatchObject([{ isAvailable: true, ccps: 1 }])
})

it('still covers an agent whose close is pending, and ends with it', () => {
  const player = opened()
  player.send(100, header('doc-a'), closing('close-1'))
  player.lost(200, 'doc-a')
  expect(known(player.state)).toMatchObject([{ isAvailable: true, ccps: 1, open: 0 }])
  expect(known({ ...player.state, documents: {} })).toEqual([])
})

it('uses the newest facts of an agent, not those of a closed document', () => {
  const player = opened()
  player.lost(200, 'doc-a')
  const place = { tabId: 2, frameId: 0, ownCookies: true }
  player.send(300, header('doc-b'), { type: 'hello' }, place)
  player.send(310, header('doc-b'), agentEvent(facts('offline')), place)
  expect(known(player.state)).toMatchObject([{ isAvailable: false, ccps: 2, open: 1 }])
})

it('counts no CCP for a flagged close, unless another CCP is open', () => {
  const withFlag = flagged([flag()])
  const expected = { isAvailable: true, ccps: 0, flag: { why: 'close', closeId: 'close-1', since: T0 } }
  expect(known(withFlag)).toMatchObject([expected])
  const gone = opened()
  gone.lost(200, 'doc-a')
  expect(known(flagged([flag()], gone.state))).toMatchObject([expected])
  expect(known(flagged([flag()], opened().state))).toMatchObject([{ ccps: 1, flag: { closeId: 'close-1' } }])
})

it('ignores observed closes, and absent agents with an open CCP', () => {
  const flags = [flag({ isObserved: true }), flag({ why: 'idle', username: 'bob' })]
  expect(known(flagged(flags))).toEqual([])
})

it('ignores excluded agents', () => {
  expect(known(opened().state, { ...RULES, routingProfiles: ['Sales'] })).toEqual([])
  expect(known(opened().state, { ...RULES, excluded: 'instance_excluded' })).toEqual([])
})

it('waits until a new worker has had an answer from a document', () => {
  const player = opened()
  player.dispatch({ type: 'worker_started', at: T0 + 1_000, runId: RUN })
  const before = presencesOf(player.state, () => RULES)
  expect([before.known, [...before.undecided]]).toEqual([[], [KEY]])
  player.dispatch({ type: 'heard', at: T0 + 1_100, docId: 'doc-a' })
  expect(known(player.state)).toHaveLength(1)
})
