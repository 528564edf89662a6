/**
 * @jest-environment jsdom
 * @jest-environment-options {"url": "https://acme.my.connect.aws/ccp"}
 */
import './hooks'
import type { Departure } from '../../../src/page/departure'

type Listener = (event: object) => void
const listeners = new Map<string, Listener>()
let departure: Departure

/** Events as the browser makes them. Scripts cannot create trusted events, so the listeners are called directly. */
const happens = (type: string, event: object): void => listeners.get(type)?.({ isTrusted: true, ...event })
const click = (href: string, isTrusted = true): void => {
  const link = document.createElement('a')
  link.href = href
  happens('click', { isTrusted, composedPath: () => [document.createElement('span'), link, document.body] })
}

beforeEach(() => {
  jest.useFakeTimers()
  listeners.clear()
  jest.spyOn(window, 'addEventListener').mockImplementation((type: string, listener: unknown) => {
    listeners.set(type, listener as Listener)
  })
  jest.spyOn(window, 'removeEventListener').mockImplementation((type: string) => {
    listeners.delete(type)
  })
  const navigation = {
    addEventListener: (type: string, listener: Listener) => listeners.set(type, listener),
    removeEventListener: (type: string) => listeners.delete(type),
  }
  Object.assign(window, { navigation })
  jest.isolateModules(() => {
    const { watchDeparture } = jest.requireActual<{ watchDeparture: () => Departure }>('../../../src/page/departure')
    departure = watchDeparture()
  })
})

test('without any sign there is no hint', () => {
  expect(departure.hint()).toBeNull()
})

test.each([
  ['F5', { key: 'F5' }],
  ['Ctrl+R', { key: 'r', ctrlKey: true }],
  ['Ctrl+Shift+R', { key: 'R', ctrlKey: true }],
  ['Cmd+R', { key: 'r', metaKey: true }],
  ['Ctrl+R on a Cyrillic layout', { key: 'к', code: 'KeyR', ctrlKey: true }],
  ['the reload key of a keyboard', { key: 'BrowserRefresh', code: 'BrowserRefresh' }],
])('%s is a reload', (_what, key) => {
  happens('keydown', key)
  expect(departure.hint()).toBe('reload')
})

test('a typed “r” and a key event made by a script are not reloads', () => {
  happens('keydown', { key: 'r' })
  happens('keydown', { key: 'p', code: 'KeyR', ctrlKey: true })
  happens('keydown', { key: 'F5', isTrusted: false })
  expect(departure.hint()).toBeNull()
})

test.each(['/connect/logout', '/logout', 'https://acme.my.connect.aws/logout/?x=1'])(
  'a click on %s is a log-out',
  (href) => {
    click(href)
    expect(departure.hint()).toBe('logout')
  },
)

test('a click on another link, or one made by a script, is not a log-out', () => {
  click('/logout-survey')
  click('/logout', false)
  expect(departure.hint()).toBeNull()
})

test('the navigation API shows a reload, a log-out and a navigation', () => {
  happens('navigate', { navigationType: 'push', destination: { url: 'https://elsewhere.example/' } })
  expect(departure.hint()).toBe('navigation')
  happens('navigate', { navigationType: 'reload' })
  expect(departure.hint()).toBe('reload')
  happens('navigate', { navigationType: 'push', destination: { url: 'https://acme.my.connect.aws/logout' } })
  expect(departure.hint()).toBe('logout')
})

test('a navigation within the page, or a download, gives no hint', () => {
  happens('navigate', { navigationType: 'push', hashChange: true })
  happens('navigate', {
    navigationType: 'replace',
    destination: { url: 'https://acme.my.connect.aws/ccp', sameDocument: true },
  })
  happens('navigate', { navigationType: 'push', downloadRequest: '' })
  expect(departure.hint()).toBeNull()
})

describe('a link that leaves the page in place', () => {
  const follow = (href: string, download?: string): void => {
    const link = document.createElement('a')
    link.href = href
    if (download !== undefined) link.download = download
    happens('click', { composedPath: () => [link, document.body] })
  }

  test.each([
    'tel:+4930123456',
    'TEL:112',
    'mailto:a@example.com',
    'sip:ada@example.com',
    'msteams:/l/call',
    'x-ours:1',
  ])('opens another program: %s', (href) => {
    follow(href)
    expect(departure.leavesNothing()).toBe(true)
    expect(departure.hint()).toBeNull()
  })

  test.each(['/files/report.csv', 'blob:https://acme.my.connect.aws/x', '/ccp'])('is a download: %s', (href) => {
    follow(href, 'x.csv')
    expect(departure.leavesNothing()).toBe(true)
  })

  test.each([
    ['/elsewhere', undefined],
    ['https://elsewhere.example/', undefined],
    ['https://elsewhere.example/report.csv', 'report.csv'],
    ['blob:https://acme.my.connect.aws/x', undefined],
    ['javascript:void 0', undefined],
    ['about:blank', undefined],
    ['', undefined],
    ['https://[/', undefined],
  ])('is not %s', (href, download) => {
    follow(href, download)
    expect(departure.leavesNothing()).toBe(false)
  })

  test('is recognized, and ruled out again, by the navigation API: a script may redirect the click', () => {
    happens('navigate', { navigationType: 'push', destination: { url: 'tel:112' } })
    expect(departure.leavesNothing()).toBe(true)
    happens('navigate', {
      navigationType: 'push',
      downloadRequest: '',
      destination: { url: 'https://acme.my.connect.aws/x' },
    })
    expect(departure.leavesNothing()).toBe(true)
    follow('tel:112')
    happens('navigate', { navigationType: 'push', destination: { url: 'https://elsewhere.example/' } })
    expect(departure.leavesNothing()).toBe(false)
  })

  test('counts for one beforeunload, and only briefly', () => {
    follow('tel:112')
    expect(departure.leavesNothing()).toBe(true)
    expect(departure.leavesNothing()).toBe(false)
    follow('tel:112')
    jest.advanceTimersByTime(1_000)
    expect(departure.leavesNothing()).toBe(false)
  })
})

test('a log-out outlives the reload that follows it, but expires after a while', () => {
  departure.note('logout')
  happens('navigate', { navigationType: 'reload' })
  expect(departure.hint()).toBe('logout')
  jest.advanceTimersByTime(10_000)
  expect(departure.hint()).toBeNull()
  departure.note('navigation')
  expect(departure.hint()).toBe('navigation')
})

test('once stopped, it has no listeners', () => {
  departure.stop()
  expect([...listeners.keys()]).toEqual([])
})
