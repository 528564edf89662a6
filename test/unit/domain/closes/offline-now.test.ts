import type { LogEntry } from '../../../../src/domain/log-entry'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { amendmentsOf } from '../../../../src/domain/closes/amendments'
import { offlineNowOf } from '../../../../src/domain/closes/offline-now'
import type { DocumentHeader } from '../../../../src/domain/closes/ccp-document'
import type { CloseRules } from '../../../../src/domain/close-rules'
import type { Finding } from '../../../../src/domain/check'
import type { PopupOffline } from '../../../../src/domain/settings'
import { agentEvent, closing, failed, facts, header, RULES, RUN, EventPlayer, state, succeeded, T0 } from '../build'

const PAGE = header('doc-a')
const asked = (closeId: string) => closing(closeId, { event: 'asked' })
const onChat = facts('routable', { contacts: [{ channel: 'chat', state: 'connected' }] })
const isOffline = facts('offline', { state: { ...state('offline'), startTimestamp: T0 + 1_500 } })

let player: EventPlayer
beforeEach(() => {
  player = new EventPlayer('act')
})

/** What the instance shows when it is asked. */
const shown: Finding = { kind: 'offline', by: 'asked' }

function now(
  at: number,
  {
    rules = {},
    popupOffline = 'show',
    page = PAGE,
  }: { rules?: Partial<CloseRules>; popupOffline?: PopupOffline; page?: DocumentHeader } = {},
) {
  const doc = player.state.documents[page.docId]
  if (doc === undefined) throw new Error('No such document')
  const lastEntry: LogEntry | null = player.entries.at(-1) ?? null
  return offlineNowOf(player.state, doc, { popupOffline, rulesFor: () => ({ ...RULES, ...rules }), lastEntry }, T0 + at)
}

describe('“set Offline now” is offered', () => {
  test('to a routable agent, whatever else is open', () => {
    player.open(PAGE)
    player.open(header('doc-b'), facts(), { tabId: 2, frameId: 0, ownCookies: true })
    expect(now(100)).toEqual({ is: 'offered', target: state('offline') })
  })

  test.each([
    ['is not routable', facts('not_routable'), {}],
    ['is Offline', facts('offline'), {}],
    ['is excluded', facts(), { excluded: 'instance_excluded' as const }],
    ['is only observed', facts(), { mode: 'observe' as const }],
    ['has no state of type offline', facts('routable', { offlineState: null }), {}],
  ])('not to an agent who %s', (_who, agent, rules) => {
    player.open(PAGE, agent)
    expect(now(100, { rules })).toEqual({ is: 'not_offered' })
  })

  test('not if policy hides it', () => {
    player.open(PAGE)
    expect(now(100, { popupOffline: 'hide' })).toEqual({ is: 'not_offered' })
  })

  test.each([
    ['a contact', onChat],
    ['after-contact work', facts('routable', { contacts: [{ channel: 'chat', state: 'ended' }] })],
    ['a state caused by a contact', facts('system')],
  ])('not during %s', (_what, agent) => {
    player.open(PAGE, agent)
    expect(now(100)).toEqual({ is: 'on_contact' })
  })
})

