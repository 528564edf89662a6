import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { openDB } from 'idb'
import { currentRun } from '../../../src/platform/session-run'
import type { LogEntry } from '../../../src/domain/log-entry'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings'
import { EMPTY_SESSIONS } from '../../../src/domain/sessions/state'
import { openLog } from '../../../src/storage/log-store'
import { isMail } from '../../../src/storage/mailbox'
import { loadSessions, saveSessions } from '../../../src/storage/sessions-store'
import { isSettingsChange, loadSettings, saveSetting } from '../../../src/storage/settings-store'
import { fake, renewBrowser } from '../background/browser'
import { closing, header, Sessions, T0 } from '../domain/build'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))

beforeEach(() => renewBrowser())

function someState(): Sessions {
  const sessions = new Sessions()
  sessions.open(header('doc-a'))
  sessions.news(1_000, header('doc-a'), closing('c1'))
  return sessions
}

describe('what must survive the worker', () => {
  test('comes back as it was stored', async () => {
    const { state } = someState()
    await saveSessions({ state, unlogged: [{ id: 'c0' } as LogEntry], amendments: [] })
    const problems = jest.fn()
    expect(await loadSessions(problems)).toEqual({ state, unlogged: [{ id: 'c0' }], amendments: [] })
    expect(problems).not.toHaveBeenCalled()
  })

  test('is empty where nothing was stored', async () => {
    expect(await loadSessions(jest.fn())).toEqual({ state: EMPTY_SESSIONS, unlogged: [], amendments: [] })
  })

  test.each([
    null,
    'text',
    [],
    {},
    { state: EMPTY_SESSIONS },
    { state: { ...EMPTY_SESSIONS, version: 2 }, unlogged: [] },
    { state: { ...EMPTY_SESSIONS, documents: [] }, unlogged: [] },
    { state: { ...EMPTY_SESSIONS, documents: { a: { docId: 1 } } }, unlogged: [] },
    { state: { ...EMPTY_SESSIONS, flags: null }, unlogged: [] },
  ])('is put aside where it is damaged (%j), and said', async (damaged) => {
    fake.local.set({ sessions: damaged })
    const problems = jest.fn()
    expect(await loadSessions(problems)).toEqual({ state: EMPTY_SESSIONS, unlogged: [], amendments: [] })
    expect(fake.local.items.get('sessions.damaged')).toEqual(damaged)
    expect(problems).toHaveBeenCalledTimes(1)
  })
})

describe('settings', () => {
  test('that are no record at all are none', async () => {
    fake.local.set({ settings: ['act'] })
    expect(await loadSettings()).toEqual({
      settings: DEFAULT_SETTINGS,
      problems: [],
      changed: [],
      managed: [],
      locked: [],
      policy: 'none',
    })
  })

  test('are stored one by one, beside what is there', async () => {
    fake.local.set({ settings: { mode: 'rubbish' } })
    await saveSetting('notify', false)
    expect(fake.local.items.get('settings')).toEqual({ mode: 'rubbish', notify: false })
    await saveSetting('mode', null)
    expect(fake.local.items.get('settings')).toEqual({ notify: false })
  })

  test('that are not allowed are refused by name, and not stored', async () => {
    await expect(saveSetting('retentionDays', 0)).rejects.toThrow('refused_notAllowed retentionDays 0 1..3650')
    await expect(saveSetting('toString', 1)).rejects.toThrow('refused_noSetting toString')
    expect(fake.local.items.size).toBe(0)
  })

  test('a change of them is told from other changes', () => {
    expect(isSettingsChange({ settings: {} })).toBe(true)
    expect(isSettingsChange({ sessions: {} })).toBe(false)
  })
})

test('mail that comes is told from mail that is taken away', () => {
  expect(isMail({ 'mail:a:1': { newValue: {} } })).toBe(true)
  expect(isMail({ 'mail:a:1': {} })).toBe(false)
  expect(isMail({ settings: { newValue: {} } })).toBe(false)
})

describe('the log', () => {
  const entry = (id: string, at: number): LogEntry => ({ id, at: T0 + at }) as LogEntry

  test('has one entry for a close, however often it is written, and gives the newest first', async () => {
    const log = await openLog()
    await log.clear()
    for (const written of [entry('a', 1), entry('b', 3), entry('c', 2), entry('a', 1)]) await log.put(written)
    expect((await log.newest(10)).map(({ id }) => id)).toEqual(['b', 'c', 'a'])
    expect((await log.newest(1)).map(({ id }) => id)).toEqual(['b'])
  })

  test('drops what is older than it is kept, and says how much', async () => {
    const log = await openLog()
    await log.clear()
    for (const written of [entry('a', 1), entry('b', 2), entry('c', 3)]) await log.put(written)
    expect(await log.prune(T0 + 2, 10)).toBe(1)
    expect((await log.newest(10)).map(({ id }) => id)).toEqual(['c', 'b'])
  })

  test('keeps what is neither too old nor too much, the newest of it, whatever was written in which order', async () => {
    const times = fc.uniqueArray(fc.nat(40), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(times, fc.nat(45), fc.nat(22), async (at, before, keep) => {
        const log = await openLog()
        await log.clear()
        for (const each of at) await log.put(entry(`e${each}`, each))
        const kept = at
          .filter((each) => each >= before)
          .sort((a, b) => b - a)
          .slice(0, keep)
        expect(await log.prune(T0 + before, keep)).toBe(at.length - kept.length)
        expect((await log.newest(100)).map(({ id }) => id)).toEqual(kept.map((each) => `e${each}`))
      }),
      { numRuns: 60 },
    )
  })

  test('is read in batches, each entry once, newest first, though many are of the same time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(8), { maxLength: 25 }), fc.integer({ min: 1, max: 7 }), async (at, limit) => {
        const log = await openLog()
        await log.clear()
        for (const [index, each] of at.entries()) await log.put(entry(`e${index}`, each))
        const read: LogEntry[] = []
        for (let before: number | null = null; ; before = read.at(-1)?.at ?? null) {
          const batch = await log.batch(before, limit)
          if (batch.length === 0) break
          expect(batch.length >= limit || read.length + batch.length === at.length).toBe(true)
          read.push(...batch)
        }
        expect(read.map((each) => each.at - T0)).toEqual([...at].sort((a, b) => b - a))
        expect(new Set(read.map(({ id }) => id)).size).toBe(at.length)
      }),
      { numRuns: 60 },
    )
  })
})

test('a log that a later version has upgraded is read and written all the same', async () => {
  await (await openLog()).put({ id: 'kept', at: T0 + 100 } as LogEntry)
  const newer = await openDB('ccp-signoff-log', 7, { upgrade: (db) => void db.createObjectStore('ofTomorrow') })
  newer.close()
  const log = await openLog()
  await log.put({ id: 'added', at: T0 + 101 } as LogEntry)
  expect((await log.newest(2)).map(({ id }) => id)).toEqual(['added', 'kept'])
})

test('a run lasts as long as the session of the browser', async () => {
  const first = await currentRun()
  expect(await currentRun()).toBe(first)
  fake.session.items.clear()
  expect(await currentRun()).not.toBe(first)
})
