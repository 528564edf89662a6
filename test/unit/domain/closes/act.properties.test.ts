import * as fc from 'fast-check'
import type { LogEntry } from '../../../../src/domain/log-entry'
import { needsAttention } from '../../../../src/domain/log-entry'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import { nextAlarm } from '../../../../src/domain/closes/due'
import type { Question } from './asking'
import { attempts, live } from './asking'
import type { News } from './playing'
import { closeIdsOf, must, newsOf, RUNS, stepsOf } from './playing'
import { worlds } from './world'
import { PROPERTY_MS } from '../../../property-time'

jest.setTimeout(PROPERTY_MS)

describe('in act mode, whatever the instance answers and whenever,', () => {
  test('every close that began is logged exactly once, and nothing stays pending', () => {
    let asked = 0
    fc.assert(
      fc.property(worlds(false), attempts, (world, plans) => {
        const { entries, state, questions } = live(world, plans)
        asked += questions.length
        const events = world.deliveries.map(({ event }) => event)
        must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
        must(stepsOf(entries, 'closing') === closeIdsOf(events).size, 'a close is missing, or told twice')
        const gone = stepsOf(entries, 'gone') + stepsOf(entries, 'browser_ended')
        must(gone === world.gone.size, `${gone} documents are logged as gone, ${world.gone.size} went`)
        for (const docId of world.living) must(docId in state.documents, `${docId} was forgotten`)
        for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
        must(pendingCloses(state).length === 0, 'a close is pending')
        must(nextAlarm(state, 0) === null, 'somebody waits for another look')
      }),
      RUNS,
    )
    expect(asked).toBeGreaterThan(RUNS.numRuns)
  })

  test('no closed document is stuck and no entry is written twice, however late, lost or out of order the events', () => {
    fc.assert(
      fc.property(worlds(true), attempts, (world, plans) => {
        const { entries, state } = live(world, plans)
        must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
        for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
        must(nextAlarm(state, 0) === null, 'somebody waits for another look')
      }),
      RUNS,
    )
  })

  test('a close is confirmed only by a finding about that close, never by a page', () => {
    const evidences = new Set<string>()
    fc.assert(
      fc.property(worlds(true), attempts, (world, plans) => {
        const docEvent = newsOf(world.deliveries.map(({ event }) => event))
        const { entries, questions } = live(world, plans)
        for (const entry of entries.filter(({ outcome }) => outcome === 'confirmed')) {
          evidences.add(entry.evidence)
          must(isEvident(entry, docEvent, questions), `no evidence: ${entry.evidence} of ${entry.id}`)
        }
      }),
      RUNS,
    )
    expect([...evidences].sort()).toEqual(['asked', 'set_by_background'])
  })

  test('a flag stands only for a close that is still being verified or needs attention', () => {
    let raised = 0
    fc.assert(
      fc.property(worlds(true), attempts, (world, plans) => {
        const { state } = live(world, plans, ({ state: now, entries }) => {
          for (const flag of flagsOf(now)) {
            raised += 1
            const entry = entries.find(({ id }) => id === flag.closeId)
            const isPending = pendingCloses(now).some(({ documents }) =>
              documents.some(({ docId, closing }) => [docId, closing?.report.closeId].includes(flag.closeId)),
            )
            // A late close report gives a close that is already flagged another name.
            const isOfAnother = entries.some((other) => other.username === flag.username && needsAttention(other))
            must(entry?.outcome !== 'confirmed', 'the flag of a close that is confirmed')
            must(
              entry === undefined ? isPending || isOfAnother : needsAttention(entry),
              'the flag of no close, or of one that went well',
            )
          }
        })
        must(flagsOf(state).length <= 2, 'more flags than agents')
      }),
      RUNS,
    )
    expect(raised).toBeGreaterThan(0)
  })
})

/** Whether an answer of Connect stands behind a confirmed entry. */
function isEvident(entry: LogEntry, docEvent: readonly News[], questions: readonly Question[]): boolean {
  const stepAt = (at: number, ...events: string[]): boolean =>
    entry.timeline.some((step) => step.at === at && events.includes(step.event))
  const own = new Set(
    docEvent.flatMap(({ docEvent: said, at }) =>
      said.type === 'closing' && stepAt(at, 'closing') ? [said.report.closeId] : [],
    ),
  )
  switch (entry.evidence) {
    case 'asked':
    case 'set_by_background': {
      const by = entry.evidence === 'asked' ? 'asked' : 'set'
      return questions.some(
        ({ finding, closeId, goneAt, at }) =>
          finding.kind === 'offline' &&
          finding.by === by &&
          at >= entry.at &&
          (closeId === null ? goneAt !== null && stepAt(goneAt, 'gone', 'browser_ended') : own.has(closeId)),
      )
    }
    // Reported by a page only, which is no confirmation.
    case 'snapshot':
    case 'call_answered':
    case 'set_by_recovery':
    case 'none':
      return false
  }
}