describe('the progress of “set Offline now”', () => {
  test('is confirmed only by what Connect shows the background, and then shown for a while', () => {
    player.open(PAGE)
    player.send(1_000, PAGE, asked('c1'))
    expect(now(1_001)).toEqual({ is: 'under_way', target: 'Abgemeldet', error: null })
    player.send(1_100, PAGE, succeeded('c1'))
    expect(now(1_101)).toEqual({ is: 'under_way', target: 'Abgemeldet', error: null })
    player.send(1_110, PAGE, { type: 'stayed', closeId: 'c1' })
    player.send(1_200, PAGE, agentEvent(isOffline))
    expect(now(1_201)).toMatchObject({ is: 'under_way' })
    player.tick(1_250)
    expect(now(1_251)).toMatchObject({ is: 'under_way' })
    player.verified(1_400, 'c1', shown)
    expect(now(1_401)).toEqual({ is: 'confirmed', target: 'Abgemeldet' })
    expect(player.entries).toMatchObject([{ outcome: 'confirmed', cause: 'asked', event: 'asked', exposure: null }])
    expect(now(5_000)).toEqual({ is: 'confirmed', target: 'Abgemeldet' })
    expect(now(120_000)).toEqual({ is: 'not_offered' })
    expect(flagsOf(player.state)).toEqual([])
  })

  test('ends with a new offer once the agent is Available again', () => {
    player.open(PAGE)
    player.send(1_000, PAGE, asked('c1'))
    player.send(1_100, PAGE, succeeded('c1'))
    player.send(1_110, PAGE, { type: 'stayed', closeId: 'c1' })
    player.tick(4_000)
    // Its snapshot is still under way.
    expect(now(4_100).is).toBe('under_way')
    player.send(4_200, PAGE, agentEvent(isOffline))
    player.send(4_300, PAGE, agentEvent(facts('routable', { state: { ...state('routable'), startTimestamp: T0 } })))
    player.tick(4_350)
    player.verified(4_500, 'c1', { kind: 'ended', reason: 'state_changed' })
    expect(now(5_000).is).toBe('offered')
  })

  test('shows a refusal, which is finally logged and flagged as a failure', () => {
    player.open(PAGE)
    player.send(1_000, PAGE, asked('c1'))
    player.send(1_100, PAGE, failed('c1'))
    expect(now(1_101)).toMatchObject({ is: 'under_way', error: { type: 'ThrottlingException' } })
    player.send(31_000, PAGE, { type: 'stayed', closeId: 'c1' })
    player.tick(34_000)
    // An agent who asks is present, so there is no exposure.
    expect(player.entries).toMatchObject([{ outcome: 'failed', cause: 'asked', exposure: null }])
    expect(flagsOf(player.state)).toMatchObject([{ why: 'asked', cause: 'asked', outcome: 'failed' }])
    expect(now(35_000).is).toBe('offered')
    // Until their state changes.
    player.send(40_000, PAGE, agentEvent(facts()))
    expect(flagsOf(player.state)).toHaveLength(1)
    const onBreak = agentEvent(facts('not_routable'))
    const seen = {
      type: 'document',
      at: T0 + 41_000,
      seq: 41_000,
      runId: RUN,
      header: PAGE,
      place: null,
      docEvent: onBreak,
    } as const
    expect(amendmentsOf(player.state, seen)).toEqual([])
    player.send(41_000, PAGE, onBreak)
    expect(flagsOf(player.state)).toEqual([])
  })

  test('is confirmed without an answer if the instance shows Offline', () => {
    player.open(PAGE)
    player.send(1_000, PAGE, asked('c1'))
    player.send(1_600, PAGE, agentEvent(isOffline))
    player.send(31_000, PAGE, { type: 'stayed', closeId: 'c1' })
    player.tick(34_000)
    player.verified(34_200, 'c1', shown)
    expect(player.entries).toMatchObject([{ outcome: 'confirmed', evidence: 'asked' }])
    expect(flagsOf(player.state)).toEqual([])
  })

  test('ends without a flag if the agent has chosen another state meanwhile', () => {
    player.open(PAGE)
    player.send(1_000, PAGE, asked('c1'))
    player.send(2_000, PAGE, agentEvent(facts('not_routable')))
    player.send(31_000, PAGE, { type: 'stayed', closeId: 'c1' })
    player.tick(34_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed' }])
    expect(flagsOf(player.state)).toEqual([])
  })

  test('shows in the agent’s other pages too', () => {
    const other = header('doc-b')
    player.open(PAGE)
    player.open(other, facts(), { tabId: 2, frameId: 0, ownCookies: true })
    player.send(1_000, PAGE, asked('c1'))
    expect(now(1_001, { page: other }).is).toBe('under_way')
  })
})
