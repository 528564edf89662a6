import { amendmentBy, entryOf } from '../../../../src/domain/heartbeat/watchdog-act'
import type { WatchdogAct } from '../../../../src/domain/heartbeat/heartbeat-status'
import { amended } from '../../../../src/domain/log-entry'
import { sampleEntry } from '../../ui/samples'
import { INSTANCE, T0 } from '../build'

const KEY = `${INSTANCE}/ada`
const MINUTE = 60_000
const act = (values: Partial<WatchdogAct> = {}): WatchdogAct => ({
  id: 'act-1',
  username: 'ada',
  at: T0 + 2 * MINUTE,
  since: T0,
  reason: 'silent',
  isConfirmed: true,
  ...values,
})
/** A browser that was killed at T0, and started again an hour later. */
const killed = sampleEntry({
  id: 'killed',
  username: 'ada',
  at: T0,
  cause: 'browser_ended',
  outcome: 'confirmed',
  evidence: 'asked',
  tookMs: 60 * MINUTE,
  exposure: { from: T0, until: T0 + 60 * MINUTE, certainty: 'at_most' },
})

it('belongs to the close that was still open when the watchdog acted', () => {
  const older = sampleEntry({ ...killed, id: 'older', at: T0 - 9 * MINUTE, tookMs: 900, exposure: null })
  const later = sampleEntry({ ...killed, id: 'later', at: T0 + 61 * MINUTE, tookMs: 900, exposure: null })
  const anothers = sampleEntry({ ...killed, id: 'bob', username: 'bob' })
  expect(entryOf(KEY, act(), [later, anothers, killed, older])?.id).toBe('killed')
  expect(entryOf(KEY, act(), [later, anothers, older])).toBeNull()
})

it('belongs to a flagged close as long as its end is unknown', () => {
  const open = sampleEntry({ ...killed, tookMs: null, exposure: { from: T0, until: null, certainty: 'open' } })
  expect(entryOf(KEY, act({ reason: 'left' }), [open])?.id).toBe('killed')
  // A page without protection has no close.
  expect(entryOf(KEY, act(), [sampleEntry({ ...open, cause: 'none' })])).toBeNull()
})

it('records in the entry who set the state, and an upper bound of the exposure', () => {
  const entry = amended(killed, amendmentBy(act(), killed))
  expect(entry).toMatchObject({
    outcome: 'confirmed',
    evidence: 'asked',
    exposure: { from: T0, until: T0 + 2 * MINUTE, certainty: 'at_most' },
  })
  expect(entry.timeline).toContainEqual({ at: T0 + 2 * MINUTE, event: 'set_by_watchdog', detail: 'silent' })
})

it('does not count as done what Connect has only accepted', () => {
  const entry = amended(killed, amendmentBy(act({ isConfirmed: false }), killed))
  expect(entry.exposure).toEqual(killed.exposure)
  expect(entry.timeline).toContainEqual({ at: T0 + 2 * MINUTE, event: 'asked_by_watchdog', detail: 'silent' })
})

it('never lengthens an exposure', () => {
  const short = sampleEntry({ ...killed, exposure: { from: T0, until: T0 + 1_000, certainty: 'exact' } })
  expect(amendmentBy(act(), short).exposure).toBeNull()
})
