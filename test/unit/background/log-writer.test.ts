import 'fake-indexeddb/auto'
import { clearLog, pruneDaily, pruneLog, writeLog } from '../../../src/background/log-writer'
import { openLog } from '../../../src/storage/log-store'
import { sampleEntry } from '../ui/samples'
import { fake, renewBrowser } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

const DAY = 24 * 60 * 60_000
const ids = async (): Promise<string[]> => (await (await openLog()).newest(10)).map(({ id }) => id)
/** The signal that tells the pages of a changed log. */
const revision = (): unknown => fake.session.items.get('stored:log')

beforeEach(async () => {
  renewBrowser()
  await clearLog()
  const entries = [0, 10, 20].map((days) => sampleEntry({ id: `${days} days old`, at: Date.now() - days * DAY }))
  await writeLog(entries, [])
})

test('entries past the retention time are removed without another close, and the pages are notified', async () => {
  fake.own.set({ settings: { retentionDays: 15 } })
  const before = revision()
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1)
  await pruneLog()
  expect(await ids()).toEqual(['0 days old', '10 days old'])
  expect(revision()).not.toBe(before)
})

test('an entry gets the machine’s label from the settings at the time of writing', async () => {
  fake.own.set({ settings: { otlpResource: ['site=Lisboa', 'floor=2'] } })
  await writeLog([sampleEntry({ id: 'labelled', at: Date.now() + 1 })], [])
  const [labelled, before] = await (await openLog()).newest(2)
  expect(labelled).toMatchObject({ id: 'labelled', label: 'site=Lisboa, floor=2' })
  expect(before).not.toHaveProperty('label')
})

test('if nothing is removed, nobody is notified', async () => {
  const before = revision()
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1)
  await pruneLog()
  expect(await ids()).toHaveLength(3)
  expect(revision()).toBe(before)
})

test('a start or a write prunes at most once a day', async () => {
  fake.own.set({ settings: { retentionDays: 15 } })
  await pruneDaily()
  await writeLog([sampleEntry({ id: 'another' })], [])
  expect(await ids()).toHaveLength(4)
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + DAY)
  await writeLog([sampleEntry({ id: 'the next day' })], [])
  expect(await ids()).not.toContain('20 days old')
})

test('a prune time in the future is ignored: the clock has been set back since', async () => {
  fake.own.set({ settings: { retentionDays: 15 }, logPruned: Date.now() + 400 * DAY })
  await pruneDaily()
  expect(await ids()).not.toContain('20 days old')
})

test('a flood of entries is pruned before the day is over, and displaces no other instance’s entries', async () => {
  fake.own.set({ settings: { retentionEntries: 100 } })
  const flood = Array.from({ length: 1_000 }, (_, nth) =>
    sampleEntry({ id: `flood ${nth}`, at: Date.now(), instance: 'flood.my.connect.aws' }),
  )
  await writeLog(flood.slice(0, 900), [])
  const log = await openLog()
  expect(await log.newest(2_000)).toHaveLength(903)
  await writeLog(flood.slice(900), [])
  const kept = (await log.newest(2_000)).map(({ id }) => id)
  expect(kept).toHaveLength(100)
  expect(kept).toEqual(expect.arrayContaining(['0 days old', '10 days old', '20 days old']))
})
