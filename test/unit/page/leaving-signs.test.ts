/** @jest-environment jsdom */
import './hooks'
import type * as Signs from '../../../src/page/leaving-signs'
import type * as Files from '../../../src/page/static-file'

let seen: number
let stop: () => void
let resources: { name: string; initiatorType: string }[]
let staticFileOf: typeof Files.staticFileOf

beforeEach(() => {
  seen = 0
  resources = []
  Object.assign(performance, { getEntriesByType: () => resources })
  jest.isolateModules(() => {
    const { watchLeavingSigns } = jest.requireActual<typeof Signs>('../../../src/page/leaving-signs')
    stop = watchLeavingSigns(() => (seen += 1))
    ;({ staticFileOf } = jest.requireActual<typeof Files>('../../../src/page/static-file'))
  })
})
afterEach(() => stop())

const button = document.createElement('button')
document.body.append(button)

test.each<[string, () => void]>([
  ['the pointer leaves the page', () => document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true }))],
  [
    'a modifier key goes down',
    () => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Control', bubbles: true })),
  ],
  ['the page loses the focus', () => window.dispatchEvent(new Event('blur'))],
  [
    'the page is hidden',
    () => {
      const isHidden = jest.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
      isHidden.mockRestore()
    },
  ],
])('it is a sign that %s', (_what, happen) => {
  happen()
  expect(seen).toBe(1)
  stop()
  happen()
  expect(seen).toBe(1)
})

test('pointer, key or focus activity within the page is not a sign', () => {
  document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, relatedTarget: button }))
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))
  button.dispatchEvent(new FocusEvent('blur'))
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  expect(seen).toBe(0)
})

test('only a static file of the page’s own origin that it has loaded is requested', () => {
  const origin = 'https://acme.my.connect.aws'
  resources = [
    { name: 'no address', initiatorType: 'script' },
    { name: `${origin}/auth/authorize`, initiatorType: 'fetch' },
    { name: `${origin}/data.js`, initiatorType: 'xmlhttprequest' },
    { name: `${origin}/ccp-v2/channel-view`, initiatorType: 'iframe' },
    { name: 'https://elsewhere.example/a.js', initiatorType: 'script' },
  ]
  expect(staticFileOf(origin)).toBeNull()
  resources.push({ name: `${origin}/static/streams.HASH.js?v=1`, initiatorType: 'script' })
  expect(staticFileOf(origin)).toBe(`${origin}/static/streams.HASH.js?v=1`)
})
