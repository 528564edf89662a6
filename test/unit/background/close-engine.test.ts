import type { EngineParts } from '../../../src/background/close-engine'
import { CloseEngine } from '../../../src/background/close-engine'
import { Problems } from '../../../src/background/problems'
import type { LogEntry } from '../../../src/domain/log-entry'
import { flagsOf } from '../../../src/domain/closes/flags'
import type { CcpEvent } from '../../../src/domain/closes/events'
import type { DocumentEvent } from '../../../src/domain/closes/events'
import { EMPTY_CLOSE_STATE } from '../../../src/domain/closes/state'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings'
import type { StoredCloses } from '../../../src/storage/close-store'
import { agentEvent, closing, facts, header, RUN, succeeded, T0 } from '../domain/build'

const docEvent = (at: number, what: DocumentEvent): CcpEvent => ({
  type: 'document',
  seq: 1,
  at: T0 + at,
  runId: RUN,
  header: header('doc-a'),
  place: { tabId: 1, frameId: 0, ownCookies: true },
  docEvent: what,
})
const CONFIRMED_CLOSE: CcpEvent[] = [
  docEvent(0, agentEvent(facts())),
  docEvent(1_000, closing('c1')),
  docEvent(1_010, succeeded('c1')),
  { type: 'tab_removed', at: T0 + 1_020, tabId: 1, windowClosing: false },
]

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

let disk: StoredCloses
let log: LogEntry[]
let aside: unknown[]
let problems: Problems
let order: string[]
beforeEach(() => {
  disk = { state: EMPTY_CLOSE_STATE, unlogged: [], amendments: [] }
  log = []
  aside = []
  problems = new Problems()
  order = []
})

function engine(changes: Partial<EngineParts> = {}): CloseEngine {
  return new CloseEngine({
    extensionVersion: '1.2.3',
    now: () => T0 + 2_000,
    settings: () => Promise.resolve({ ...DEFAULT_SETTINGS, directPath: 'page', recovery: 'never' }),
    load: () => Promise.resolve(disk),
    save: (storedCloses) => {
      disk = JSON.parse(JSON.stringify(storedCloses)) as StoredCloses
      order.push(`save ${disk.unlogged.length}`)
      return Promise.resolve()
    },
    putAside: (sessions) => {
      aside.push(...sessions)
      return Promise.resolve()
    },
    writeLog: (entries) => {
      log.push(...entries)
      order.push(`log ${entries.length}`)
      return Promise.resolve()
    },
    notifyStaying: () => undefined,
    isHeld: () => Promise.resolve(false),
    tabStatus: () => Promise.resolve('complete'),
    wakeAt: () => Promise.resolve(),
    watch: () => Promise.resolve(),
    onChange: () => undefined,
    problems,
    ...changes,
  })
}

test('an entry is stored with the state that no longer has its close, then logged, then removed from the state', async () => {
  await engine().dispatch(...CONFIRMED_CLOSE)
  expect(order.slice(-3)).toEqual(['save 1', 'log 1', 'save 0'])
  expect(log).toMatchObject([{ id: 'c1', outcome: 'accepted' }])
})

test('a worker that dies between storing and logging leaves the entry to the next start', async () => {
  const dying = engine({ writeLog: () => new Promise(() => undefined) })
  void dying.dispatch(...CONFIRMED_CLOSE)
  while (disk.unlogged.length === 0) await Promise.resolve()
  await engine().tick()
  expect(log.map(({ id }) => id)).toEqual(['c1'])
  expect(disk.unlogged).toEqual([])
})

test('a worker that dies between logging and storing writes the same entry again, under the same id', async () => {
  const dying = engine({
    save: (storedCloses) => {
      if (storedCloses.unlogged.length === 0 && log.length > 0) return new Promise(() => undefined)
      disk = storedCloses
      return Promise.resolve()
    },
  })
  void dying.dispatch(...CONFIRMED_CLOSE)
  while (log.length === 0) await Promise.resolve()
  await engine().tick()
  expect(log.map(({ id }) => id)).toEqual(['c1', 'c1'])
})

test('an entry that cannot be logged is stored and reported; once the log works, it is written', async () => {
  let isBroken = true
  const parts = engine({
    writeLog: (entries) => {
      if (isBroken) return Promise.reject(new Error('full'))
      log.push(...entries)
      return Promise.resolve()
    },
  })
  await parts.dispatch(...CONFIRMED_CLOSE)
  expect(disk.unlogged.map(({ id }) => id)).toEqual(['c1'])
  expect(problems.list()).toEqual(['problem_logUnwritten'])
  isBroken = false
  await parts.tick()
  expect(log.map(({ id }) => id)).toEqual(['c1'])
  expect(problems.list()).toEqual([])
})

test('a browser that stores nothing is reported, and the close is still logged', async () => {
  await engine({ save: () => Promise.reject(new Error('quota')) }).dispatch(...CONFIRMED_CLOSE)
  expect(log).toHaveLength(1)
  expect(problems.list()).toEqual(['problem_stateUnsaved'])
})

test('a failure to show or schedule is reported, and stops nothing', async () => {
  const fails = (): Promise<void> => Promise.reject(new Error('no'))
  await engine({
    wakeAt: fails,
    onChange: () => {
      throw new Error('no')
    },
  }).dispatch(...CONFIRMED_CLOSE)
  expect(log).toHaveLength(1)
  expect(problems.list()).toEqual(['problem_wake: no', 'problem_show: no'])
})

