import * as fc from 'fast-check'
import { agentKey } from '../../../../src/domain/agent'
import { needsAttention } from '../../../../src/domain/log-entry'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import { nextAlarm } from '../../../../src/domain/closes/due'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { CloseState } from '../../../../src/domain/closes/state'
import { keyOf } from '../../../../src/domain/closes/ccp-document'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { RULES } from '../build'
import { closeIdsOf, must, newsOf, play, RUNS, stepsOf, timeline } from './playing'
import { worlds } from './world'
import { PROPERTY_MS } from '../../../property-time'

jest.setTimeout(PROPERTY_MS)

test('every close that began is logged exactly once, and every closed document belongs to exactly one', () => {
  fc.assert(
    fc.property(worlds(false), (world) => {
      const events = timeline(world)
      const { entries, state } = play(events)
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
})

test('no closed document is stuck and no entry is written twice, however late, lost or out of order the events', () => {
  fc.assert(
    fc.property(worlds(true), (world) => {
      const { entries, state } = play(timeline(world))
      must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
      for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
      must(nextAlarm(state, 0) === null, 'somebody waits for another look')
    }),
    RUNS,
  )
})

/** The clock is set once: later events have shifted times, and keep their order. */
function withClockSet(events: readonly CcpEvent[], from: number, by: number): CcpEvent[] {
  const opened = new Set<string>()
  return events.map((event, nth) => {
    if (event.type !== 'document') return nth < from ? event : { ...event, at: event.at + by }
    const { header } = event
    if (nth < from) opened.add(header.docId)
    const openedAt = opened.has(header.docId) ? header.openedAt : header.openedAt + by
    return { ...event, header: { ...header, openedAt }, at: nth < from ? event.at : event.at + by }
  })
}

test('the same holds if the clock is set back or forward at any moment', () => {
  const HOUR = 3_600_000
  const by = fc.constantFrom(-24 * HOUR, -HOUR, -11 * 60_000, -30_000, 30_000, HOUR, 24 * HOUR)
  fc.assert(
    fc.property(worlds(true), fc.nat({ max: 60 }), by, (world, from, jump) => {
      const { entries, state } = play(withClockSet(timeline(world), from, jump))
      must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
      for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
      for (const docId of world.living) must(docId in state.documents || docId in state.ended, `${docId} was forgotten`)
      must(nextAlarm(state, 0) === null, 'somebody waits for another look')
    }),
    RUNS,
  )
})

test('pages’ reports make a close accepted, by an answer or by a later Offline snapshot, but never confirmed', () => {
  fc.assert(
    fc.property(worlds(true), (world) => {
      const events = timeline(world)
      const docEvent = newsOf(events)
      const { entries } = play(events)
      must(!entries.some(({ outcome }) => outcome === 'confirmed'), 'nobody has asked')
      for (const entry of entries.filter(({ outcome }) => outcome === 'accepted')) {
        const closings = docEvent.flatMap((event) =>
          event.docEvent.type === 'closing' ? [{ ...event.docEvent.report, at: event.at }] : [],
        )
        const own = closings.filter(({ at }) =>
          entry.timeline.some((step) => step.event === 'closing' && step.at === at),
        )
        const answered = docEvent.some(
          ({ docEvent: said }) =>
            said.type === 'result' && said.result.ok && own.some(({ closeId }) => closeId === said.closeId),
        )
        const seen = docEvent.some(
          ({ docEvent: said, at }) =>
            said.type === 'agent' &&
            said.agent.username === entry.username &&
            said.agent.state.type === 'offline' &&
            at >= entry.at,
        )
        must(entry.evidence === 'call_answered' ? answered : entry.evidence === 'snapshot' && seen, 'no evidence')
      }
    }),
    RUNS,
  )
})

test('a flag stands only for an agent whose close needs attention and who has not been seen since', () => {
  fc.assert(
    fc.property(worlds(true), (world) => {
      play(timeline(world), ({ state, entries }) => {
        for (const flag of flagsOf(state)) {
          const entry = entries.find(({ id }) => id === flag.closeId)
          must(entry !== undefined && needsAttention(entry), 'the flag of a close that went well')
          const key = agentKey(flag.instance, flag)
          const isBack = Object.values(state.documents).some((doc) => keyOf(doc) === key && doc.agentAt > flag.since)
          must(!isBack, 'the agent has been seen since')
        }
      })
    }),
    RUNS,
  )
})

test('receiving an event twice changes nothing', () => {
  fc.assert(
    fc.property(worlds(true), (world) => {
      let state: CloseState = EMPTY_CLOSE_STATE
      for (const event of timeline(world)) {
        const once = reduceCloses(state, event, {
          extensionVersion: '1.2.3',
          mode: 'observe',
          mayAsk: true,
          recoveryUse: 'never',
          graceMs: 20_000,
          rulesOf: () => RULES,
        })
        const twice = reduceCloses(once.state, event, {
          extensionVersion: '1.2.3',
          mode: 'observe',
          mayAsk: true,
          recoveryUse: 'never',
          graceMs: 20_000,
          rulesOf: () => RULES,
        })
        must(twice.finalized.length === 0, 'concluded again')
        must(JSON.stringify(twice.state) === JSON.stringify(once.state), 'the state has changed')
        state = once.state
      }
    }),
    RUNS,
  )
})
