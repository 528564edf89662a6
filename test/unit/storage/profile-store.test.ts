import { noteStart, readProfile } from '../../../src/storage/profile-store'
import { fake, renewBrowser } from '../background/browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

beforeEach(() => renewBrowser())

/** The browser ends, and what was in memory is gone. */
const endBrowser = (): void => fake.session.items.clear()

test('a profile is new until the browser has started with it again', async () => {
  await noteStart(1_000)
  expect(await readProfile()).toEqual({ isNew: true, since: 1_000 })
  // Another worker of the same run.
  await noteStart(2_000)
  expect(await readProfile()).toEqual({ isNew: true, since: 1_000 })
  endBrowser()
  await noteStart(3_000)
  expect(await readProfile()).toEqual({ isNew: false, since: 1_000 })
})

test('a profile with data of an older version is not new', async () => {
  fake.own.set({ sessions: {} })
  await noteStart(1_000)
  expect(await readProfile()).toEqual({ isNew: false, since: 1_000 })
})

test('nothing is claimed if nothing was recorded, or if the record is damaged', async () => {
  expect(await readProfile()).toEqual({ isNew: false, since: null })
  fake.own.set({ profile: { since: 'yesterday' } })
  expect(await readProfile()).toEqual({ isNew: false, since: null })
})
