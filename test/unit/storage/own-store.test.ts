import 'fake-indexeddb/auto'
import { deleteDB } from 'idb'
import type { ownStore as OwnStore } from '../../../src/storage/own-store'
import * as mockBrowser from '../background/browser'

const { renewBrowser } = mockBrowser
jest.mock('../../../src/platform/browser', () => mockBrowser)

/** Another start of the background, without anything that was in memory. */
function restart(): typeof OwnStore {
  const started: (typeof OwnStore)[] = []
  jest.isolateModules(() => {
    started.push(jest.requireActual<{ ownStore: typeof OwnStore }>('../../../src/storage/own-store').ownStore)
  })
  const [store] = started
  if (store === undefined) throw new Error('No store.')
  return store
}

beforeEach(async () => {
  renewBrowser()
  await deleteDB('ccp-signoff')
})

test('stored values survive a start, and other contexts learn which key has changed, but not the value', async () => {
  await restart().set({ policy: { otlpHeaders: ['Authorization=secret'] }, marks: 1 })
  expect(await restart().get(['policy', 'marks', 'none'])).toEqual({
    policy: { otlpHeaders: ['Authorization=secret'] },
    marks: 1,
  })
  await restart().remove('marks')
  expect(await restart().get('marks')).toEqual({})
  expect([...mockBrowser.fake.session.items.keys()]).toEqual(['stored:policy', 'stored:marks'])
  expect(JSON.stringify([...mockBrowser.fake.session.items])).not.toContain('secret')
  expect(mockBrowser.fake.local.items.size).toBe(0)
})

describe('data that an older version left where content scripts can read it', () => {
  const left = {
    settings: { mode: 'off' },
    sessions: { state: {} },
    installation: 'name',
    policy: { otlpHeaders: ['secret'] },
    logRevision: 7,
    'mail:a:1': {},
  }

  test('is moved, except for the mail and the copy of the policy, which is made again', async () => {
    mockBrowser.fake.local.set(left)
    const { settings, sessions, installation } = left
    expect(await restart().get(Object.keys(left))).toEqual({ settings, sessions, installation })
    expect([...mockBrowser.fake.local.items.keys()]).toEqual(['mail:a:1'])
  })

  test('is moved once: what appears there later is removed unread', async () => {
    await restart().get('settings')
    mockBrowser.fake.local.set(left)
    expect(await restart().get(['settings', 'sessions'])).toEqual({})
    expect([...mockBrowser.fake.local.items.keys()]).toEqual(['mail:a:1'])
  })

  test('is moved once by two contexts that start together', async () => {
    mockBrowser.fake.local.set(left)
    const [one, other] = [restart(), restart()]
    await Promise.all([one.get('settings'), other.set({ settings: { mode: 'act' } })])
    expect(await restart().get(['settings', 'installation'])).toEqual({
      settings: { mode: 'act' },
      installation: 'name',
    })
  })

  test('is left for the next start if it cannot be read', async () => {
    mockBrowser.fake.local.set(left)
    mockBrowser.fake.local.refusal = 'locked'
    expect(await restart().get('settings')).toEqual({})
    mockBrowser.fake.local.refusal = null
    expect(await restart().get('settings')).toEqual({ settings: left.settings })
  })
})

test('contexts that add to the same value at once do not lose each other’s changes', async () => {
  const add = (item: string) => (known: unknown) => [...((known as string[] | undefined) ?? []), item]
  await Promise.all(['a', 'b', 'c'].map((item) => restart().update('list', add(item))))
  expect([...((await restart().get('list'))['list'] as string[])].sort()).toEqual(['a', 'b', 'c'])
})
