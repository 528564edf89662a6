import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { deleteDB, openDB } from 'idb'
import { currentRun } from '../../../src/platform/session-run'
import type { LogEntry } from '../../../src/domain/log-entry'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings'
import { EMPTY_CLOSE_STATE } from '../../../src/domain/closes/state'
import { signalledKeys } from '../../../src/platform/stored-signal'
import type { LogPosition, LogQuery, LogStore } from '../../../src/storage/log-store'
import { ALL_ENTRIES, isLogDamageChange, openLog } from '../../../src/storage/log-store'
import { isMail } from '../../../src/storage/mailbox'
import type { Close } from '../../../src/domain/closes/close'
import { loadCloses, saveCloses } from '../../../src/storage/close-store'
import { isSettingsChange, loadSettings, saveSetting } from '../../../src/storage/settings-store'
import { fake, renewBrowser } from '../background/browser'
import { closing, header, EventPlayer, T0 } from '../domain/build'
import { sampleEntry } from '../ui/samples'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

beforeEach(() => renewBrowser())

/** A close whose check would neither be due nor end. */
const UNCHECKABLE = { id: 'c', instance: 'acme', username: 'ada', docIds: [], check: {} }

function someState(): EventPlayer {
  const player = new EventPlayer()
  player.open(header('doc-a'))
  player.send(1_000, header('doc-a'), closing('c1'))
  return player
}

describe('state that must survive the worker', () => {
  test('is read back as it was stored', async () => {
    const { state } = someState()
    await saveCloses({ state, unlogged: [sampleEntry({ id: 'c0' })], amendments: [] })
    const problems = jest.fn()
    expect(await loadCloses(problems)).toEqual({ state, unlogged: [sampleEntry({ id: 'c0' })], amendments: [] })
    expect(problems).not.toHaveBeenCalled()
  })

  test('ended documents are written only with the close that ended them', async () => {
    const { state } = someState()
    const set = jest.spyOn(fake.own, 'set')
    const stored = { state: { ...state, ended: { 'doc-z': T0 } }, unlogged: [], amendments: [] }
    await saveCloses(stored)
    await saveCloses({ ...stored, state: { ...stored.state, enqueueRefused: { a: T0 } } })
    expect(set.mock.calls.map(([items]) => Object.keys(items))).toEqual([['sessions', 'sessions.ended'], ['sessions']])
    const known = { ...stored.state, enqueueRefused: { a: T0 } }
    expect(await loadCloses(jest.fn())).toEqual({ ...stored, state: known })
    const more = { ...stored, state: { ...known, ended: { ...stored.state.ended, 'doc-y': T0 + 1 } } }
    await saveCloses(more)
    expect(await loadCloses(jest.fn())).toEqual(more)
  })

  test('a close that was taken over in an older version still is', async () => {
    const { state } = someState()
    const { isTakenOver, ...close } = state.closes['c1'] as Close
    const older = { ...state, closes: { c1: { ...close, isSuperseded: !isTakenOver } } }
    fake.own.set({ sessions: { state: older, unlogged: [], amendments: [] } })
    const taken = { c1: { ...close, isTakenOver: true } }
    expect((await loadCloses(jest.fn())).state.closes).toEqual(taken)
  })

  test('ended documents of an older version are read too, without invalid times', async () => {
    const { state } = someState()
    fake.own.set({
      sessions: { state: { ...state, ended: { 'doc-y': T0 } }, unlogged: [], amendments: [] },
      'sessions.ended': { 'doc-z': T0, rubbish: 'late' },
    })
    const { state: known } = await loadCloses(jest.fn())
    expect(known.ended).toEqual({ 'doc-y': T0, 'doc-z': T0 })
  })

  test('is empty if nothing was stored', async () => {
    expect(await loadCloses(jest.fn())).toEqual({ state: EMPTY_CLOSE_STATE, unlogged: [], amendments: [] })
  })

  test.each([
    [null, null],
    ['text', 'text'],
    [[], []],
    [{}, {}],
    [{ state: EMPTY_CLOSE_STATE }, { state: EMPTY_CLOSE_STATE }],
    [
      { state: { ...EMPTY_CLOSE_STATE, version: 2 }, unlogged: [] },
      { ...EMPTY_CLOSE_STATE, version: 2 },
    ],
    [{ state: { ...EMPTY_CLOSE_STATE, documents: [7] }, unlogged: [] }, [7]],
    [{ state: { ...EMPTY_CLOSE_STATE, documents: { a: { docId: 1 } } }, unlogged: [] }, { a: { docId: 1 } }],
    [
      { state: { ...EMPTY_CLOSE_STATE, flags: null }, unlogged: [] },
      { ...EMPTY_CLOSE_STATE, flags: null },
    ],
    [{ state: { ...EMPTY_CLOSE_STATE, flags: [{ closeId: '__proto__' }] }, unlogged: [] }, { closeId: '__proto__' }],
    [{ state: { ...EMPTY_CLOSE_STATE, recovery: 'x' }, unlogged: [] }, 'x'],
    [{ state: { ...EMPTY_CLOSE_STATE, away: { cases: 5 } }, unlogged: [] }, { cases: 5 }],
    [{ state: { ...EMPTY_CLOSE_STATE, requests: { 'a/b': 0 } }, unlogged: [] }, { 'a/b': 0 }],
    [
      { state: { ...EMPTY_CLOSE_STATE, away: { cases: {}, slept: {} } }, unlogged: [] },
      { cases: {}, slept: {} },
    ],
    [{ state: EMPTY_CLOSE_STATE, closes: { c: UNCHECKABLE }, unlogged: [] }, UNCHECKABLE],
    [{ state: EMPTY_CLOSE_STATE, unlogged: [0], amendments: [{ id: 'a' }] }, { id: 'a' }],
    [{ state: EMPTY_CLOSE_STATE, unlogged: { a: 5 } }, { a: 5 }],
  ])('is put aside if damaged (%j), and reported', async (damaged, lost) => {
    fake.own.set({ sessions: damaged })
    const problems = jest.fn()
    expect(await loadCloses(problems)).toEqual({ state: EMPTY_CLOSE_STATE, unlogged: [], amendments: [] })
    expect(JSON.stringify(fake.own.items.get('sessions.damaged'))).toContain(JSON.stringify(lost))
    expect(problems).toHaveBeenCalledTimes(1)
  })
})

