import { readMonth, readMonths, readPilot } from '../../../src/options/report/read'
import type { LogEntry } from '../../../src/domain/log-entry'
import { sampleEntry } from '../ui/samples'
import { storeOf } from './log-store'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const at = (month: number, day: number) => new Date(2026, month - 1, day, 12).getTime()
const entry = (id: string, when: number, over: Partial<LogEntry> = {}) => sampleEntry({ id, at: when, ...over })
const observed = { outcome: 'not_needed', reason: 'mode_observe', would: 'reload' } as const
const entries = [
  entry('k', at(11, 20)),
  entry('j', at(11, 1), { outcome: 'failed' }),
  entry('i', at(10, 31), { outcome: 'not_needed', reason: 'not_routable' }),
  entry('h', at(9, 9), observed),
  entry('g', at(9, 8), { outcome: 'not_needed', reason: 'not_routable' }),
  entry('f', at(9, 7), { ...observed, would: 'set_offline' }),
  entry('e', at(8, 2), { cause: 'idle' }),
  entry('d', at(8, 1), { cause: 'idle', outcome: 'left_available' }),
  entry('c', at(7, 31)),
  entry('b', at(7, 30), { cause: 'idle' }),
  entry('a', new Date(2026, 6, 1).getTime()),
]
const read: LogEntry[] = []
const log = storeOf(() => entries, read)
const ids = (found: readonly LogEntry[]) => found.map(({ id }) => id)

beforeEach(() => {
  read.length = 0
})

test('only months with a result are listed, latest first', async () => {
  expect(await readMonths(log)).toEqual(['2026-11', '2026-07'])
})

test('a month is read from its first moment to its last, and nothing else', async () => {
  expect(ids(await readMonth(log, '2026-07'))).toEqual(['c', 'b', 'a'])
  expect(ids(read)).toEqual(['c', 'b', 'a'])
})

test('only the time of observed closes is read for a pilot', async () => {
  expect(ids(await readPilot(log))).toEqual(['h', 'g', 'f'])
  expect(new Set(ids(read))).toEqual(new Set(['h', 'g', 'f']))
})
