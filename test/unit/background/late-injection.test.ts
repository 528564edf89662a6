import { injectIntoOpenTabs } from '../../../src/background/late-injection'
import { saveSessions } from '../../../src/storage/sessions-store'
import { header, INSTANCE, Sessions } from '../domain/build'
import { fake, renewBrowser } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))

beforeEach(() => renewBrowser())

const injectedInto = (tabId: number): unknown[] =>
  fake.injected
    .filter((injection) => injection.tabId === tabId)
    .map(({ frameId, file, world }) => [frameId, file, world])

test('every tab gets the bridge in the page’s world and the content script, once each', async () => {
  fake.addTab(1, `https://${INSTANCE}/ccp-v2/`)
  fake.addTab(2, 'https://crm.example/')
  await injectIntoOpenTabs()
  for (const tabId of [1, 2]) {
    expect(injectedInto(tabId)).toEqual([
      [0, 'page.js', 'MAIN'],
      [0, 'content.js', 'ISOLATED'],
    ])
  }
})

test('a tab that may not be entered, or was put to sleep, stops no other', async () => {
  fake.addTab(1, 'chrome://settings')
  fake.closedTabs.add(1)
  fake.addTab(2, `https://${INSTANCE}/ccp-v2/`).discarded = true
  fake.addTab(3, `https://${INSTANCE}/ccp-v2/`)
  await injectIntoOpenTabs()
  expect(new Set(fake.injected.map(({ tabId }) => tabId))).toEqual(new Set([3]))
})

test('a frame in which our scripts are already is left alone', async () => {
  fake.addTab(1, `https://${INSTANCE}/ccp-v2/`)
  fake.frames.set(1, [
    { frameId: 0, result: true },
    { frameId: 4, result: false },
  ])
  await injectIntoOpenTabs()
  expect(injectedInto(1)).toEqual([
    [4, 'page.js', 'MAIN'],
    [4, 'content.js', 'ISOLATED'],
  ])
})

test('a frame that only its number lets us into is entered where we have been in it before', async () => {
  const sessions = new Sessions()
  sessions.open(header('doc-a', { framed: true }), undefined, { tabId: 1, frameId: 7, ownCookies: true })
  await saveSessions({ state: sessions.state, unlogged: [], amendments: [] })
  fake.addTab(1, 'https://crm.example/')
  fake.frames.set(1, [
    { frameId: 7, result: false, isHidden: true },
    { frameId: 8, result: false, isHidden: true },
  ])
  await injectIntoOpenTabs()
  expect(injectedInto(1)).toEqual([
    [7, 'page.js', 'MAIN'],
    [7, 'content.js', 'ISOLATED'],
  ])
})
