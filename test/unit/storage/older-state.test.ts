/** How the state is written for versions before closes were stored, and what is read from their state. */
import * as fc from 'fast-check'
import type { CcpDocument } from '../../../src/domain/closes/ccp-document'
import type { Close } from '../../../src/domain/closes/close'
import { dutiesOf } from '../../../src/domain/closes/close'
import { pendingCloses } from '../../../src/domain/closes/closes'
import { flagsOf } from '../../../src/domain/closes/flags'
import { nextRecovery, orderOf } from '../../../src/domain/closes/recovery'
import type { CloseState } from '../../../src/domain/closes/state'
import { startCheck } from '../../../src/domain/check'
import { without } from '../../../src/domain/without'
import { asOlder, lifted, withoutOlderParts } from '../../../src/storage/older-state'
import { attempts, live, rescues } from '../domain/closes/asking'
import { worlds } from '../domain/closes/world'
import { closing, flag, flagged, EventPlayer, header, INSTANCE, state as stateOf, T0 } from '../domain/build'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const json = (value: unknown): CloseState => JSON.parse(JSON.stringify(value)) as CloseState

/** What is done about a close, without its name: an older version names it after its documents' current events. */
const process = ({ docIds, check, recovery, seenOffline, returned, isDismissed, isTakenOver: isSuperseded }: Close) => {
  return { docIds, check, recovery, seenOffline, returned, isDismissed, isSuperseded }
}
const follows = (state: CloseState) =>
  (['log_out', 'exposure', 'restore', 'late_requests'] as const).map((kind) =>
    dutiesOf(state, kind)
      .map(({ close, duty }) => JSON.stringify([close.username, duty]))
      .sort(),
  )

test('an older version finds everything that is done about a close, and its state is read back unchanged', () => {
  let looked = 0
  fc.assert(
    fc.property(worlds(true), attempts, rescues, (world, plans, rescue) => {
      live(
        world,
        plans,
        ({ state, entries }) => {
          // Each is checked only a few times: at every event it would take minutes.
          if ((entries.length + Object.keys(state.documents).length) % 3 !== 0) return
          looked += 1
          const back = lifted(json(asOlder(state)))
          expect(pendingCloses(back).map(process)).toEqual(pendingCloses(state).map(process))
          expect(flagsOf(back).map((flag) => without(flag, 'closeId'))).toEqual(
            flagsOf(state).map((flag) => without(flag, 'closeId')),
          )
          expect(follows(back)).toEqual(follows(state))
          expect(nextRecovery(back, T0) === null).toBe(nextRecovery(state, T0) === null)
          expect(orderOf(back)?.username).toBe(orderOf(state)?.username)
        },
        rescue,
      )
    }),
    { numRuns: 60 },
  )
  expect(looked).toBeGreaterThan(100)
})

test('the current version reads its own closes, and ignores what is written for older versions', () => {
  const player = new EventPlayer()
  player.open(header('doc-a'))
  player.send(1_000, header('doc-a'), closing('c1'))
  const { closes } = player.state
  expect(withoutOlderParts({ ...json(asOlder(player.state)), closes })).toEqual(player.state)
})

test('the state of a version without closes is read, with closes, names and duties', () => {
  const player = new EventPlayer()
  player.open(header('doc-a'))
  player.send(1_000, header('doc-a'), closing('c1'))
  player.send(1_010, header('doc-a'), { type: 'gone' })
  const rest = without(player.state, 'closes')
  const doc = player.state.documents['doc-a'] as CcpDocument
  const check = { ...startCheck(T0 + 3_000), attempts: 3, nextAt: T0 + 9_000 }
  const about = { closeId: 'c1', instance: INSTANCE, username: 'ada' }
  const stored = {
    ...rest,
    documents: { 'doc-a': { ...doc, verification: check, recovery: null, seenOfflineAt: null, returned: null } },
    flags: [
      {
        ...about,
        ...{ why: 'close', agentName: 'Ada L.', since: T0 + 1_000, outcome: 'unconfirmed', url: 'https://x/' },
        ...{ stateBefore: stateOf('routable'), target: null, isObserved: false },
      },
    ],
    exposures: [{ ...about, closeId: 'c0', stateBefore: stateOf('routable'), since: T0 - 5_000 }],
    requests: { [`${INSTANCE}/ada`]: { closeId: 'c1', startedAt: T0, lastAt: T0, count: 2 } },
    recentCloses: [],
    logOuts: [],
  }
  const state = lifted(stored as unknown as CloseState)
  expect(Object.keys(state.documents['doc-a'] ?? {})).not.toContain('verification')
  expect(state.closes['c1']).toMatchObject({ docIds: ['doc-a'], check, verdict: null, username: 'ada' })
  expect(flagsOf(state)).toEqual(stored.flags)
  expect(state.closes['c0']).toMatchObject({ verdict: { at: T0 - 5_000 }, duties: [{ kind: 'exposure' }] })
  expect(dutiesOf(state, 'late_requests').map(({ close }) => close.id)).toEqual(['c1'])
  expect(Object.keys(state)).not.toContain('flags')
})

test('a flag without an agent is written as a close for a version without a word for it', () => {
  const close = flag({ why: 'unprotected', closeId: 'doc-a-page', username: '', agentName: '' })
  expect(asOlder(flagged([close, flag()]))).toMatchObject({ flags: [{ ...close, why: 'close' }, flag()] })
})

test.each([
  ['seen', { at: T0, reported: 'seen' }, { at: T0, confirmed: true, by: 'seen' }],
  ['set', { at: T0, reported: 'set' }, { at: T0, confirmed: true, by: 'set' }],
  [
    'accepted',
    { at: T0, reported: 'accepted' },
    { at: T0, confirmed: false, isAccepted: true, reason: 'refused', error: null, isDeclined: false },
  ],
  [
    'a reason',
    { at: T0, reported: null, reason: 'other_agent', error: null, isDeclined: false },
    { at: T0, confirmed: false, reason: 'other_agent', error: null, isDeclined: false },
  ],
] as const)('a recovery CCP that reported %s is written and read in the older form', (_, end, older) => {
  const player = new EventPlayer()
  player.open(header('doc-a'))
  player.send(1_000, header('doc-a'), closing('c1'))
  const recovery = { since: T0, reason: 'refused', status: 'over', end } as const
  const [close] = Object.values(player.state.closes)
  if (close === undefined) throw new Error('no close')
  const stored = asOlder({ ...player.state, closes: { [close.id]: { ...close, recovery } } })
  const documents = (stored as { documents: Record<string, { recovery: { end: object } | null }> }).documents
  expect(Object.values(documents).map((doc) => doc.recovery?.end)).toEqual([expect.objectContaining(older)])
  expect(pendingCloses(lifted(json(stored))).map((one) => one.recovery)).toEqual([recovery])
})
