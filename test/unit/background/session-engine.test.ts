import type { EngineParts } from '../../../src/background/session-engine'
import { SessionEngine } from '../../../src/background/session-engine'
import { Problems } from '../../../src/background/problems'
import type { LogEntry } from '../../../src/domain/log-entry'
import type { SessionEvent } from '../../../src/domain/sessions/events'
import type { DocumentNews } from '../../../src/domain/sessions/events'
import { EMPTY_SESSIONS } from '../../../src/domain/sessions/state'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings'
import type { StoredSessions } from '../../../src/storage/sessions-store'
import { agentNews, closing, facts, header, RUN, succeeded, T0 } from '../domain/build'

const news = (at: number, what: DocumentNews): SessionEvent => ({
  type: 'news',
  seq: 1,
  at: T0 + at,
  runId: RUN,
  header: header('doc-a'),
  place: { tabId: 1, frameId: 0, ownCookies: true },
  news: what,
})
const CONFIRMED_CLOSE: SessionEvent[] = [
  news(0, agentNews(facts())),
  news(1_000, closing('c1')),
  news(1_010, succeeded('c1')),
  { type: 'tab_removed', at: T0 + 1_020, tabId: 1, windowClosing: false },
]

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))

let disk: StoredSessions
let log: LogEntry[]
let aside: StoredSessions[]
let problems: Problems
let order: string[]
beforeEach(() => {
  disk = { state: EMPTY_SESSIONS, unlogged: [], amendments: [] }
  log = []
  aside = []
  problems = new Problems()
  order = []
})

function engine(changes: Partial<EngineParts> = {}): SessionEngine {
  return new SessionEngine({
    extensionVersion: '1.2.3',
    now: () => T0 + 2_000,
    settings: () => Promise.resolve({ ...DEFAULT_SETTINGS, directPath: 'page', recovery: 'never' }),
    load: () => Promise.resolve(disk),
    save: (sessions) => {
      disk = JSON.parse(JSON.stringify(sessions)) as StoredSessions
      order.push(`save ${disk.unlogged.length}`)
      return Promise.resolve()
    },
    putAside: (sessions) => {
      aside.push(sessions)
      return Promise.resolve()
    },
    writeLog: (entries) => {
      log.push(...entries)
      order.push(`log ${entries.length}`)
      return Promise.resolve()
    },
    tellStaying: () => undefined,
    isHeld: () => Promise.resolve(false),
    tabStatus: () => Promise.resolve('complete'),
    wakeAt: () => Promise.resolve(),
    onChange: () => undefined,
    problems,
    ...changes,
  })
}

test('an entry is stored with the state that forgot its close, then logged, then forgotten', async () => {
  await engine().dispatch(...CONFIRMED_CLOSE)
  expect(order.slice(-3)).toEqual(['save 1', 'log 1', 'save 0'])
  expect(log).toMatchObject([{ id: 'c1', outcome: 'confirmed' }])
})

test('a worker that dies between the store and the log leaves the entry to the next start', async () => {
  const dying = engine({ writeLog: () => new Promise(() => undefined) })
  void dying.dispatch(...CONFIRMED_CLOSE)
  while (disk.unlogged.length === 0) await Promise.resolve()
  await engine().tick()
  expect(log.map(({ id }) => id)).toEqual(['c1'])
  expect(disk.unlogged).toEqual([])
})

test('a worker that dies after the log and before the store writes the same entry again, under the same id', async () => {
  const dying = engine({
    save: (sessions) => {
      if (sessions.unlogged.length === 0 && log.length > 0) return new Promise(() => undefined)
      disk = sessions
      return Promise.resolve()
    },
  })
  void dying.dispatch(...CONFIRMED_CLOSE)
  while (log.length === 0) await Promise.resolve()
  await engine().tick()
  expect(log.map(({ id }) => id)).toEqual(['c1', 'c1'])
})

test('a log that cannot be written keeps the entry and says so; when it can again, both are made good', async () => {
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

test('a browser that stores nothing is told of, and the close is logged all the same', async () => {
  await engine({ save: () => Promise.reject(new Error('quota')) }).dispatch(...CONFIRMED_CLOSE)
  expect(log).toHaveLength(1)
  expect(problems.list()).toEqual(['problem_stateUnsaved'])
})

test('what fails to be shown or scheduled is told of, and stops nothing', async () => {
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

test('a store that cannot be read is told of, is asked again, and overwrites nothing', async () => {
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

test('events are handled one after the other, whoever sends them', async () => {
  const slow = engine({
    wakeAt: async () => {
      order.push('begin')
      await Promise.resolve()
      await Promise.resolve()
      order.push('end')
    },
  })
  await Promise.all(CONFIRMED_CLOSE.map((event) => slow.dispatch(event)))
  const turns = order.filter((step) => step === 'begin' || step === 'end')
  expect(turns).toEqual(CONFIRMED_CLOSE.flatMap(() => ['begin', 'end']))
})

test('a tick looks at the tabs of pending closes alone, and asks for the next look in time', async () => {
  const tabStatus = jest.fn(() => Promise.resolve('loading' as const))
  const wakeAt = jest.fn(() => Promise.resolve())
  const parts = engine({ tabStatus, wakeAt, now: () => T0 + 5_000 })
  await parts.tick()
  expect(tabStatus).not.toHaveBeenCalled()
  expect(wakeAt).toHaveBeenLastCalledWith(null)
  await parts.dispatch(news(0, agentNews(facts())), news(1_000, closing('c1')), news(1_010, { type: 'gone' }))
  expect(wakeAt).toHaveBeenLastCalledWith(T0 + 5_500)
  await parts.tick()
  expect(tabStatus).toHaveBeenCalledWith(1)
  expect(log).toEqual([])
})

test('while somebody takes contacts the worker is woken every minute, to ask who is still there', async () => {
  const wakeAt = jest.fn(() => Promise.resolve())
  const parts = engine({ wakeAt, now: () => T0 })
  await parts.dispatch(news(0, agentNews(facts('not_routable'))))
  expect(wakeAt).toHaveBeenLastCalledWith(null)
  await parts.dispatch(news(1, agentNews(facts('routable'))))
  expect(wakeAt).toHaveBeenLastCalledWith(T0 + 60_000)
})

test('a flag is told of from the event on that raised it', async () => {
  const onChange = jest.fn<undefined, Parameters<EngineParts['onChange']>>()
  const parts = engine({ onChange, now: () => T0 + 60_000 })
  await parts.dispatch(news(0, agentNews(facts())), {
    type: 'tab_removed',
    at: T0 + 1_000,
    tabId: 1,
    windowClosing: true,
  })
  await parts.tick()
  await parts.tick()
  expect(onChange.mock.calls.map(([{ flags }]) => flags.length)).toEqual([0, 0, 1, 1])
})

test('a stored state that no event can be applied to is put aside and said; closes are logged all the same', async () => {
  const damaged = { ...EMPTY_SESSIONS, recentCloses: 'rubbish' } as unknown as typeof EMPTY_SESSIONS
  const earlier = { id: 'earlier' } as LogEntry
  disk = { state: damaged, unlogged: [earlier], amendments: [] }
  await engine().dispatch(...CONFIRMED_CLOSE)
  expect(aside).toMatchObject([{ state: { recentCloses: 'rubbish' } }])
  expect(log.map(({ id }) => id)).toEqual(['earlier', 'c1'])
  expect(problems.list().join()).toContain('problem_stateDamaged')
})