describe('one damaged item', () => {
  test('is put aside alone: intact items are kept, whatever their name', async () => {
    const { state } = someState()
    const [[docId, doc] = []] = Object.entries(state.documents)
    if (docId === undefined || doc === undefined) throw new Error('No document.')
    const documents = {
      ...state.documents,
      // As JSON has it, not as an assignment.
      ...(JSON.parse('{ "constructor": { "docId": "constructor" } }') as object),
      b: { ...doc, docId: 'another' },
      c: { ...doc, docId: 'c', timeline: null },
      d: { ...doc, docId: 'd', closing: { at: 1 } },
    }
    const unlogged = [0, sampleEntry({ id: 'c0' }), { id: 'x' }, null]
    const { closes } = state
    fake.own.set({ sessions: { state: { ...state, documents }, closes, unlogged, amendments: [null] } })
    const problems = jest.fn()
    expect(await loadCloses(problems)).toEqual({ state, unlogged: [unlogged[1]], amendments: [] })
    expect(problems).toHaveBeenCalledTimes(1)
    expect(fake.own.items.get('sessions.damaged')).toHaveLength(8)
  })
})

describe('settings', () => {
  test('that are not a record count as none', async () => {
    fake.own.set({ settings: ['act'] })
    expect(await loadSettings()).toEqual({
      settings: DEFAULT_SETTINGS,
      problems: [],
      changed: [],
      managed: [],
      locked: [],
      policy: 'none',
    })
  })

  test('are stored one by one, beside existing ones', async () => {
    fake.own.set({ settings: { mode: 'rubbish' } })
    await saveSetting('notify', false)
    expect(fake.own.items.get('settings')).toEqual({ mode: 'rubbish', notify: false })
    await saveSetting('mode', null)
    expect(fake.own.items.get('settings')).toEqual({ notify: false })
  })

  test('that are invalid are refused by name, and not stored', async () => {
    await expect(saveSetting('retentionDays', 0)).rejects.toThrow('refused_notAllowed retentionDays 0 1..3650')
    await expect(saveSetting('toString', 1)).rejects.toThrow('refused_noSetting toString')
    expect(fake.own.items.size).toBe(0)
  })

  test('changes are distinguished from other changes', () => {
    expect(isSettingsChange({ 'stored:settings': {} }, 'session')).toBe(true)
    expect(isSettingsChange({ 'stored:sessions': {} }, 'session')).toBe(false)
    // Anybody may write there, so it is not trusted.
    expect(isSettingsChange({ settings: {} }, 'local')).toBe(false)
  })
})

