import { heartbeatFigures, perHour, startsIn } from '../../../bench/rest/figures'

test('a start is counted when a background runs that did not at the previous check', () => {
  expect(startsIn([])).toBe(0)
  expect(startsIn([true, true])).toBe(0)
  expect(startsIn([false, true, true, false, false, true])).toBe(2)
  expect(startsIn([true, false])).toBe(0)
})

test('counts are given per hour', () => {
  expect(perHour(2, 120)).toBe(60)
  expect(perHour(0, 120)).toBe(0)
})

test('bytes are per heartbeat, including its share of preflights', () => {
  const received = { heartbeats: 20, preflights: 1, bytesIn: 15_010, bytesOut: 9_990 }
  const figures = { anHour: 120, preflightsAnHour: 6, bytesSent: 751, bytesReceived: 500 }
  expect(heartbeatFigures(received, 600)).toEqual(figures)
  expect(heartbeatFigures({ ...received, heartbeats: 0 }, 600)).toMatchObject({ anHour: 0 })
})
