import * as fc from 'fast-check'
import { nextAlarm } from '../../../../src/domain/closes/due'
import { live, refusals, rescues } from './asking'
import { must, RUNS } from './playing'
import { worlds } from './world'
import { PROPERTY_MS } from '../../../property-time'

jest.setTimeout(PROPERTY_MS)

describe('with recovery CCPs, whatever happens to them,', () => {
  test('every close has one entry and at most one recovery, and nothing is stuck', () => {
    let opened = 0
    fc.assert(
      fc.property(worlds(true), refusals, rescues, (world, plans, rescue) => {
        const { entries, state, begun } = live(world, plans, undefined, rescue)
        opened += begun.length
        must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
        const steps = entries.map((entry) => entry.timeline.filter(({ event }) => event === 'recovery_opened').length)
        must(Math.max(0, ...steps) <= 1, 'a close was recovered twice')
        for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
        must(
          !Object.keys(state.documents).some((docId) => docId.startsWith('recovery')),
          'our own CCP is taken for one',
        )
        must(!entries.some(({ id }) => id.startsWith('recovery')), 'our own CCP has an entry')
        must(state.recovery === null, 'a recovery CCP is left')
        must(nextAlarm(state, 0) === null, 'somebody waits for another look')
      }),
      RUNS,
    )
    expect(opened).toBeGreaterThan(0)
  })

  test('a recovery makes a close accepted only if it reports that it has set Offline, and never confirmed', () => {
    let told = 0
    fc.assert(
      fc.property(worlds(false), refusals, rescues, (world, plans, rescue) => {
        const { entries, found } = live(world, plans, undefined, rescue)
        for (const entry of entries.filter(({ evidence }) => evidence === 'set_by_recovery')) {
          told += 1
          const step = entry.timeline.find(({ event }) => event === 'recovery_closed')
          const isEvident = found.some(
            ({ at, finding }) => finding.kind === 'offline' && finding.by === 'set' && at === step?.at,
          )
          must(entry.outcome === 'accepted' && isEvident, `no evidence of ${entry.id}`)
        }
      }),
      RUNS,
    )
    expect(told).toBeGreaterThan(0)
  })
})
