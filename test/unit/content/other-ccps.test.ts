import { CLOSING_MS, OtherCcps } from '../../../src/content/other-ccps'
import { CCP_CHANNEL } from '../../../src/protocol/ccp-channel'
import { FakeAir } from '../../wire/fake-broadcast'
import { ATTEMPTED, closing, pageConfig } from '../domain/build'
import { uuid } from '../uuid'

const world = globalThis as { BroadcastChannel: unknown }
const original = world.BroadcastChannel
const [OWN, OTHER] = [uuid('own'), uuid('other')]

let others: OtherCcps
let changes: number
let page: BroadcastChannel
let heard: unknown[]

/** What the bridge receives when the background reports these CCPs as open. */
const told = (otherCcps: readonly string[] = [OTHER]) => {
  const { otherCcps: known, lastWindow } = others.corrected(pageConfig({ otherCcps: [...otherCcps] }))
  return [known, lastWindow]
}
const say = async (message: unknown): Promise<void> => {
  page.postMessage(typeof message === 'object' ? JSON.stringify(message) : message)
  await Promise.resolve()
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] })
  world.BroadcastChannel = new FakeAir().channelClass('acme', () => true)
  changes = 0
  others = new OtherCcps(() => (changes += 1))
  heard = []
  page = new BroadcastChannel(CCP_CHANNEL)
  page.addEventListener('message', ({ data }: MessageEvent<string>) => heard.push(JSON.parse(data)))
})
afterEach(() => {
  others.close()
  world.BroadcastChannel = original
  jest.useRealTimers()
})

test('a CCP that has announced nothing counts as open', () => {
  expect(told()).toEqual([[OTHER], false])
})

test('a closing CCP no longer counts, and the browser may be quitting; a gone one just no longer counts', async () => {
  await say({ docId: OTHER, is: 'closing' })
  expect([changes, told()]).toEqual([1, [[], true]])
  await say({ docId: OTHER, is: 'gone' })
  expect([changes, told()]).toEqual([2, [[], false]])
  expect(told([OTHER, uuid('third')])).toEqual([[uuid('third')], false])
  jest.advanceTimersByTime(10 * CLOSING_MS)
  expect(told()).toEqual([[], false])
})

test('a CCP that announces “back” counts as open again', async () => {
  await say({ docId: OTHER, is: 'closing' })
  await say({ docId: OTHER, is: 'back' })
  expect(told()).toEqual([[OTHER], false])
})

test('a CCP that stays “closing” for too long counts as open again, and the bridge is notified', async () => {
  await say({ docId: OTHER, is: 'closing' })
  jest.advanceTimersByTime(CLOSING_MS - 1)
  expect([changes, told()]).toEqual([1, [[], true]])
  jest.advanceTimersByTime(1)
  expect([changes, told()]).toEqual([2, [[OTHER], false]])
})

test('a CCP that is acting counts as open, until some time after it has gone', async () => {
  await say({ docId: OTHER, is: 'acting' })
  expect(told()).toEqual([[OTHER], false])
  await say({ docId: OTHER, is: 'gone' })
  expect(told()).toEqual([[OTHER], false])
  jest.advanceTimersByTime(CLOSING_MS)
  expect([changes > 2, told()]).toEqual([true, [[], false]])
})

test('a CCP that acted and stayed counts like any other when it goes', async () => {
  for (const is of ['acting', 'back', 'closing', 'gone']) await say({ docId: OTHER, is })
  expect(told()).toEqual([[], false])
})

test.each([
  '{',
  5,
  null,
  [],
  { docId: OTHER },
  { docId: OTHER, is: 'dead' },
  { docId: 'not an id', is: 'gone' },
  { docId: OTHER, is: 'gone', more: 1 },
  { docId: OTHER, is: 'gone', more: 'x'.repeat(300) },
])('a forged message is dropped (%#)', async (forged) => {
  await say(forged)
  expect([changes, told()]).toEqual([0, [[OTHER], false]])
})

describe('announces about its own document', () => {
  const left = (reason: 'reload' | 'other_ccp') => closing(uuid('c1'), { did: { action: 'left', reason } })
  const NONE = { action: 'none', reason: 'not_routable' } as const

  test.each([
    ['that it acts for its agent', closing(uuid('c1'), { did: ATTEMPTED }), ['acting', 'gone']],
    ['that it defers to others', left('other_ccp'), ['closing', 'gone']],
    ['that it has nothing to do', closing(uuid('c1'), { did: NONE }), ['closing', 'gone']],
    ['nothing during a reload, since the others are then not the last ones', left('reload'), []],
  ])('%s', async (_what, docEvent, words) => {
    others.note(OWN, docEvent as Parameters<OtherCcps['note']>[1])
    others.sayGone(OWN)
    await Promise.resolve()
    expect(heard).toEqual(words.map((is) => ({ docId: OWN, is })))
  })

  test('“back” when it stayed, and then what follows a reload that did not happen', async () => {
    others.note(OWN, left('reload') as Parameters<OtherCcps['note']>[1])
    others.note(OWN, { type: 'stayed' })
    others.note(OWN, left('other_ccp') as Parameters<OtherCcps['note']>[1])
    others.sayGone(OWN)
    await Promise.resolve()
    expect(heard).toEqual(['back', 'closing', 'gone'].map((is) => ({ docId: OWN, is })))
  })

  test('nothing once it has gone, until a return from the back/forward cache', async () => {
    others.sayGone(OWN)
    others.note(OWN, left('other_ccp') as Parameters<OtherCcps['note']>[1])
    await say({ docId: OTHER, is: 'gone' })
    expect([heard.length, changes]).toEqual([1, 0])
    others.open()
    await say({ docId: OTHER, is: 'gone' })
    expect(changes).toBe(1)
  })
})

test('a document without a channel relies on the background', () => {
  world.BroadcastChannel = () => {
    throw new DOMException('No', 'SecurityError')
  }
  const alone = new OtherCcps(() => undefined)
  alone.note(OWN, { type: 'stayed' })
  expect(alone.corrected(pageConfig({ otherCcps: [OTHER] })).otherCcps).toEqual([OTHER])
  expect(() => alone.sayGone(OWN)).not.toThrow()
})
