import 'fake-indexeddb/auto'
import { clearLog, pruneLog, writeLog } from '../../../src/background/log-writer'
import { openLog } from '../../../src/storage/log-store'
import { sampleEntry } from '../ui/samples'
import { fake, renewBrowser } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))

const DAY = 24 * 60 * 60_000
const ids = async (): Promise<string[]> => (await (await openLog()).newest(10)).map(({ id }) => id)
const revision = (): unknown => fake.local.items.get('logRevision')

beforeEach(async () => {
  renewBrowser()
  await clearLog()
  const entries = [0, 10, 20].map((days) => sampleEntry({ id: `${days} days old`, at: Date.now() - days * DAY }))
  await writeLog(entries, [])
})

test('what is older than the settings keep goes without another close, and the pages are told', async () => {
  fake.local.set({ settings: { retentionDays: 15 } })
  const before = revision()
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1)
  await pruneLog()
  expect(await ids()).toEqual(['0 days old', '10 days old'])
  expect(revision()).not.toBe(before)
})

test('where all of it is kept, nobody is told of anything', async () => {
  const before = revision()
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 1)
  await pruneLog()
  expect(await ids()).toHaveLength(3)
  expect(revision()).toBe(before)
})
