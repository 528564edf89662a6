import { DEFAULT_OPTIONS } from '../../../watchdog/src/decide/options'
import { caseOf, presenceOf, voicesOf } from '../../../watchdog/src/decide/suspicion'
import { row, T0 } from './build'

const after = (ms: number, ...rows: Parameters<typeof presenceOf>[0]): string =>
  presenceOf(rows, DEFAULT_OPTIONS, T0 + ms).is

it.each([
  [59_999, 'present'],
  [60_000, 'late'],
  [89_999, 'late'],
  [90_000, 'suspect'],
])('a machine that was last heard from %i ms ago is %s', (ms, is) => {
  expect(after(ms, row(T0))).toBe(is)
})

it('waits for two intervals if set to', () => {
  expect(presenceOf([row(T0)], { ...DEFAULT_OPTIONS, misses: 2 }, T0 + 60_000).is).toBe('suspect')
})

it('keeps a claimed interval within its bounds', () => {
  expect(after(89_999, row(T0, { intervalMs: 1 }))).toBe('late')
  expect(after(1_800_000, row(T0, { intervalMs: 9_000_000 }))).toBe('suspect')
})

it('does not watch agents who are not Available, or have no CCP open', () => {
  expect(after(600_000, row(T0, { isAvailable: false }))).toBe('unwatched')
  expect(after(600_000, row(T0, { ccps: 0 }))).toBe('unwatched')
  expect(after(600_000)).toBe('unwatched')
})

it('does not take an agent for silent if any of their machines was heard from', () => {
  const other = { machine: 'machine-b', ccps: 0 }
  expect(after(90_000, row(T0), row(T0 + 60_000, other))).toBe('present')
  expect(after(150_000, row(T0), row(T0 + 60_000, other))).toBe('suspect')
})

it('suspects an agent with a flagged close at once, unless they have a living CCP elsewhere', () => {
  const flag = { why: 'close', closeId: 'c', since: T0 } as const
  expect(presenceOf([row(T0, { ccps: 0, flag })], DEFAULT_OPTIONS, T0 + 1)).toMatchObject({
    is: 'suspect',
    reason: 'left',
  })
  const elsewhere = row(T0 - 20_000, { machine: 'machine-b' })
  expect(after(1, row(T0, { ccps: 0, flag }), elsewhere)).toBe('present')
  expect(after(1, row(T0, { ccps: 0, flag }), row(T0 - 90_000, { machine: 'machine-b' }))).toBe('suspect')
  expect(after(1, row(T0, { ccps: 1, flag }))).toBe('present')
})

it('lets one machine speak for one agent only: what it sent about another before is void', () => {
  const rows = [row(T0), row(T0 + 1, { agent: 'n:bob' }), row(T0, { machine: 'machine-b' })]
  const voices = voicesOf(rows)
  expect(voices.get('n:bob')).toHaveLength(1)
  expect(voices.get('n:alice')?.map(({ heartbeat }) => heartbeat.machine)).toEqual(['machine-b'])
})

it('orders a machine’s heartbeats by their sequence number if they come late, or at the same moment', () => {
  const said = (seq: number, agent: string, heardAt: number) => row(heardAt, { seq, agent, machine: 'machine-a' })
  for (const late of [0, 1]) {
    const rows = [said(1, 'n:bob', T0 + late), said(2, 'n:alice', T0)]
    expect([...voicesOf(rows).keys()]).toEqual(['n:alice'])
    expect([...voicesOf(rows.reverse()).keys()]).toEqual(['n:alice'])
  }
})

it('has one case per silence', () => {
  const suspicion = presenceOf([row(T0)], DEFAULT_OPTIONS, T0 + 90_000)
  if (suspicion.is !== 'suspect') throw new Error(suspicion.is)
  const first = caseOf('n:alice', suspicion, null, DEFAULT_OPTIONS, T0 + 90_000)
  expect(caseOf('n:alice', suspicion, { ...first, outcome: 'back' }, DEFAULT_OPTIONS, T0 + 99_000).outcome).toBe('back')
  const later = presenceOf([row(T0 + 1)], DEFAULT_OPTIONS, T0 + 99_000)
  if (later.is !== 'suspect') throw new Error(later.is)
  expect(caseOf('n:alice', later, first, DEFAULT_OPTIONS, T0 + 99_000)).not.toMatchObject({ id: first.id })
})
