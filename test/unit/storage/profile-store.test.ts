import { noteStart, readProfile } from '../../../src/storage/profile-store'
import { fake, renewBrowser } from '../background/browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

beforeEach(() => renewBrowser())

/** The browser ends: what is kept in memory goes. */
const endBrowser = (): void => fake.session.items.clear()

test('a profile is new until the browser has started on it again', async () => {
  await noteStart(1_000)
  expect(await readProfile()).toEqual({ isNew: true, since: 1_000 })
  // Another worker of the same run.
  await noteStart(2_000)
  expect(await readProfile()).toEqual({ isNew: true, since: 1_000 })
  endBrowser()
  await noteStart(3_000)
  expect(await readProfile()).toEqual({ isNew: false, since: 1_000 })
})

test('one that an older version has left something in is not new', async () => {
  fake.own.set({ sessions: {} })
  await noteStart(1_000)
  expect(await readProfile()).toEqual({ isNew: false, since: 1_000 })
})

test('nothing is claimed where nothing was noted, or damage was', async () => {
  expect(await readProfile()).toEqual({ isNew: false, since: null })
  fake.own.set({ profile: { since: 'yesterday' } })
  expect(await readProfile()).toEqual({ isNew: false, since: null })
})
