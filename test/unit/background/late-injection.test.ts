import { injectIntoOpenTabs } from '../../../src/background/late-injection'
import { saveCloses } from '../../../src/storage/close-store'
import { header, INSTANCE, EventPlayer } from '../domain/build'
import { fake, renewBrowser } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

beforeEach(() => renewBrowser())

const injectedInto = (tabId: number): unknown[] =>
  fake.injected
    .filter((injection) => injection.tabId === tabId)
    .map(({ frameId, file, world }) => [frameId, file, world])

const CCP = `https://${INSTANCE}/ccp-v2/`

test('every CCP gets the bridge in the page’s world and the content script, once each, and nothing else does', async () => {
  fake.addTab(1, CCP)
  fake.addTab(2, 'https://crm.example/')
  fake.frames.set(2, [
    { frameId: 0, result: 'https://crm.example/' },
    { frameId: 4, result: CCP },
    { frameId: 5, result: `https://${INSTANCE}/login` },
  ])
  fake.addTab(3, 'https://other.example/')
  await injectIntoOpenTabs()
  for (const [tabId, frameId] of [
    [1, 0],
    [2, 4],
  ] as const) {
    expect(injectedInto(tabId)).toEqual([
      [frameId, 'page.js', 'MAIN'],
      [frameId, 'content.js', 'ISOLATED'],
    ])
  }
  expect(injectedInto(3)).toEqual([])
})

test('an inaccessible or discarded tab does not stop the others', async () => {
  fake.addTab(1, 'chrome://settings')
  fake.closedTabs.add(1)
  fake.addTab(2, `https://${INSTANCE}/ccp-v2/`).discarded = true
  fake.addTab(3, `https://${INSTANCE}/ccp-v2/`)
  await injectIntoOpenTabs()
  expect(new Set(fake.injected.map(({ tabId }) => tabId))).toEqual(new Set([3]))
})

test('a frame that already has the scripts is left alone', async () => {
  fake.addTab(1, `https://${INSTANCE}/ccp-v2/`)
  fake.frames.set(1, [
    { frameId: 0, result: null },
    { frameId: 4, result: CCP },
  ])
  await injectIntoOpenTabs()
  expect(injectedInto(1)).toEqual([
    [4, 'page.js', 'MAIN'],
    [4, 'content.js', 'ISOLATED'],
  ])
})

test('a frame reachable only by its number is injected if the extension was in it before', async () => {
  const player = new EventPlayer()
  player.open(header('doc-a', { framed: true }), undefined, { tabId: 1, frameId: 7, ownCookies: true })
  await saveCloses({ state: player.state, unlogged: [], amendments: [] })
  fake.addTab(1, 'https://crm.example/')
  fake.frames.set(1, [
    { frameId: 7, result: CCP, isHidden: true },
    { frameId: 8, result: CCP, isHidden: true },
  ])
  await injectIntoOpenTabs()
  expect(injectedInto(1)).toEqual([
    [7, 'page.js', 'MAIN'],
    [7, 'content.js', 'ISOLATED'],
  ])
})
