/** The record of a close: its id, its aliases, and what happens when late facts join two closes. */
import * as fc from 'fast-check'
import { amendmentsOf } from '../../../../src/domain/closes/amendments'
import { closeNamed, isKnownAs, newClose, updateClose, withAliases } from '../../../../src/domain/closes/close'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import { startCheck } from '../../../../src/domain/check'
import { closing, facts, header, RUN, EventPlayer, succeeded, T0 } from '../build'
import { must, play, RUNS, timeline } from './playing'
import { worlds } from './world'
import { PROPERTY_MS } from '../../../property-time'

jest.setTimeout(PROPERTY_MS)

const A = header('doc-a')

test('the id of a close never changes while the close is pending, and is the id of its entry', () => {
  fc.assert(
    fc.property(worlds(true), (world) => {
      const known = new Map<string, string>()
      play(timeline(world), ({ state, entries }) => {
        const pending = pendingCloses(state)
        must(
          pending.every(({ id }) => id in state.closes),
          'a close that is pending has no record',
        )
        must(new Set(pending.map(({ id }) => id)).size === pending.length, 'two closes have one id')
        for (const { id, aliases, docIds } of pending) {
          for (const docId of docIds) {
            const before = known.get(docId)
            const isSame = before === undefined || before === id || aliases.includes(before)
            // A document that stayed closes again under a new id. A late event may also show that two documents did
            // not belong together: the id stays with the superseding one.
            const isOver = entries.some((entry) => entry.id === before)
            const isSplit = pending.some((other) => other.id === before && other.id !== id)
            must(isSame || isOver || isSplit, `${docId}: ${before} has become ${id}`)
            known.set(docId, id)
          }
        }
        for (const { id, verdict } of Object.values(state.closes)) {
          const entry = entries.find((one) => one.id === id)
          must((verdict === null) === (entry === undefined), `${id} has a verdict, and no entry`)
          must(verdict === null || verdict.outcome === entry?.outcome, `${id} has the verdict of another`)
        }
      })
    }),
    RUNS,
  )
})

test('a late close report gives a close an alias, by which its page’s later events are understood', () => {
  const player = new EventPlayer()
  player.open(A)
  player.lost(1_000, 'doc-a')
  expect(pendingCloses(player.state)).toMatchObject([{ id: 'doc-a', aliases: [] }])
  player.send(1_100, A, closing('c1'), null)
  expect(pendingCloses(player.state)).toMatchObject([{ id: 'doc-a', aliases: ['c1'] }])
  player.send(1_200, A, succeeded('c1'), null)
  player.tick(40_000)
  expect(player.entries).toMatchObject([{ id: 'doc-a', outcome: 'accepted' }])
  const back = header('doc-b', { openedAt: T0 + 41_000 })
  const undone = { type: 'undone', closeId: 'c1', result: { ok: true } } as const
  const event = {
    type: 'document',
    at: T0 + 42_000,
    seq: 1,
    runId: RUN,
    header: back,
    place: null,
    docEvent: undone,
  } as const
  expect(amendmentsOf(player.state, event)).toMatchObject([{ id: 'doc-a', step: { event: 'undone' } }])
})

test('closes that turn out to be one are merged: the earlier one keeps its id, and no progress is lost', () => {
  const player = new EventPlayer()
  const frame = header('doc-b', { framed: true })
  const inside = { tabId: 1, frameId: 4, ownCookies: true }
  // The second document is known from the mailbox alone, without its tab.
  player.open(A)
  player.send(20, frame, closing('c2', {}, facts()), null)
  player.send(30, A, closing('c1'))
  expect(Object.keys(player.state.closes)).toEqual(['c2', 'c1'])
  const check = startCheck(T0 + 40)
  player.state = updateClose(player.state, 'c1', (close) => ({ ...close, check, isDismissed: true }))
  player.send(50, frame, { type: 'hello' }, inside)
  expect(Object.values(player.state.closes)).toMatchObject([
    { id: 'c2', aliases: ['c1'], docIds: ['doc-b', 'doc-a'], check, isDismissed: true },
  ])
  expect(closeNamed(player.state, 'c1')?.id).toBe('c2')
})

test('a page that reports another close’s id receives nothing of that close', () => {
  const player = new EventPlayer()
  player.open(A)
  player.send(1_000, A, closing('c1'))
  const other = header('doc-x', { instance: 'other.my.connect.aws', url: 'https://other.my.connect.aws/ccp-v2/' })
  player.send(1_100, other, closing('c1', {}, facts('routable', { username: 'eve' })), {
    tabId: 2,
    frameId: 0,
    ownCookies: true,
  })
  expect(Object.values(player.state.closes)).toMatchObject([
    { id: 'c1', username: 'ada' },
    { id: 'doc-x', username: 'eve' },
  ])
})

test('of too many names for a close, the newest are kept', () => {
  const names = Array.from({ length: 30 }, (_, nth) => `name-${nth}`)
  const close = names.reduce(
    (known, name) => withAliases(known, [name]),
    newClose({ id: 'c1', instance: A.instance, username: 'ada' }),
  )
  expect(close.aliases).toHaveLength(20)
  expect(isKnownAs(close, 'name-29')).toBe(true)
  expect(withAliases(close, ['c1', 'name-29'])).toBe(close)
})