test('a store that cannot be read is reported and read again, and nothing is overwritten', async () => {
  let isBroken = true
  const parts = engine({
    load: () => (isBroken ? Promise.reject(new Error('locked')) : Promise.resolve(disk)),
  })
  await parts.tick()
  expect(order).toEqual([])
  expect(problems.list()).toEqual(['problem_event: locked'])
  isBroken = false
  await parts.dispatch(...CONFIRMED_CLOSE)
  expect(log).toHaveLength(1)
})

test('each batch is stored before the next one begins, regardless of their senders', async () => {
  const slow = engine({
    wakeAt: async () => {
      order.push('begin')
      await Promise.resolve()
      await Promise.resolve()
      order.push('end')
    },
  })
  await Promise.all([
    ...CONFIRMED_CLOSE.map((event) => slow.dispatch(event)),
    slow.tick().then(() => slow.dispatch(docEvent(3_000, { type: 'hello' }))),
  ])
  const turns = order.filter((step) => step === 'begin' || step === 'end')
  expect(turns.length).toBeGreaterThan(2)
  expect(turns.every((turn, nth) => turn === (nth % 2 === 0 ? 'begin' : 'end'))).toBe(true)
})

test('events that arrive together are stored in one write, and each sender learns of it', async () => {
  const many = Array.from({ length: 20 }, (_, nth) => docEvent(nth, agentEvent(facts())))
  const parts = engine()
  expect(await Promise.all(many.map((event) => parts.dispatch(event)))).toEqual(many.map(() => true))
  expect(order).toEqual(['save 0'])
})

test('an unchanged state is not stored again, and a failed write is repeated', async () => {
  let isBroken = false
  const parts = engine({
    save: () => {
      order.push(isBroken ? 'refused' : 'saved')
      return isBroken ? Promise.reject(new Error('quota')) : Promise.resolve()
    },
  })
  const first = docEvent(0, agentEvent(facts()))
  await parts.dispatch(first)
  await parts.tick()
  await parts.dispatch(first)
  expect(order).toEqual(['saved'])
  isBroken = true
  expect(await parts.dispatch(docEvent(1, agentEvent(facts('offline'))))).toBe(false)
  isBroken = false
  await parts.tick()
  await parts.tick()
  expect(order).toEqual(['saved', 'refused', 'saved'])
})

test('a tick checks only the tabs of pending closes, and schedules the next tick in time', async () => {
  const tabStatus = jest.fn(() => Promise.resolve('loading' as const))
  const wakeAt = jest.fn(() => Promise.resolve())
  const parts = engine({ tabStatus, wakeAt, now: () => T0 + 5_000 })
  await parts.tick()
  expect(tabStatus).not.toHaveBeenCalled()
  expect(wakeAt).toHaveBeenLastCalledWith(null)
  await parts.dispatch(
    docEvent(0, agentEvent(facts())),
    docEvent(1_000, closing('c1')),
    docEvent(1_010, { type: 'gone' }),
  )
  expect(wakeAt).toHaveBeenLastCalledWith(T0 + 5_500)
  await parts.tick()
  expect(tabStatus).toHaveBeenCalledWith(1)
  expect(log).toEqual([])
})

test('the background is kept awake while an agent is Available, so as to notice a crash of their page', async () => {
  const watch = jest.fn(() => Promise.resolve())
  const wakeAt = jest.fn(() => Promise.resolve())
  const parts = engine({ watch, wakeAt, now: () => T0 })
  await parts.dispatch(docEvent(0, agentEvent(facts('not_routable'))))
  expect(watch).toHaveBeenLastCalledWith(false)
  await parts.dispatch(docEvent(1, agentEvent(facts('routable'))))
  expect(watch).toHaveBeenLastCalledWith(true)
  expect(wakeAt).toHaveBeenLastCalledWith(null)
})

test('a flag is announced with the event that raised it', async () => {
  const onChange = jest.fn<undefined, Parameters<EngineParts['onChange']>>()
  const parts = engine({ onChange, now: () => T0 + 60_000 })
  await parts.dispatch(docEvent(0, agentEvent(facts())))
  await parts.dispatch({ type: 'tab_removed', at: T0 + 1_000, tabId: 1, windowClosing: true })
  await parts.tick()
  await parts.tick()
  expect(onChange.mock.calls.map(([state]) => flagsOf(state).length)).toEqual([0, 0, 1, 1])
})

test.each([
  ['beside the closes', { away: 'rubbish' }],
  ['in a list', { enqueueRefused: null, ended: null }],
])('what no event can be applied to is put aside and reported, and closes are still logged: %s', async (_, rubbish) => {
  const damaged = { ...EMPTY_CLOSE_STATE, ...rubbish } as unknown as typeof EMPTY_CLOSE_STATE
  const earlier = { id: 'earlier' } as LogEntry
  disk = { state: damaged, unlogged: [earlier], amendments: [] }
  await engine().dispatch(...CONFIRMED_CLOSE)
  expect(aside).toMatchObject([rubbish])
  expect(log.map(({ id }) => id)).toEqual(['earlier', 'c1'])
  expect(problems.list().join()).toContain('problem_stateDamaged')
})
