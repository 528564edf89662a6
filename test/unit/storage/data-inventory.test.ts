import 'fake-indexeddb/auto'
import { readDataInventory } from '../../../src/storage/data-inventory'
import { openLog } from '../../../src/storage/log-store'
import { fake, renewBrowser } from '../background/browser'
import { NOW, sampleEntry } from '../ui/samples'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

beforeEach(async () => {
  renewBrowser()
  await (await openLog()).clear()
})

test('empty stores give an empty inventory', async () => {
  expect(await readDataInventory()).toEqual({
    log: { count: 0, oldest: null, bytes: 0 },
    openCcps: { documents: 0, bytes: 0 },
    flags: 0,
    rest: { bytes: 0 },
    settings: { bytes: 0 },
    tokens: 0,
    outbox: { waiting: 0 },
  })
})

test('counts entries, open pages and lent tokens, and their sizes', async () => {
  const log = await openLog()
  const entries = [sampleEntry({ id: 'a', at: NOW }), sampleEntry({ id: 'b', at: NOW - 9 })]
  for (const entry of entries) await log.put(entry)
  fake.own.set({
    sessions: { state: { documents: { a: {}, b: {} }, flags: [{}] } },
    profile: { since: 1 },
    'sessions.damaged': 7,
    settings: { mode: 'off' },
    other: 'not of interest',
  })
  fake.local.set({ 'mail:a:000001': { kind: 'document' } })
  fake.own.set({ policy: {} })
  fake.session.set({ 'token:a': 'x', runId: 'r', announced: [] })
  const kept = await readDataInventory()
  expect(kept.log).toEqual({ count: 2, oldest: NOW - 9, bytes: JSON.stringify(entries).length })
  expect(kept.openCcps).toEqual({
    documents: 2,
    bytes: '{"state":{"documents":{"a":{},"b":{}},"flags":[{}]}}{"mail:a:000001":{"kind":"document"}}'.length,
  })
  expect(kept.settings).toEqual({ bytes: '{"mode":"off"}{}'.length })
  expect(kept.flags).toBe(1)
  expect(kept.rest).toEqual({ bytes: '{"since":1}7[]'.length })
  expect(kept.tokens).toBe(1)
  expect((await log.newest(9)).map(({ id }) => id)).toEqual(['a', 'b'])
})
