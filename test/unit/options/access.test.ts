/** @jest-environment jsdom */
import { accessBanner } from '../../../src/options/access'
import { browser, hostListeners } from '../ui/fake-browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

test('the banner is shown exactly while the browser denies access to the sites', async () => {
  const place = document.createElement('div')
  browser.permissions.contains.mockResolvedValue(false)
  await accessBanner(place)
  expect(place.textContent).toContain('Signoff has no access to your CCP')
  browser.permissions.contains.mockResolvedValue(true)
  for (const listener of hostListeners) listener()
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(place.textContent).toBe('')
})
