/** Who opens a CCP again after a close stays Offline, and may have their status back. */
import type { AgentFacts } from '../../../../src/domain/agent'
import type { DocumentEvent } from '../../../../src/domain/closes/events'
import { closesWithOffer, isRecent, returnStatusOf, takenReturnOf } from '../../../../src/domain/closes/return-offer'
import { agentEvent, closing, EventPlayer, facts, header, RULES, T0 } from '../build'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const CLOSED = 1_000
const A = header('doc-a')
const B = header('doc-b', { openedAt: T0 + 10_000 })
const IN_B = { tabId: 2, frameId: 0, ownCookies: true }
const AGAIN = { ...facts().state, startTimestamp: T0 + CLOSED + 550 }
const OFFLINE = facts('offline', { state: { ...facts('offline').state, startTimestamp: T0 + CLOSED } })

let player: EventPlayer
const offer = (at = 11_000, rules: Partial<typeof RULES> = {}, docId = 'doc-b') => {
  const doc = player.state.documents[docId]
  return doc === undefined ? null : returnStatusOf(player.state, doc, { ...RULES, ...rules }, T0 + at)
}
/** The agent closes a CCP, and Connect accepts Offline. */
function close(event: DocumentEvent = closing('c1')): void {
  player.open(A)
  player.send(CLOSED, A, event)
  player.send(CLOSED + 100, A, { type: 'result', closeId: 'c1', result: { ok: true } })
  player.send(CLOSED + 110, A, { type: 'gone' })
  player.tabRemoved(CLOSED + 120)
  player.tick(CLOSED + 5_000)
}
/** They open another. */
function comeBack(agent: AgentFacts = OFFLINE): void {
  player.send(10_000, B, { type: 'hello' }, IN_B)
  player.send(10_500, B, agentEvent(agent), IN_B)
  player.tick(10_600)
}
const refuse = () =>
  player.send(
    20_100,
    B,
    { type: 'given_back', closeId: 'c1', result: { ok: false, error: { type: 'Throttling', message: '' } } },
    IN_B,
  )
const take = () => player.dispatch({ type: 'return_taken', at: T0 + 20_000, docId: 'doc-b' })

beforeEach(() => {
  player = new EventPlayer()
})

test('an agent whose CCP stays in another frame of the page is offered their status there', () => {
  const beside = header('doc-b')
  const place = { tabId: 1, frameId: 4, ownCookies: true }
  player.open(A)
  player.send(10, beside, { type: 'hello' }, place)
  player.send(20, beside, agentEvent(facts()), place)
  player.send(CLOSED, A, closing('c1', { event: 'pagehide' }))
  player.send(CLOSED + 100, A, { type: 'result', closeId: 'c1', result: { ok: true } })
  player.send(CLOSED + 110, A, { type: 'gone' })
  player.send(CLOSED + 400, beside, agentEvent(OFFLINE), place)
  player.tick(CLOSED + 5_000)
  expect(player.entries).toMatchObject([{ outcome: 'accepted' }])
  expect([offer(), offer(11_000, {}, 'doc-a')]).toMatchObject([{ is: 'offered', closeId: 'c1' }, null])
})

test.each(['Busy', 'MissedCallAgent'])('an agent who has closed the CCP in %s is offered their own status', (name) => {
  const availability = { name: 'Available', since: T0 - 60_000 }
  const contact = { ...facts('system').state, name, availability }
  const chosenState = { ...facts().state, startTimestamp: null }
  const onCall = facts('system', { state: contact, chosenState })
  player.open(A, onCall)
  player.send(CLOSED, A, closing('c1', { stateBefore: contact }, onCall))
  player.send(CLOSED + 100, A, { type: 'result', closeId: 'c1', result: { ok: true } })
  player.send(CLOSED + 110, A, { type: 'gone' })
  player.tabRemoved(CLOSED + 120)
  player.tick(CLOSED + 5_000)
  comeBack()
  expect(offer()).toMatchObject({ is: 'offered', stateBefore: chosenState })
})

test('an agent who had queued a break behind a call is offered nothing', () => {
  const nextState = { ...facts('not_routable').state, startTimestamp: null }
  const onCall = facts('system', { chosenState: { ...facts().state, startTimestamp: null }, nextState })
  player.open(A, onCall)
  player.send(CLOSED, A, closing('c1', { stateBefore: onCall.state }, onCall))
  player.send(CLOSED + 100, A, { type: 'result', closeId: 'c1', result: { ok: true } })
  player.send(CLOSED + 110, A, { type: 'gone' })
  player.tick(CLOSED + 5_000)
  comeBack()
  expect(offer()).toBeNull()
})

