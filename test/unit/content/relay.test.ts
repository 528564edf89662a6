/** @jest-environment jsdom */
import { webcrypto } from 'node:crypto'
import { startRelay } from '../../../src/content/relay'
import type { DocumentMessage } from '../../../src/protocol/document-messages'
import type { ContentMessage } from '../../../src/protocol/content-messages'
import { BRIDGE_GREETING, CONTENT_GREETING, toContent, toPage } from '../../../src/protocol/page-channel'
import type { FakeWorld } from '../../wire/fake-browser'
import { EXTENSION_ID } from '../../wire/fake-browser'
import { fake, renewBrowser, world } from '../background/browser'
import { agentEvent, closing, documentConfig, facts, pageConfig, succeeded } from '../domain/build'
import { uuid } from '../uuid'

jest.mock('../../../src/platform/content-browser', () => {
  Object.assign(globalThis, { chrome: jest.requireActual<{ browser: object }>('../background/browser').browser })
  return jest.requireActual<object>('../../../src/platform/content-browser')
})

const SENDER = { id: EXTENSION_ID, url: 'https://acme.my.connect.aws/ccp-v2/', tab: { id: 1 }, frameId: 0 }
const extension = { isThere: true }
let background: FakeWorld
let heard: DocumentMessage[]
let said: ContentMessage[]
let channel: string
let reads: unknown[]
let hello: unknown
/** The answer to other events; undefined means that nobody answers. */
let answer: null | undefined

const onGreeting = (event: Event): void => {
  channel = (event as CustomEvent<string>).detail
  window.addEventListener(toPage(channel), (answer) => {
    said.push(JSON.parse((answer as CustomEvent<string>).detail) as ContentMessage)
  })
}
const bridgeSays = (message: unknown): void => {
  const detail = typeof message === 'string' ? message : JSON.stringify(message)
  window.dispatchEvent(new CustomEvent(toContent(channel), { detail }))
}
const fire = (type: string, isPersisted = false): void => {
  window.dispatchEvent(Object.assign(new Event(type), { persisted: isPersisted }))
}
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
}
const mail = (): DocumentMessage[] =>
  [...fake.local.items].filter(([key]) => key.startsWith('mail:')).map(([, value]) => value as DocumentMessage)
const ports = (): string[] => [...background.ports].filter(({ other }) => other !== null).map(({ name }) => name)

/** A background that receives everything and answers a hello. */
function startBackground(next: FakeWorld): void {
  background = next
  next.onMessage.addListener((message) => {
    heard.push(message as DocumentMessage)
    const said = message as Partial<DocumentMessage>
    return Promise.resolve(said.news?.type === 'hello' ? hello : answer)
  })
}

beforeEach(async () => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] })
  if (!('randomUUID' in crypto)) Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true })
  Object.assign(performance, { getEntriesByType: () => [] })
  extension.isThere = true
  heard = []
  said = []
  hello = documentConfig()
  answer = null
  renewBrowser([SENDER, () => extension.isThere])
  fake.startBackground = startBackground
  window.addEventListener(CONTENT_GREETING, onGreeting, { once: true })
  const read = fake.local.get.bind(fake.local)
  reads = []
  jest.spyOn(fake.local, 'get').mockImplementation((keys) => {
    reads.push(keys)
    return read(keys)
  })
  startRelay()
  await settle()
})
afterEach(() => {
  // The relay detaches when it finds its extension gone.
  extension.isThere = false
  bridgeSays({ type: 'stayed', closeId: uuid('c0') })
  jest.clearAllTimers()
})

test('a document sends hello, opens its presence port, and passes its settings to the bridge', () => {
  expect(heard.map(({ news: docEvent }) => docEvent.type)).toEqual(['hello'])
  expect(ports()).toEqual([`ccp-document:${heard[0]?.header.docId ?? ''}`])
  expect(said).toEqual([{ type: 'configure', config: pageConfig() }])
})

test('opens its mailbox in advance: Firefox needs several steps, for which a closing page has no time', () => {
  expect(reads).toEqual(['mail'])
})

test('reports whether it has settings, and whether a bridge has answered', () => {
  const docId = heard[0]?.header.docId ?? ''
  const check = (id: string): unknown => {
    let answer: unknown
    world.onMessage.emit({ type: 'check', docId: id }, { id: EXTENSION_ID }, (said) => (answer = said))
    return answer
  }
  expect(check(docId)).toEqual({ isBridgeThere: false, isConfigured: true })
  bridgeSays('nonsense')
  expect(check(docId)).toEqual({ isBridgeThere: false, isConfigured: true })
  bridgeSays({ type: 'alive' })
  expect(check(docId)).toEqual({ isBridgeThere: true, isConfigured: true })
  expect(check('another')).toBeUndefined()
})

