/** @jest-environment jsdom */
import { startNav } from '../../../src/options/nav'
import { loadOptionsPage } from './page'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const visible = () => [...document.querySelectorAll<HTMLElement>('main > section')].filter(({ hidden }) => !hidden)
const current = () => document.querySelector('nav a[aria-current]')?.textContent

test('shows the section in the address, or the log without one', () => {
  loadOptionsPage()
  window.scrollTo = () => undefined
  const shown = jest.fn()
  startNav(document, shown)
  expect(visible().map(({ id }) => id)).toEqual(['log'])
  expect(current()).toBe('Log')

  location.hash = '#settings'
  window.dispatchEvent(new Event('hashchange'))
  expect(visible().map(({ id }) => id)).toEqual(['settings'])
  expect(current()).toBe('Settings')
  expect(document.activeElement?.id).toBe('settings')
  expect(shown).toHaveBeenLastCalledWith('settings')
})
