/**
 * Guarded closes: which closes are guarded, which Offlines count as late requests, and that none of those outlasts a
 * return.
 */
import * as fc from 'fast-check'
import { dutiesOf } from '../../../../src/domain/closes/close'
import { LATE_REQUEST_MS, isLateOffline } from '../../../../src/domain/closes/guarded-close'
import { guardedClosesOf } from '../../../../src/domain/closes/late-requests'
import type { ClosingReport, DirectAttempt } from '../../../../src/domain/close-report'
import { closing, header, INSTANCE, EventPlayer, state, T0 } from '../build'
import { PROPERTY_MS } from '../../../property-time'

jest.setTimeout(PROPERTY_MS)

const DOC = header('doc-a')
const guardedClosesAt = (player: EventPlayer, openedAt: number, now: number, instance = INSTANCE) =>
  guardedClosesOf(player.state, { instance, openedAt: T0 + openedAt }, T0 + now)

const attempted = (direct: DirectAttempt | null): ClosingReport['did'] => ({
  action: 'attempted',
  target: state('offline'),
  direct,
  mayQueue: false,
})

describe('a close that sent requests', () => {
  let player: EventPlayer
  beforeEach(() => {
    player = new EventPlayer()
    player.open(DOC)
    player.send(1_000, DOC, closing('close-1'))
  })

  test('is guarded for half a minute in documents that open after it', () => {
    expect(guardedClosesAt(player, 1_500, 2_000)).toEqual([
      { closeId: 'close-1', username: 'ada', count: 1, until: T0 + 1_000 + LATE_REQUEST_MS },
    ])
    expect(guardedClosesAt(player, 1_500, 1_000 + LATE_REQUEST_MS)).toEqual([])
  })

  test('is not guarded in a document that was open before, or in another instance', () => {
    expect(guardedClosesAt(player, 999, 2_000)).toEqual([])
    expect(guardedClosesAt(player, 1_500, 2_000, 'acme.my.connect.aws.example')).toEqual([])
  })

  test('is forgotten when none of its requests can arrive any more', () => {
    player.tick(1_000 + LATE_REQUEST_MS)
    expect(dutiesOf(player.state, 'late_requests')).toEqual([])
  })
})

test('a close that called Connect twice may cause two Offlines', () => {
  const player = new EventPlayer()
  player.open(DOC)
  player.send(1_000, DOC, closing('close-1', { did: attempted('keepalive') }))
  expect(guardedClosesAt(player, 1_500, 2_000)).toMatchObject([{ count: 2 }])
})

describe('a document that died without a close report', () => {
  const armed = (deadMansSwitch: 'armed' | 'ready') => ({
    type: 'capabilities' as const,
    capabilities: { direct: { status: 'works' as const, roundTripMs: 60, at: T0 }, deadMansSwitch },
  })

  test('is guarded if the browser held its Offline request, which is sent at that moment', () => {
    const player = new EventPlayer()
    player.open(DOC)
    player.send(500, DOC, armed('armed'))
    player.lost(1_000, DOC.docId)
    expect(guardedClosesAt(player, 1_500, 2_000)).toEqual([
      { closeId: DOC.docId, username: 'ada', count: 1, until: T0 + 1_000 + LATE_REQUEST_MS },
    ])
  })

  test('is guarded too if its tab was closed with it', () => {
    const player = new EventPlayer()
    player.open(DOC)
    player.send(500, DOC, armed('armed'))
    player.tabRemoved(1_000)
    expect(guardedClosesAt(player, 1_500, 2_000)).toMatchObject([{ count: 1 }])
  })

  test('is not guarded if the browser held nothing', () => {
    const player = new EventPlayer()
    player.open(DOC)
    player.send(500, DOC, armed('ready'))
    player.lost(1_000, DOC.docId)
    expect(guardedClosesAt(player, 1_500, 2_000)).toEqual([])
  })

  test('is not guarded if its close report had cancelled the request', () => {
    const player = new EventPlayer()
    player.open(DOC)
    player.send(500, DOC, armed('armed'))
    player.send(900, DOC, closing('close-1', { did: { action: 'none', reason: 'not_routable' } }))
    player.lost(1_000, DOC.docId)
    expect(guardedClosesAt(player, 1_500, 2_000)).toEqual([])
  })
})

test('a close that did nothing is not guarded', () => {
  const player = new EventPlayer()
  player.open(DOC)
  player.send(1_000, DOC, closing('close-1', { did: { action: 'none', reason: 'not_routable' } }))
  expect(guardedClosesAt(player, 1_500, 2_000)).toEqual([])
})

describe('an Offline after the agent’s return', () => {
  const seen = { beforeAt: 10_000, afterAt: 11_000, lastInputAt: 0 }
  const change = { before: state('routable'), after: state('offline'), ...seen, fromStates: [] }

  test('is a late request if nobody has touched the page since the agent became Available', () => {
    expect(isLateOffline(change)).toBe(true)
    // The click that made them Available happened before the page knew about it.
    expect(isLateOffline({ ...change, lastInputAt: 9_900 })).toBe(true)
  })

  test('is the agent’s choice after a click', () => {
    expect(isLateOffline({ ...change, lastInputAt: 10_500 })).toBe(false)
    expect(isLateOffline({ ...change, lastInputAt: 10_500, afterAt: 20_501 })).toBe(true)
  })

  test('is not a late request if the agent was not Available before, or is not Offline now', () => {
    expect(isLateOffline({ ...change, before: state('not_routable') })).toBe(false)
    expect(isLateOffline({ ...change, after: state('not_routable') })).toBe(false)
  })
})

test('a new close replaces the previous one as the guarded close', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), (directs) => {
      const player = new EventPlayer()
      directs.forEach((isDirect, index) => {
        const doc = header(`doc-${index}`, { openedAt: T0 + index * 1_000 })
        const place = { tabId: index, frameId: 0, ownCookies: true }
        player.open(doc, undefined, place)
        const did = attempted(isDirect ? 'keepalive' : null)
        player.send(index * 1_000 + 500, doc, closing(`close-${index}`, { did }), place)
      })
      const last = directs.length - 1
      const guardedCloses = guardedClosesAt(player, last * 1_000 + 600, last * 1_000 + 600)
      expect(guardedCloses).toMatchObject([{ closeId: `close-${last}`, count: directs[last] ? 2 : 1 }])
    }),
  )
})