describe('a bridge without any valid message', () => {
  const unprotected = (): unknown[] =>
    heard.flatMap(({ news: docEvent }) => (docEvent.type === 'unprotected' ? [docEvent.reason] : []))

  test.each(['nothing', 'nonsense', { type: 'agent', agent: 'spoiled' }, { type: 'alive' }])(
    'that sent %p is reported once its time has passed',
    async (words) => {
      if (words !== 'nothing') bridgeSays(words)
      await jest.advanceTimersByTimeAsync(39_000)
      expect(unprotected()).toEqual([])
      await jest.advanceTimersByTimeAsync(1_000)
      expect(unprotected()).toEqual(['no_bridge'])
    },
  )

  test('is not reported if the bridge has sent its agent, or the reason for having none', async () => {
    bridgeSays({ type: 'unprotected', reason: 'no_connect' })
    await jest.advanceTimersByTimeAsync(60_000)
    expect(unprotected()).toEqual(['no_connect'])
  })
})

test('an unanswered hello is repeated until it is answered', async () => {
  const hellos = (): number => heard.filter(({ news: docEvent }) => docEvent.type === 'hello').length
  hello = null
  fire('pagehide')
  fire('pageshow', true)
  // After 1, 2 and 4 seconds, with a back-off.
  for (const wait of [1_000, 2_000]) {
    await settle()
    jest.advanceTimersByTime(wait)
  }
  expect(hellos()).toBe(4)
  hello = documentConfig({ mode: 'observe', enqueue: false })
  for (let seconds = 0; seconds < 10; seconds += 1) {
    jest.advanceTimersByTime(1_000)
    await settle()
  }
  expect(hellos()).toBe(5)
  // The recovery order stays in the content script.
  expect(said.at(-1)).toEqual({ type: 'configure', config: pageConfig({ mode: 'observe', enqueue: false }) })
})

test('a close report goes by message and by mailbox, under the same sequence number', async () => {
  bridgeSays(closing(uuid('c1')))
  bridgeSays(succeeded(uuid('c1')))
  fire('pagehide')
  await settle()
  const words = ['closing', 'result', 'gone']
  expect(mail().map(({ news: docEvent }) => docEvent.type)).toEqual(words)
  expect(heard.slice(1).map(({ news: docEvent }) => docEvent.type)).toEqual(words)
  expect(heard.slice(1).map(({ seq }) => seq)).toEqual(mail().map(({ seq }) => seq))
})

test('the mailbox has the close report within the same call', () => {
  bridgeSays(closing(uuid('c1')))
  expect(mail()).toHaveLength(1)
})

test('events of a living page go to the background only', async () => {
  bridgeSays(agentEvent(facts()))
  await settle()
  expect(heard.at(-1)?.news).toEqual(agentEvent(facts()))
  expect(mail()).toEqual([])
})

test('an unanswered event is repeated until it is answered; a newer event replaces it', async () => {
  const told = (): unknown[] => heard.slice(1).map(({ news: docEvent }) => docEvent)
  const first = agentEvent(facts('routable', { username: 'before' }))
  const last = agentEvent(facts('routable', { username: 'after' }))
  answer = undefined
  bridgeSays(first)
  bridgeSays(last)
  await settle()
  for (const seconds of [1, 2]) {
    jest.advanceTimersByTime(seconds * 1_000)
    await settle()
  }
  expect(told()).toEqual([first, last, last, last])
  answer = null
  for (let seconds = 0; seconds < 60; seconds += 1) {
    jest.advanceTimersByTime(1_000)
    await settle()
  }
  expect(told()).toEqual([first, last, last, last, last])
  expect(new Set(heard.map(({ seq }) => seq)).size).toBe(heard.length)
})

test('an unanswered token is lent again until it is answered', async () => {
  const lent = { url: 'https://acme.my.connect.aws/api', token: 'token-of-ada', expiresAt: null }
  answer = undefined
  bridgeSays({ type: 'token', lent })
  await settle()
  jest.advanceTimersByTime(1_000)
  await settle()
  answer = null
  for (let seconds = 0; seconds < 60; seconds += 1) {
    jest.advanceTimersByTime(1_000)
    await settle()
  }
  const token = { kind: 'token', docId: heard[0]?.header.docId, lent }
  expect(heard.filter(({ kind }) => (kind as string) === 'token')).toEqual([token, token, token])
  expect(mail()).toEqual([])
})

test('a closed page repeats nothing', async () => {
  answer = undefined
  bridgeSays(agentEvent(facts()))
  fire('pagehide')
  await settle()
  jest.advanceTimersByTime(60_000)
  await settle()
  expect(heard.slice(1).map(({ news: docEvent }) => docEvent.type)).toEqual(['agent', 'gone'])
})

test('undeliverable events of a living page do not fill the mailbox; a close report does', async () => {
  jest.spyOn(fake, 'deliver').mockRejectedValue(new Error('Could not establish connection.'))
  bridgeSays({ type: 'unprotected', reason: 'no_connect' })
  bridgeSays(closing(uuid('c1')))
  await settle()
  expect(mail().map(({ news: docEvent }) => docEvent.type)).toEqual(['closing'])
})

