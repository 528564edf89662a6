import { forgetInstallation, installationId, readInstallation } from '../../../src/storage/installation-store'
import { renewBrowser } from '../background/browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

beforeEach(() => renewBrowser())

test('there is no name until one is requested', async () => {
  expect(await readInstallation()).toBeNull()
})

test('simultaneous requests get the same name, which stays', async () => {
  const [one, other] = await Promise.all([installationId(), installationId()])
  expect(other).toBe(one)
  expect(await readInstallation()).toBe(one)
  expect(await installationId()).toBe(one)
})

test('a forgotten name is replaced by another', async () => {
  const before = await installationId()
  await forgetInstallation()
  expect(await readInstallation()).toBeNull()
  expect(await installationId()).not.toBe(before)
})
