import { heartbeatFigures, linesOf, perHour, startsIn, usedBetween } from '../../../bench/rest/figures'
import { numberAfter, statOf, useOf } from '../../../bench/rest/processes'

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

test('what the browser uses is given per minute, and beside a browser without an extension', () => {
  const before = { processorMs: 1_000, writtenBytes: 5_000_000, memoryBytes: 400_000_000 }
  const after = { processorMs: 2_000, writtenBytes: 5_600_000, memoryBytes: 500_000_000 }
  const use = usedBetween(before, after, 120)
  expect(use).toEqual({ processorMs: 500, writtenKb: 300, memoryMb: 500 })
  const none = { processorMs: 250, writtenKb: 0, memoryMb: 400 }
  const [first, , , last] = linesOf({ none, keepalive: none, 'aws-snippet': none, signoff: use })
  expect(first).toBe(
    'none         processor 250 ms a minute (1.00 times); disk 0 kB a minute (–); memory 400 MB (1.00 times)',
  )
  expect(last).toBe(
    'signoff      processor 500 ms a minute (2.00 times); disk 300 kB a minute (–); memory 500 MB (1.25 times)',
  )
})

test('a process’s figures are read whatever its name', () => {
  const stat = '4711 (Web) (Content) S 1 4700 4700 0 -1 4194560 100 0 0 0 120 30 5 2 20 0 12 0 99'
  expect(statOf(stat)).toEqual({ group: 4700, processorMs: 1_570 })
  expect(numberAfter('write_bytes', 'wchar: 7\nwrite_bytes: 42\ncancelled_write_bytes: 9\n')).toBe(42)
  expect(numberAfter('Pss', 'SwapPss:               0 kB\nPss:                 600 kB\n')).toBe(600)
})

test('a group without processes uses nothing', () => {
  expect(useOf(-1)).toEqual({ processorMs: 0, writtenBytes: 0, memoryBytes: 0 })
})
