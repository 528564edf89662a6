/** What the instance's answers and the page's Streams say, read by what reads them in the background and in the page. */
import * as v from 'valibot'
import { ROUNDING_MS } from '../../../src/domain/state-period'
import { milliseconds, readAgent } from '../../../src/page/read-agent'
import { snapshotAnswer } from '../../../src/protocol/connect-answers'
import { answerOf } from '../../recorded/snapshots'
import { CASES, date, streamsAgent, toMs } from './recorded'

it.each(CASES)('counts whole seconds: %s', (_what, { state, snapshotTimestamp }) => {
  const inState = toMs(snapshotTimestamp) - toMs(state.startTimestamp)
  expect(Math.abs(inState - Math.round(inState / 1000) * 1000)).toBeLessThan(ROUNDING_MS)
})

it.each(CASES)('is read by the answers’ schema: %s', (_what, recorded) => {
  const { snapshot } = v.parse(snapshotAnswer, answerOf(recorded))
  expect(snapshot.state).toMatchObject({ name: recorded.state.name, type: recorded.state.type })
  expect(snapshot.state.startTimestamp).toBeCloseTo(toMs(recorded.state.startTimestamp), -1)
  expect((snapshot.contacts ?? []).map(({ type, state }) => [type, state?.type])).toEqual(
    recorded.contact === null ? [] : [[recorded.contact.channel, recorded.contact.state]],
  )
})

it.each(CASES)('is read by the page’s reader: %s', (_what, recorded) => {
  const facts = readAgent(streamsAgent(recorded))
  // A state that differs from the availability is caused by a contact, whatever its type.
  const type = recorded.state.name === 'Pending' ? 'system' : recorded.state.type
  expect(facts.state).toMatchObject({ name: recorded.state.name, type })
  expect(facts.state.startTimestamp).toBe(milliseconds(date(recorded.state.startTimestamp)))
  expect(facts.offlineState?.name).toBe('Offline')
  expect(facts.contacts.map(({ channel, state }) => [channel, state])).toEqual(
    recorded.contact === null ? [] : [[recorded.contact.channel, recorded.contact.state]],
  )
})
