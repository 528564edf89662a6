/** @jest-environment jsdom */
import type { Ask } from '../../../src/ui/ask'
import { liveSteps } from '../../../src/welcome/live-steps'
import { factItems } from '../../../src/welcome/welcome-view'
import { browser, hostListeners } from '../ui/fake-browser'
import { sampleStatus } from '../ui/samples'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

let list: HTMLElement
const asked = jest.fn<Promise<unknown>, [string]>()
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

beforeEach(() => {
  list = document.createElement('ol')
  browser.permissions.contains.mockResolvedValue(true)
  browser.action.getUserSettings.mockResolvedValue({ isOnToolbar: false })
  asked.mockResolvedValue(sampleStatus())
})
const show = async (): Promise<void> => liveSteps(list, asked as unknown as Ask)()

test('three sentences say what the extension does', () => {
  const facts = factItems().map(({ textContent }) => textContent)
  expect(facts).toHaveLength(3)
  expect(facts[0]).toContain('sets you Offline')
  expect(facts.every((fact) => (fact.match(/[.;:] /g) ?? []).length <= 1)).toBe(true)
})

test('without access it asks for it, and continues once it was granted', async () => {
  browser.permissions.contains.mockResolvedValue(false)
  await show()
  expect(list.textContent).toContain('Signoff has no access to your CCP')
  expect(list.textContent).not.toContain('Open your CCP and click')
  browser.permissions.contains.mockResolvedValue(true)
  list.querySelector('button')?.click()
  expect(browser.permissions.request).toHaveBeenCalledWith({ origins: ['https://*.my.connect.aws/*'] })
  await settled()
  expect(list.textContent).toContain('Signoff has access to the sites')
  expect(list.textContent).toContain('Open your CCP and click')
})

test('access that is granted or withdrawn elsewhere is noticed', async () => {
  await show()
  expect(list.textContent).toContain('Signoff has access')
  browser.permissions.contains.mockResolvedValue(false)
  for (const listener of hostListeners) listener()
  await settled()
  expect(list.textContent).toContain('Signoff has no access')
})

test('a CCP that was open before has to be reloaded', async () => {
  asked.mockResolvedValue(sampleStatus({ unreachedTabs: 1 }))
  await show()
  expect(list.textContent).toContain('Reload your CCP tab')
})

test('a user who returns after pinning the button sees that it is done', async () => {
  await show()
  expect(list.textContent).toContain('Keep the button in sight')
  browser.action.getUserSettings.mockResolvedValue({ isOnToolbar: true })
  window.dispatchEvent(new Event('focus'))
  await settled()
  expect(list.textContent).toContain('The Signoff button is in your toolbar.')
})

test('unchanged content is not redrawn, and keeps the focus', async () => {
  browser.permissions.contains.mockResolvedValue(false)
  await show()
  const button = list.querySelector('button')
  window.dispatchEvent(new Event('focus'))
  await settled()
  expect(list.querySelector('button')).toBe(button)
})

test('a background that does not answer is reported, and can be asked again', async () => {
  asked.mockRejectedValueOnce(new Error('Signoff did not answer'))
  await show()
  expect(list.textContent).toContain('Signoff did not answer')
  list.querySelector('button')?.click()
  await settled()
  expect(list.textContent).toContain('Signoff has access')
})
