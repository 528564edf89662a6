import type { LogEntry } from '../../../../src/domain/log-entry'
import { amendmentsOf } from '../../../../src/domain/sessions/amendments'
import { offlineNowOf } from '../../../../src/domain/sessions/offline-now'
import type { DocumentHeader } from '../../../../src/domain/sessions/ccp-document'
import type { CloseRules } from '../../../../src/domain/close-rules'
import type { PopupOffline } from '../../../../src/domain/settings'
import { agentNews, closing, failed, facts, header, RULES, RUN, Sessions, state, succeeded, T0 } from '../build'

const PAGE = header('doc-a')
const asked = (closeId: string) => closing(closeId, { event: 'asked' })
const onChat = facts('routable', { contacts: [{ channel: 'chat', state: 'connected' }] })
const isOffline = facts('offline', { state: { ...state('offline'), startTimestamp: T0 + 1_500 } })

let sessions: Sessions
beforeEach(() => {
  sessions = new Sessions()
})

function now(
  at: number,
  {
    rules = {},
    popupOffline = 'show',
    page = PAGE,
  }: { rules?: Partial<CloseRules>; popupOffline?: PopupOffline; page?: DocumentHeader } = {},
) {
  const doc = sessions.state.documents[page.docId]
  if (doc === undefined) throw new Error('No such document')
  const lastEntry: LogEntry | null = sessions.entries.at(-1) ?? null
  return offlineNowOf(
    sessions.state,
    doc,
    { popupOffline, rulesFor: () => ({ ...RULES, ...rules }), lastEntry },
    T0 + at,
  )
}

describe('it is offered', () => {
  test('to an agent who takes contacts, whatever else is open', () => {
    sessions.open(PAGE)
    sessions.open(header('doc-b'), facts(), { tabId: 2, frameId: 0, ownCookies: true })
    expect(now(100)).toEqual({ is: 'offered', target: state('offline') })
  })

  test.each([
    ['takes none', facts('not_routable'), {}],
    ['is Offline', facts('offline'), {}],
    ['is left alone', facts(), { excluded: 'instance_excluded' as const }],
    ['is only observed', facts(), { mode: 'observe' as const }],
    ['has no such state', facts('routable', { offlineState: null }), {}],
  ])('not to one who %s', (_who, agent, rules) => {
    sessions.open(PAGE, agent)
    expect(now(100, { rules })).toEqual({ is: 'not_offered' })
  })

  test('not where policy hides it', () => {
    sessions.open(PAGE)
    expect(now(100, { popupOffline: 'hide' })).toEqual({ is: 'not_offered' })
  })

  test.each([
    ['a contact', onChat],
    ['the work after one', facts('routable', { contacts: [{ channel: 'chat', state: 'ended' }] })],
    ['a state of a contact’s making', facts('system')],
  ])('not during %s', (_what, agent) => {
    sessions.open(PAGE, agent)
    expect(now(100)).toEqual({ is: 'on_contact' })
  })
})

describe('how it goes', () => {
  test('only Connect’s word makes it confirmed, and it stays told for a while', () => {
    sessions.open(PAGE)
    sessions.news(1_000, PAGE, asked('c1'))
    expect(now(1_001)).toEqual({ is: 'under_way', target: 'Abgemeldet', error: null })
    sessions.news(1_100, PAGE, succeeded('c1'))
    expect(now(1_101)).toEqual({ is: 'confirmed', target: 'Abgemeldet' })
    sessions.news(1_110, PAGE, { type: 'stayed', closeId: 'c1' })
    sessions.news(1_200, PAGE, agentNews(isOffline))
    sessions.tick(4_000)
    expect(sessions.entries).toMatchObject([{ outcome: 'confirmed', cause: 'asked', event: 'asked', exposure: null }])
    expect(now(5_000)).toEqual({ is: 'confirmed', target: 'Abgemeldet' })
    expect(now(120_000)).toEqual({ is: 'not_offered' })
    expect(sessions.state.flags).toEqual([])
  })

  test('an agent who is Available again is offered it again', () => {
    sessions.open(PAGE)
    sessions.news(1_000, PAGE, asked('c1'))
    sessions.news(1_100, PAGE, succeeded('c1'))
    sessions.news(1_110, PAGE, { type: 'stayed', closeId: 'c1' })
    sessions.tick(4_000)
    // Its snapshot is on its way.
    expect(now(4_100).is).toBe('confirmed')
    sessions.news(4_200, PAGE, agentNews(isOffline))
    sessions.news(4_300, PAGE, agentNews(facts('routable', { state: { ...state('routable'), startTimestamp: T0 } })))
    expect(now(5_000).is).toBe('offered')
  })

  test('a refusal is told, and in the end logged and flagged, as what it is', () => {
    sessions.open(PAGE)
    sessions.news(1_000, PAGE, asked('c1'))
    sessions.news(1_100, PAGE, failed('c1'))
    expect(now(1_101)).toMatchObject({ is: 'under_way', error: { type: 'ThrottlingException' } })
    sessions.news(31_000, PAGE, { type: 'stayed', closeId: 'c1' })
    sessions.tick(34_000)
    // Whoever asks is there.
    expect(sessions.entries).toMatchObject([{ outcome: 'failed', cause: 'asked', exposure: null }])
    expect(sessions.state.flags).toMatchObject([{ why: 'asked', cause: 'asked', outcome: 'failed' }])
    expect(now(35_000).is).toBe('offered')
    // Until their state is another.
    sessions.news(40_000, PAGE, agentNews(facts()))
    expect(sessions.state.flags).toHaveLength(1)
    const onBreak = agentNews(facts('not_routable'))
    const seen = {
      type: 'news',
      at: T0 + 41_000,
      seq: 41_000,
      runId: RUN,
      header: PAGE,
      place: null,
      news: onBreak,
    } as const
    expect(amendmentsOf(sessions.state, seen)).toEqual([])
    sessions.news(41_000, PAGE, onBreak)
    expect(sessions.state.flags).toEqual([])
  })

  test('an answer that was lost is made up for by what the page sees', () => {
    sessions.open(PAGE)
    sessions.news(1_000, PAGE, asked('c1'))
    sessions.news(1_600, PAGE, agentNews(isOffline))
    expect(now(1_601).is).toBe('confirmed')
    sessions.news(31_000, PAGE, { type: 'stayed', closeId: 'c1' })
    sessions.tick(34_000)
    expect(sessions.entries).toMatchObject([{ outcome: 'confirmed', evidence: 'snapshot' }])
    expect(sessions.state.flags).toEqual([])
  })

  test('nobody is flagged who has chosen another state meanwhile', () => {
    sessions.open(PAGE)
    sessions.news(1_000, PAGE, asked('c1'))
    sessions.news(2_000, PAGE, agentNews(facts('not_routable')))
    sessions.news(31_000, PAGE, { type: 'stayed', closeId: 'c1' })
    sessions.tick(34_000)
    expect(sessions.entries).toMatchObject([{ outcome: 'unconfirmed' }])
    expect(sessions.state.flags).toEqual([])
  })

  test('while one page asks, the other says so too', () => {
    const other = header('doc-b')
    sessions.open(PAGE)
    sessions.open(other, facts(), { tabId: 2, frameId: 0, ownCookies: true })
    sessions.news(1_000, PAGE, asked('c1'))
    expect(now(1_001, { page: other }).is).toBe('under_way')
  })
})
