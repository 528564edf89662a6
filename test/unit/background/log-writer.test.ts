import 'fake-indexeddb/auto'
import { clearLog, pruneDaily, pruneLog, writeLog } from '../../../src/background/log-writer'
import { openLog } from '../../../src/storage/log-store'
import { sampleEntry } from '../ui/samples'
import { fake, renewBrowser } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

const DAY = 24 * 60 * 60_000
const ids = async (): Promise<string[]> => (await (await openLog()).newest(10)).map(({ id }) => id)
/** What tells the pages that the log has changed. */
const revision = (): unknown => fake.session.items.get('stored:log')

beforeEach(async () => {
  renewBrowser()
  await clearLog()
  const entries = [0, 10, 20].map((days) => sampleEntry({ id: `${days} days old`, at: Date.now() - days * DAY }))
  await writeLog(entries, [])
})

test('what is older than the settings keep goes without another close, and the pages are told', async () => {
  fake.own.set({ settings: { retentionDays: 15 } })
  const before = revision()
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1)
  await pruneLog()
  expect(await ids()).toEqual(['0 days old', '10 days old'])
  expect(revision()).not.toBe(before)
})

test('an entry bears the label that the settings give to the machine, when it is written', async () => {
  fake.own.set({ settings: { otlpResource: ['site=Lisboa', 'floor=2'] } })
  await writeLog([sampleEntry({ id: 'labelled', at: Date.now() + 1 })], [])
  const [labelled, before] = await (await openLog()).newest(2)
  expect(labelled).toMatchObject({ id: 'labelled', label: 'site=Lisboa, floor=2' })
  expect(before).not.toHaveProperty('label')
})

test('where all of it is kept, nobody is told of anything', async () => {
  const before = revision()
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1)
  await pruneLog()
  expect(await ids()).toHaveLength(3)
  expect(revision()).toBe(before)
})

test('nothing is counted at a start or a write within a day of the last time', async () => {
  fake.own.set({ settings: { retentionDays: 15 } })
  await pruneDaily()
  await writeLog([sampleEntry({ id: 'another' })], [])
  expect(await ids()).toHaveLength(4)
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + DAY)
  await writeLog([sampleEntry({ id: 'the next day' })], [])
  expect(await ids()).not.toContain('20 days old')
})

test('a time that lies ahead was noted by a clock that has been set back since', async () => {
  fake.own.set({ settings: { retentionDays: 15 }, logPruned: Date.now() + 400 * DAY })
  await pruneDaily()
  expect(await ids()).not.toContain('20 days old')
})

test('a flood of entries does not grow on until tomorrow, and pushes out nobody else’s', async () => {
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
