import type { Runtime } from '../../../src/platform/browser'
import type { SessionEvent } from '../../../src/domain/sessions/events'
import { emptyMailbox, readDocumentMessage, readPort, readToken } from '../../../src/background/inbox'
import { Problems } from '../../../src/background/problems'
import type { DocumentMessage } from '../../../src/protocol/document-messages'
import { mailKey } from '../../../src/protocol/document-messages'
import { EXTENSION_ID } from '../../wire/fake-browser'
import { closing, header, INSTANCE, Sessions, T0 } from '../domain/build'
import { fake, renewBrowser } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))

beforeEach(() => renewBrowser())

const SENDER = { id: EXTENSION_ID, url: `https://${INSTANCE}/ccp-v2/#x`, tab: { id: 4 }, frameId: 2 }
const message = (changes: Partial<DocumentMessage> = {}): DocumentMessage => ({
  kind: 'document',
  seq: 0,
  at: T0,
  header: header('doc-a'),
  news: { type: 'hello' },
  ...changes,
})
const read = (what: unknown, sender: object): SessionEvent | null => readDocumentMessage(what, sender, 'run-1')

describe('a message of a document', () => {
  test('is news, from the place that the browser names', () => {
    expect(read(message(), SENDER)).toMatchObject({
      type: 'news',
      seq: 0,
      at: T0,
      runId: 'run-1',
      header: header('doc-a'),
      place: { tabId: 4, frameId: 2, ownCookies: true },
      news: { type: 'hello' },
    })
  })

  test.each([
    ['another extension', { ...SENDER, id: 'another' }],
    ['no extension at all', { ...SENDER, id: undefined }],
    ['no tab', { ...SENDER, tab: undefined }],
    ['no frame', { ...SENDER, frameId: undefined }],
    ['a page that is no CCP', { ...SENDER, url: `https://${INSTANCE}/home` }],
    ['a page of another host', { ...SENDER, url: 'https://evil.example/ccp-v2/' }],
    ['a page without an address', { ...SENDER, url: undefined }],
    ['a page of another instance', { ...SENDER, url: 'https://other.my.connect.aws/ccp-v2/' }],
  ])('is not believed from %s', (_who, sender) => {
    expect(read(message(), sender)).toBeNull()
  })

  test('is not believed where its header names the address of another origin', () => {
    expect(read(message({ header: header('doc-a', { url: 'https://evil.example/ccp-v2/' }) }), SENDER)).toBeNull()
  })

  test('is not believed where it is none', () => {
    for (const what of [null, 'hello', {}, { ...message(), kind: 'ui' }, { ...message(), extra: 1 }]) {
      expect(read(what, SENDER)).toBeNull()
    }
  })

  test('is not believed where its header names no address at all', () => {
    expect(read(message({ header: header('doc-a', { url: 'no address' }) }), SENDER)).toBeNull()
  })
})

describe('a token', () => {
  const AT = { tabId: 4, frameId: 2, ownCookies: false }
  const PRIVATE = { ...SENDER, tab: { id: 4, incognito: true } }
  const lent = { url: `https://${INSTANCE}/api`, token: 't', expiresAt: null }
  const what = { kind: 'token', docId: 'doc-a', lent }
  const sessions = new Sessions()
  sessions.open(header('doc-a'), undefined, AT)
  const take = (said: unknown, sender: object): unknown => readToken(said, sender, sessions.state)

  test('is taken from the document that lends it', () => {
    expect(take(what, PRIVATE)).toEqual(what)
  })

  test.each<[string, unknown, object]>([
    ['a window whose cookies the background has', what, SENDER],
    ['another frame', what, { ...PRIVATE, frameId: 0 }],
    ['another tab', what, { ...PRIVATE, tab: { id: 5, incognito: true } }],
    ['a document that nobody knows', { ...what, docId: 'doc-b' }, PRIVATE],
    ['another extension', what, { ...PRIVATE, id: 'another' }],
    ['a page that is no CCP', what, { ...PRIVATE, url: `https://${INSTANCE}/home` }],
    ['a page, for another origin', { ...what, lent: { ...lent, url: 'https://evil.example/api' } }, PRIVATE],
    ['a page, for no address', { ...what, lent: { ...lent, url: 'api' } }, PRIVATE],
    ['a page, without a token', { ...what, lent: { ...lent, token: '' } }, PRIVATE],
    ['a message of another kind', { ...what, kind: 'document' }, PRIVATE],
  ])('is not taken from %s', (_who, said, sender) => {
    expect(take(said, sender)).toBeNull()
  })
})

describe('a port', () => {
  const port = (name: string, sender: object | undefined): Runtime.Port => ({ name, sender }) as unknown as Runtime.Port

  test('of a document bears its name and its place', () => {
    expect(readPort(port('ccp-document:doc-a', SENDER))).toMatchObject({
      docId: 'doc-a',
      place: { tabId: 4, frameId: 2, ownCookies: true },
    })
  })

  test('of anything else is none', () => {
    expect(readPort(port('something', SENDER))).toBeNull()
    expect(readPort(port('ccp-document:doc-a', undefined))).toBeNull()
    expect(readPort(port('ccp-document:doc-a', { ...SENDER, id: 'another' }))).toBeNull()
    expect(readPort(port('ccp-document:doc-a', { ...SENDER, url: 'https://evil.example/' }))).toBeNull()
  })
})

describe('the mailbox', () => {
  const post = (letter: DocumentMessage): void => fake.local.set({ [mailKey(letter)]: letter })

  test('is emptied in the order of what was said, without a sender', async () => {
    post(message({ seq: 11, at: T0 + 7, news: { type: 'gone' } }))
    post(message({ seq: 9, at: T0 + 5, news: closing('c1') }))
    post(message({ seq: 10, at: T0 + 5, news: { type: 'result', closeId: 'c1', result: { ok: true } } }))
    const heard: SessionEvent[] = []
    await emptyMailbox(
      'run-1',
      (...events) => {
        heard.push(...events)
        return Promise.resolve(true)
      },
      new Problems(),
    )
    expect(heard.map((event) => (event.type === 'news' ? [event.news.type, event.place] : []))).toEqual([
      ['closing', null],
      ['result', null],
      ['gone', null],
    ])
    expect(fake.local.items.size).toBe(0)
  })

  test('keeps its mail until it has been handled', async () => {
    post(message())
    const failing = emptyMailbox('run-1', () => Promise.reject(new Error('died')), new Problems())
    await expect(failing).rejects.toThrow('died')
    expect(fake.local.items.size).toBe(1)
  })

  test('keeps its mail where what it told could not be stored', async () => {
    post(message())
    await emptyMailbox('run-1', () => Promise.resolve(false), new Problems())
    expect(fake.local.items.size).toBe(1)
  })

  test('drops damaged mail and mail of other sites, says so of the damaged, and touches nothing else', async () => {
    fake.local.set({ 'mail:x': { kind: 'rubbish' }, settings: { mode: 'off' } })
    post(message({ header: header('doc-b', { url: 'https://evil.example/ccp-v2/' }) }))
    post(message({ header: header('doc-c', { instance: 'other.my.connect.aws' }) }))
    const problems = new Problems()
    const handle = jest.fn(() => Promise.resolve(true))
    await emptyMailbox('run-1', handle, problems)
    expect(handle).toHaveBeenCalledWith()
    expect(problems.list()).toEqual(['problem_mailDamaged: 1'])
    expect([...fake.local.items.keys()]).toEqual(['settings'])
  })
})
