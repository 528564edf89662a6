/** The fence: which closes it stands for, what it takes for an Offline of ours, and that none of ours outlasts a return. */
import * as fc from 'fast-check'
import { FENCE_MS, fencesOf, isLateOffline } from '../../../../src/domain/sessions/fence'
import type { ClosingReport, DirectAttempt } from '../../../../src/domain/close-report'
import { closing, header, INSTANCE, Sessions, state, T0 } from '../build'

const DOC = header('doc-a')
const fencesAt = (sessions: Sessions, openedAt: number, now: number, instance = INSTANCE) =>
  fencesOf(sessions.state, { instance, openedAt: T0 + openedAt }, T0 + now)

const attempted = (direct: DirectAttempt | null): ClosingReport['did'] => ({
  action: 'attempted',
  target: state('offline'),
  direct,
  mayQueue: false,
})

describe('a close that sent requests', () => {
  let sessions: Sessions
  beforeEach(() => {
    sessions = new Sessions()
    sessions.open(DOC)
    sessions.news(1_000, DOC, closing('close-1'))
  })

  test('stands as a fence for documents that come after it, for half a minute', () => {
    expect(fencesAt(sessions, 1_500, 2_000)).toEqual([
      { closeId: 'close-1', username: 'ada', count: 1, until: T0 + 1_000 + FENCE_MS },
    ])
    expect(fencesAt(sessions, 1_500, 1_000 + FENCE_MS)).toEqual([])
  })

  test('is none to a document that was there before, nor at another instance', () => {
    expect(fencesAt(sessions, 999, 2_000)).toEqual([])
    expect(fencesAt(sessions, 1_500, 2_000, 'acme.my.connect.aws.example')).toEqual([])
  })

  test('is forgotten when nothing of it can arrive any more', () => {
    sessions.tick(1_000 + FENCE_MS)
    expect(sessions.state.requests).toEqual({})
  })
})

test('a close that called Connect twice may bring two Offlines', () => {
  const sessions = new Sessions()
  sessions.open(DOC)
  sessions.news(1_000, DOC, closing('close-1', { did: attempted('keepalive') }))
  expect(fencesAt(sessions, 1_500, 2_000)).toMatchObject([{ count: 2 }])
})

describe('a document that died without a word', () => {
  const armed = (deadMansSwitch: 'armed' | 'ready') => ({
    type: 'capabilities' as const,
    capabilities: { direct: { status: 'works' as const, roundTripMs: 60, at: T0 }, deadMansSwitch },
  })

  test('is a fence where the browser held its Offline request: it is sent at that moment', () => {
    const sessions = new Sessions()
    sessions.open(DOC)
    sessions.news(500, DOC, armed('armed'))
    sessions.lost(1_000, DOC.docId)
    expect(fencesAt(sessions, 1_500, 2_000)).toEqual([
      { closeId: DOC.docId, username: 'ada', count: 1, until: T0 + 1_000 + FENCE_MS },
    ])
  })

  test('is one as well where its tab is closed with it', () => {
    const sessions = new Sessions()
    sessions.open(DOC)
    sessions.news(500, DOC, armed('armed'))
    sessions.tabRemoved(1_000)
    expect(fencesAt(sessions, 1_500, 2_000)).toMatchObject([{ count: 1 }])
  })

  test('is none where the browser held nothing', () => {
    const sessions = new Sessions()
    sessions.open(DOC)
    sessions.news(500, DOC, armed('ready'))
    sessions.lost(1_000, DOC.docId)
    expect(fencesAt(sessions, 1_500, 2_000)).toEqual([])
  })

  test('is none where its last words had taken the request back', () => {
    const sessions = new Sessions()
    sessions.open(DOC)
    sessions.news(500, DOC, armed('armed'))
    sessions.news(900, DOC, closing('close-1', { did: { action: 'none', reason: 'not_routable' } }))
    sessions.lost(1_000, DOC.docId)
    expect(fencesAt(sessions, 1_500, 2_000)).toEqual([])
  })
})

test('a close that did nothing is no fence', () => {
  const sessions = new Sessions()
  sessions.open(DOC)
  sessions.news(1_000, DOC, closing('close-1', { did: { action: 'none', reason: 'not_routable' } }))
  expect(fencesAt(sessions, 1_500, 2_000)).toEqual([])
})

describe('an Offline after the return', () => {
  const seen = { beforeAt: 10_000, afterAt: 11_000, touchedAt: 0 }
  const change = { before: state('routable'), after: state('offline'), ...seen, fromStates: [] }

  test('is ours where nobody has touched the page since the agent was ready', () => {
    expect(isLateOffline(change)).toBe(true)
    // The click that made them Available came before it was known that they are.
    expect(isLateOffline({ ...change, touchedAt: 9_900 })).toBe(true)
  })

  test('is their own after a click', () => {
    expect(isLateOffline({ ...change, touchedAt: 10_500 })).toBe(false)
    expect(isLateOffline({ ...change, touchedAt: 10_500, afterAt: 20_501 })).toBe(true)
  })

  test('is none where they were not ready, or have become something else', () => {
    expect(isLateOffline({ ...change, before: state('not_routable') })).toBe(false)
    expect(isLateOffline({ ...change, after: state('not_routable') })).toBe(false)
  })
})

/** Only the fence of now counts: whoever closes again has other requests under way. */
test('a new close takes the place of the one before', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), (directs) => {
      const sessions = new Sessions()
      directs.forEach((isDirect, index) => {
        const doc = header(`doc-${index}`, { openedAt: T0 + index * 1_000 })
        const place = { tabId: index, frameId: 0, ownCookies: true }
        sessions.open(doc, undefined, place)
        const did = attempted(isDirect ? 'keepalive' : null)
        sessions.news(index * 1_000 + 500, doc, closing(`close-${index}`, { did }), place)
      })
      const last = directs.length - 1
      const fences = fencesAt(sessions, last * 1_000 + 600, last * 1_000 + 600)
      expect(fences).toMatchObject([{ closeId: `close-${last}`, count: directs[last] ? 2 : 1 }])
    }),
  )
})