test('arriving mail is distinguished from removed mail', () => {
  expect(isMail({ 'mail:a:1': { newValue: {} } })).toBe(true)
  expect(isMail({ 'mail:a:1': {} })).toBe(false)
  expect(isMail({ settings: { newValue: {} } })).toBe(false)
})

describe('the log', () => {
  const entry = (id: string, at: number): LogEntry => sampleEntry({ id, at: T0 + at })

  test('has one entry per close, however often it is written, and returns the newest first', async () => {
    const log = await openLog()
    await log.clear()
    for (const written of [entry('a', 1), entry('b', 3), entry('c', 2), entry('a', 1)]) await log.put(written)
    expect((await log.newest(10)).map(({ id }) => id)).toEqual(['b', 'c', 'a'])
    expect((await log.newest(1)).map(({ id }) => id)).toEqual(['b'])
  })

  test('never replaces an entry: another close with the same id gets its own id, and keeps it', async () => {
    const log = await openLog()
    await log.clear()
    const ID = 'c0ffee00-0000-4000-8000-0000000000ff'
    const own = { ...entry(ID, 1), instance: 'acme.my.connect.aws', username: 'ada', outcome: 'failed' as const }
    const forged: LogEntry = { ...own, at: T0 + 7 * 24 * 3_600_000, outcome: 'confirmed' }
    for (const written of [own, forged, forged, own]) await log.put(written)
    expect((await log.newest(10)).map(({ id, outcome }) => [id, outcome])).toEqual([
      ['c0ffee00-0000-4000-8000-000000000100', 'confirmed'],
      [ID, 'failed'],
    ])
  })

  test('drops entries past their retention time, and returns how many', async () => {
    const log = await openLog()
    await log.clear()
    for (const written of [entry('a', 1), entry('b', 2), entry('c', 3)]) await log.put(written)
    expect(await log.prune(T0 + 2, 10)).toBe(1)
    expect((await log.newest(10)).map(({ id }) => id)).toEqual(['c', 'b'])
  })

  test('keeps the newest entries within age and number, whatever the order of writing', async () => {
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

  test('makes room at the cost of its largest instance, and there of its largest agent', async () => {
    const log = await openLog()
    await log.clear()
    const of = (instance: string, username: string, count: number, from: number): LogEntry[] =>
      Array.from({ length: count }, (_, nth) =>
        sampleEntry({ id: `${instance} ${username} ${nth}`, at: T0 + from + nth, instance, username }),
      )
    const genuine = of('acme.my.connect.aws', 'ada', 1, 0)
    const flood = [...of('flood.my.connect.aws', 'fran', 30, 1), ...of('flood.my.connect.aws', 'finn', 90, 31)]
    for (const each of [...genuine, ...flood]) await log.put(each)
    expect(await log.prune(T0, 100)).toBe(21)
    const kept = new Set((await log.newest(200)).map(({ id }) => id))
    const gone = [...genuine, ...flood].filter(({ id }) => !kept.has(id))
    expect(gone).toEqual(of('flood.my.connect.aws', 'finn', 21, 31))
  })

  test('skips unreadable entries, reports them, and returns the rest', async () => {
    const log = await openLog()
    await log.clear()
    for (const nth of [1, 2, 8]) await log.put(entry(`good ${nth}`, nth))
    // If a failure leaves it open, it must not block others from the database.
    const database = await openDB('ccp-signoff-log', undefined, {
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    })
    const damaged = [3, 4, 5, 6, 7].map((nth) => ({ ...entry(`bad ${nth}`, nth), timeline: nth % 2 ? null : 'x' }))
    for (const each of damaged) await database.put('entries', each)
    const good = ['good 8', 'good 2', 'good 1']
    expect((await log.newest(3)).map(({ id }) => id)).toEqual(good)
    expect(await log.get('bad 3')).toBeNull()
    expect((await pagesOf(log, false, 2)).flat().map(({ id }) => id)).toEqual(good)
    expect((await pagesOf(log, true, 2)).flat().map(({ id }) => id)).toEqual([...good].reverse())
    expect(isLogDamageChange(signalledKeys(Object.fromEntries(fake.session.items), 'session'))).toBe(true)
    await log.amend({ id: 'bad 3', exposure: null, step: { at: T0, event: 'agent_returned' } })
    // A later version may be able to read it.
    expect(await database.get('entries', 'bad 3')).toEqual(damaged[0])
    database.close()
  })

  test('is read in pages, each entry once and in order, even if many have the same time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(8), { maxLength: 25 }),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        async (at, limit, oldestFirst) => {
          const log = await openLog()
          await log.clear()
          for (const [index, each] of at.entries()) await log.put(entry(`e${index}`, each))
          const pages = await pagesOf(log, oldestFirst, limit)
          for (const page of pages.slice(0, -1)) expect(page.length).toBeGreaterThanOrEqual(limit)
          const read = pages.flat()
          expect(read.map((each) => each.at - T0)).toEqual([...at].sort((a, b) => (oldestFirst ? a - b : b - a)))
          expect(new Set(read.map(({ id }) => id)).size).toBe(at.length)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('is read by common fields, and by time', async () => {
    const log = await openLog()
    await log.clear()
    const { instance } = sampleEntry()
    for (const [nth, outcome, username] of [
      [1, 'failed', 'ada'],
      [2, 'confirmed', 'ada'],
      [3, 'failed', 'adam'],
      [4, 'failed', 'ada'],
    ] as const) {
      await log.put({ ...entry(`e${nth}`, nth), outcome, username, ...(nth === 2 && { would: 'set_offline' }) })
    }
    const of = async (query: Partial<LogQuery>) =>
      (await log.page({ ...ALL_ENTRIES, ...query }, null, 9)).entries.map(({ id }) => id)
    expect(await of({ part: { index: 'outcome', of: ['failed'] } })).toEqual(['e4', 'e3', 'e1'])
    expect(await of({ part: { index: 'owner', of: [instance, 'ada'] } })).toEqual(['e4', 'e2', 'e1'])
    expect(await of({ part: { index: 'owner', of: [instance, 'ada'] }, from: T0 + 2, to: T0 + 3 })).toEqual(['e2'])
    expect(await of({ part: { index: 'would', of: ['set_offline'] } })).toEqual(['e2'])
    expect(await of({ part: { index: 'cause', of: ['crashed'] } })).toEqual([])
    expect(await of({ from: T0 + 3, oldestFirst: true })).toEqual(['e3', 'e4'])
    expect(await of({ from: T0 + 3, to: T0 + 2 })).toEqual([])
  })

  test('of several filters, the shortest one is read', async () => {
    const log = await openLog()
    await log.clear()
    for (let nth = 0; nth < 450; nth += 1) await log.put(entry(`e${nth}`, nth))
    await log.put({ ...entry('rare', 999), outcome: 'failed' })
    const [mine, failed] = [
      { index: 'owner', of: [sampleEntry().instance, sampleEntry().username] },
      { index: 'outcome', of: ['failed'] },
    ] as const
    expect(await log.shortest([])).toBeNull()
    expect(await log.shortest([mine])).toBe(mine)
    expect(await log.shortest([mine, failed])).toBe(failed)
    expect(await log.shortest([mine, { index: 'outcome', of: ['confirmed'] }])).toBe(mine)
  })

  test('knows the number of entries of each agent without reading them', async () => {
    const log = await openLog()
    await log.clear()
    const counts = async () =>
      (await log.owners()).map(({ username, agentName, count }) => [username, agentName, count])
    await log.put({ ...entry('a', 1), username: 'ada', agentName: 'Ada' })
    await log.put({ ...entry('b', 3), username: 'ada', agentName: 'Ada L' })
    await log.put({ ...entry('c', 2), username: 'ada', agentName: 'Ada' })
    await log.put({ ...entry('d', 4), username: '', agentName: '' })
    await log.put({ ...entry('d', 4), username: '', agentName: '' })
    expect(await counts()).toEqual([
      ['', '', 1],
      ['ada', 'Ada L', 3],
    ])
    await log.prune(T0 + 2, 2)
    expect(await counts()).toEqual([
      ['', '', 1],
      ['ada', 'Ada L', 1],
    ])
    await log.clear()
    expect(await counts()).toEqual([])
  })
})

describe('a log of an older version', () => {
  const old = [
    sampleEntry({ id: 'a', at: T0, outcome: 'failed', username: 'ada', agentName: 'Ada' }),
    sampleEntry({ id: 'b', at: T0 + 1, username: 'ada', agentName: 'Ada L' }),
    sampleEntry({ id: 'c', at: T0 + 2, username: 'bob', agentName: 'Bob' }),
  ]
  test.each([1, 2])('%i is upgraded: its entries are found and counted', async (version) => {
    await deleteDB('ccp-signoff-log', { blocked: () => undefined })
    const database = await openDB('ccp-signoff-log', version, {
      upgrade: (made) => {
        const store = made.createObjectStore('entries', { keyPath: 'id' })
        store.createIndex('at', 'at')
        if (version > 1) store.createIndex('owner', ['instance', 'username', 'at'])
      },
    })
    for (const each of [...old, { id: 'damaged' }]) await database.put('entries', each)
    database.close()
    const log = await openLog()
    expect((await log.newest(9)).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
    const failed = await log.page({ ...ALL_ENTRIES, part: { index: 'outcome', of: ['failed'] } }, null, 9)
    expect(failed.entries.map(({ id }) => id)).toEqual(['a'])
    expect((await log.owners()).map(({ agentName, count }) => [agentName, count])).toEqual([
      ['Ada L', 2],
      ['Bob', 1],
    ])
  })

  test('that writes again after a roll-back has its entries counted at the next pruning', async () => {
    const log = await openLog()
    await log.clear()
    const older = await openDB('ccp-signoff-log', undefined, {
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    })
    for (const each of old) await older.put('entries', each)
    older.close()
    expect(await log.owners()).toEqual([])
    await log.prune(0, 100)
    expect((await log.owners()).map(({ username, count }) => [username, count])).toEqual([
      ['ada', 2],
      ['bob', 1],
    ])
  })
})

/** The whole log, page by page. */
async function pagesOf(log: LogStore, oldestFirst: boolean, limit: number): Promise<(readonly LogEntry[])[]> {
  const pages: (readonly LogEntry[])[] = []
  let next: LogPosition | null = null
  do {
    const page: Awaited<ReturnType<LogStore['page']>> = await log.page({ ...ALL_ENTRIES, oldestFirst }, next, limit)
    pages.push(page.entries)
    next = page.next
  } while (next !== null)
  return pages
}

test('a log that a later version has upgraded can still be read and written', async () => {
  await (await openLog()).put(sampleEntry({ id: 'kept', at: T0 + 100 }))
  const newer = await openDB('ccp-signoff-log', 7, { upgrade: (db) => void db.createObjectStore('ofTomorrow') })
  newer.close()
  const log = await openLog()
  await log.put(sampleEntry({ id: 'added', at: T0 + 101 }))
  expect((await log.newest(2)).map(({ id }) => id)).toEqual(['added', 'kept'])
})

test('a run lasts as long as the browser’s session', async () => {
  const first = await currentRun()
  expect(await currentRun()).toBe(first)
  fake.session.items.clear()
  expect(await currentRun()).not.toBe(first)
})