describe('an agent whom a close has set Offline', () => {
  beforeEach(() => {
    close()
    comeBack()
  })

  test('is offered the status of before it, in the CCP that they open', () => {
    expect(offer()).toEqual({
      closeId: 'c1',
      is: 'offered',
      since: T0 + CLOSED,
      stateBefore: facts().state,
      error: null,
    })
  })

  test.each([
    ['in mode observe', { mode: 'observe' }],
    ['where the settings leave the page alone', { excluded: 'surface_excluded' }],
  ] as const)('is offered nothing %s', (_where, rules) => {
    expect(offer(11_000, rules)).toBeNull()
  })

  test('is offered nothing with a contact, nor after another status, whoever has chosen it', () => {
    player.send(12_000, B, agentEvent({ ...OFFLINE, contacts: [{ channel: 'voice', state: 'connected' }] }), IN_B)
    expect(offer()).toBeNull()
    player.send(12_500, B, agentEvent(OFFLINE), IN_B)
    expect(offer()).not.toBeNull()
    player.send(13_000, B, agentEvent(facts('not_routable')), IN_B)
    player.send(14_000, B, agentEvent(OFFLINE), IN_B)
    expect(offer()).toBeNull()
  })

  test('is offered nothing once a session must have ended', () => {
    player.tick(12 * HOUR)
    expect(offer(12 * HOUR)).not.toBeNull()
    player.tick(12 * HOUR + CLOSED)
    expect(offer(12 * HOUR + CLOSED)).toBeNull()
  })

  test('has the status restored by the page whose offer they take, for half a minute', () => {
    const doc = () => player.state.documents['doc-b']
    const order = () => {
      const one = doc()
      return one === undefined ? null : takenReturnOf(player.state, one)
    }
    expect(order()).toBeNull()
    take()
    expect(order()).toEqual({ closeId: 'c1', username: 'ada', count: 1, until: T0 + 50_000, state: facts().state })
    expect(offer(49_999)?.is).toBe('asking')
    expect(offer(50_000)?.is).toBe('offered')
    // A late snapshot still shows the period that the close has ended.
    player.send(20_900, B, agentEvent(facts()), IN_B)
    expect(order()).not.toBeNull()
    player.send(20_950, B, { type: 'given_back', closeId: 'c1', result: { ok: true } })
    expect(order()).not.toBeNull()
    const state = { ...facts().state, startTimestamp: T0 + 20_800 }
    player.send(21_000, B, agentEvent(facts('routable', { state })), IN_B)
    expect(order()).toBeNull()
    expect(offer()).toBeNull()
  })

  test('learns that Connect has refused, from the page that has asked and from no other', () => {
    refuse()
    expect(offer()?.is).toBe('offered')
    take()
    player.send(20_050, header('doc-c', { openedAt: T0 + 19_000 }), { type: 'hello' })
    refuse()
    expect(offer()).toMatchObject({ is: 'refused', error: 'Throttling' })
    take()
    expect(offer(20_200)?.is).toBe('asking')
    player.send(20_300, B, { type: 'given_back', closeId: 'c1', result: { ok: true } }, IN_B)
    expect(offer()).toBeNull()
  })

  test('is notified where they come soon after the close', () => {
    const status = offer()
    if (status === null) throw new Error('No offer')
    expect(isRecent(status, T0 + CLOSED + 15 * MINUTE - 1)).toBe(true)
    expect(isRecent(status, T0 + CLOSED + 15 * MINUTE)).toBe(false)
    expect([...closesWithOffer(player.state)]).toEqual(['c1'])
  })

  test('is offered one status: that of the latest close', () => {
    const again = { ...facts(), state: { ...facts().state, name: 'Also Available', startTimestamp: T0 + 30_000 } }
    player.send(31_000, B, agentEvent(again), IN_B)
    player.send(32_000, B, closing('c2', { stateBefore: again.state }, again), IN_B)
    player.send(32_100, B, { type: 'result', closeId: 'c2', result: { ok: true } }, IN_B)
    player.send(32_110, B, { type: 'gone' }, IN_B)
    player.tabRemoved(32_120, 2)
    player.tick(36_000)
    const last = header('doc-d', { openedAt: T0 + 40_000 })
    player.send(40_000, last, { type: 'hello' }, { tabId: 3, frameId: 0, ownCookies: true })
    const offline = { ...OFFLINE, state: { ...OFFLINE.state, startTimestamp: T0 + 32_000 } }
    player.send(40_500, last, agentEvent(offline), { tabId: 3, frameId: 0, ownCookies: true })
    player.tick(40_600)
    expect(offer(41_000, {}, 'doc-d')).toMatchObject({ closeId: 'c2', stateBefore: { name: 'Also Available' } })
  })
})

test.each([
  ['logged out', closing('c1', { event: 'logout', hint: 'logout' })],
  [
    'were Offline before',
    closing('c1', { did: { action: 'none', reason: 'not_routable' }, stateBefore: facts('offline').state }),
  ],
])('who %s is offered nothing', (_who, event) => {
  close(event)
  comeBack()
  expect(offer()).toBeNull()
})

test.each([
  ['was first seen with another status', [facts('not_routable')]],
  ['was seen Offline, and then Available again', [OFFLINE, facts('routable', { state: AGAIN })]],
])('who %s in another CCP before the entry is written is offered nothing', (_what, seen) => {
  player.open(A)
  player.send(CLOSED, A, closing('c1'))
  player.send(CLOSED + 100, A, { type: 'result', closeId: 'c1', result: { ok: true } })
  player.send(CLOSED + 500, B, { type: 'hello' }, IN_B)
  for (const [nth, agent] of seen.entries()) player.send(CLOSED + 600 + nth, B, agentEvent(agent), IN_B)
  player.send(CLOSED + 700, A, { type: 'gone' })
  player.tabRemoved(CLOSED + 710)
  player.tick(CLOSED + 5_000)
  expect(player.entries).toHaveLength(1)
  player.send(CLOSED + 6_000, B, agentEvent(OFFLINE), IN_B)
  expect(offer()).toBeNull()
})

test('whose Offline is older than the close is offered nothing', () => {
  close()
  comeBack({ ...OFFLINE, state: { ...OFFLINE.state, startTimestamp: T0 - HOUR } })
  expect(offer()).toBeNull()
})