test.each([
  '{',
  '"closing"',
  '{"type":"gone"}',
  '{"type":"hello"}',
  `{"type":"stayed","closeId":"${'x'.repeat(70_000)}"}`,
])('a forged message is dropped (%#)', async (forged) => {
  bridgeSays(forged)
  window.dispatchEvent(new CustomEvent(toContent(channel), { detail: { type: 'stayed', closeId: uuid('c1') } }))
  await settle()
  expect(heard).toHaveLength(1)
  expect(mail()).toEqual([])
})

test('the bridge is answered “alive” while the extension exists', () => {
  bridgeSays({ type: 'alive' })
  expect(said.at(-1)).toEqual({ type: 'alive' })
  extension.isThere = false
  const before = said.length
  bridgeSays({ type: 'alive' })
  expect(said).toHaveLength(before)
})

test('a late bridge is greeted, and gets the settings that came before it', () => {
  window.addEventListener(CONTENT_GREETING, onGreeting, { once: true })
  const name = channel
  channel = ''
  said = []
  fire(BRIDGE_GREETING)
  expect(channel).toBe(name)
  // Heard by both listeners of this test: that of the first greeting, and that of the late one.
  const settings = { type: 'configure', config: pageConfig() }
  expect(said).toEqual([settings, settings])
})

describe('the presence port after the worker was stopped', () => {
  test('is reopened while the agent is Available, which wakes the worker', async () => {
    bridgeSays(agentEvent(facts('routable')))
    await settle()
    fake.stopWorker()
    jest.advanceTimersByTime(10_000)
    expect(ports()).toHaveLength(1)
  })

  test('is reopened while the agent has a contact', async () => {
    bridgeSays(agentEvent(facts('not_routable', { contacts: [{ channel: 'chat', state: 'connected' }] })))
    await settle()
    fake.stopWorker()
    jest.advanceTimersByTime(10_000)
    expect(ports()).toHaveLength(1)
  })

  test('stays closed while nobody needs watching, and is reopened when somebody does', async () => {
    bridgeSays(agentEvent(facts('not_routable')))
    await settle()
    fake.stopWorker()
    jest.advanceTimersByTime(10_000)
    expect(fake.background).toBeNull()
    bridgeSays(agentEvent(facts('routable')))
    await settle()
    expect(ports()).toHaveLength(1)
  })
})

test('a ping for this document is answered; one for another document is not', async () => {
  const docId = heard[0]?.header.docId
  expect(await fake.tellTab(1, { type: 'ping', docId }, 0)).toBe(true)
  expect(await fake.tellTab(1, { type: 'ping', docId: uuid('another') }, 0)).toBeUndefined()
})

test('an Offline that is to be requested again is passed on for its close, unless the order is old or the agent has moved', async () => {
  const order = { type: 'set_offline', docId: heard[0]?.header.docId, kind: 'asked', closeId: uuid('c1') }
  expect(await fake.tellTab(1, { ...order, at: Date.now() - 10_000 }, 0)).toBe(false)
  expect(await fake.tellTab(1, { ...order, docId: uuid('another'), at: Date.now() }, 0)).toBeUndefined()
  const busy = facts('routable', { contacts: [{ channel: 'chat', state: 'connected' }] })
  for (const agent of [null, busy, facts('not_routable')]) {
    if (agent !== null) bridgeSays(agentEvent(agent))
    expect(await fake.tellTab(1, { ...order, at: Date.now() }, 0)).toBe(false)
  }
  expect(said.slice(1)).toEqual([])
  bridgeSays(agentEvent(facts()))
  expect(await fake.tellTab(1, { ...order, at: Date.now() }, 0)).toBe(true)
  expect(said.slice(1)).toEqual([{ type: 'recover', closeId: uuid('c1') }])
})

test('new settings are passed on', async () => {
  await fake.tellTab(1, { type: 'configure', config: documentConfig({ mode: 'off' }) }, 0)
  await fake.tellTab(1, { type: 'configure', config: { ...documentConfig(), mode: 'rubbish' } }, 0)
  expect(said.slice(1)).toEqual([{ type: 'configure', config: pageConfig({ mode: 'off' }) }])
})

test('a page restored from the back/forward cache becomes a new document', async () => {
  bridgeSays(agentEvent(facts()))
  fire('pagehide')
  fire('pageshow', true)
  await settle()
  const ids = new Set(heard.map(({ header }) => header.docId))
  expect(ids.size).toBe(2)
  expect(heard.slice(-2).map(({ news: docEvent }) => docEvent.type)).toEqual(['hello', 'agent'])
})

test('when the extension goes, the bridge is asked to detach, and nothing more is sent', async () => {
  extension.isThere = false
  bridgeSays(agentEvent(facts()))
  expect(said.at(-1)).toEqual({ type: 'detach' })
  bridgeSays(closing(uuid('c1')))
  fire('pagehide')
  await settle()
  expect(heard).toHaveLength(1)
  expect(mail()).toEqual([])
})

test('when the extension goes, its closed port is enough to detach the bridge', () => {
  extension.isThere = false
  world.die()
  for (const port of world.ports) port.onDisconnect.emit(port)
  expect(said.at(-1)).toEqual({ type: 'detach' })
})
