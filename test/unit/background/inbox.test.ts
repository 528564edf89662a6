import type { Runtime } from '../../../src/platform/browser'
import type { CcpEvent } from '../../../src/domain/closes/events'
import { emptyMailbox, MailReader, readDocumentMessage, readPort, readToken } from '../../../src/background/inbox'
import { Problems } from '../../../src/background/problems'
import type { DocumentMessage } from '../../../src/protocol/document-messages'
import { mailKey } from '../../../src/protocol/document-messages'
import { EXTENSION_ID } from '../../wire/fake-browser'
import { closing, facts, header, INSTANCE, EventPlayer, T0 } from '../domain/build'
import { fake, renewBrowser } from './browser'
import { uuid } from '../uuid'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

beforeEach(() => renewBrowser())

const SENDER = { id: EXTENSION_ID, url: `https://${INSTANCE}/ccp-v2/#x`, tab: { id: 4 }, frameId: 2 }
const message = (changes: Partial<DocumentMessage> = {}): DocumentMessage => ({
  kind: 'document',
  seq: 0,
  at: T0,
  header: header(uuid('doc-a')),
  news: { type: 'hello' },
  ...changes,
})
const read = (what: unknown, sender: object): CcpEvent | null => readDocumentMessage(what, sender, 'run-1')

describe('a message of a document', () => {
  test('becomes an event, at the place that the browser reports', () => {
    expect(read(message(), SENDER)).toMatchObject({
      type: 'document',
      seq: 0,
      at: T0,
      runId: 'run-1',
      header: header(uuid('doc-a')),
      place: { tabId: 4, frameId: 2, ownCookies: true },
      docEvent: { type: 'hello' },
    })
  })

  test.each([
    ['another extension', { ...SENDER, id: 'another' }],
    ['no extension at all', { ...SENDER, id: undefined }],
    ['no tab', { ...SENDER, tab: undefined }],
    ['no frame', { ...SENDER, frameId: undefined }],
    ['a page that is not a CCP', { ...SENDER, url: `https://${INSTANCE}/home` }],
    ['a page of another host', { ...SENDER, url: 'https://evil.example/ccp-v2/' }],
    ['a page without an address', { ...SENDER, url: undefined }],
    ['a page of another instance', { ...SENDER, url: 'https://other.my.connect.aws/ccp-v2/' }],
  ])('is not accepted from %s', (_who, sender) => {
    expect(read(message(), sender)).toBeNull()
  })

  test('is not accepted if its header names another origin', () => {
    expect(read(message({ header: header(uuid('doc-a'), { url: 'https://evil.example/ccp-v2/' }) }), SENDER)).toBeNull()
  })

  test('is not accepted if it is not a message', () => {
    for (const what of [null, 'hello', {}, { ...message(), kind: 'ui' }, { ...message(), extra: 1 }]) {
      expect(read(what, SENDER)).toBeNull()
    }
  })

  test('is not accepted if its header has no address', () => {
    expect(read(message({ header: header(uuid('doc-a'), { url: 'no address' }) }), SENDER)).toBeNull()
  })
})

describe('a token', () => {
  const AT = { tabId: 4, frameId: 2, ownCookies: false }
  const PRIVATE = { ...SENDER, tab: { id: 4, incognito: true } }
  const lent = { url: `https://${INSTANCE}/api`, token: 't', expiresAt: null }
  const what = { kind: 'token', docId: uuid('doc-a'), lent }
  const player = new EventPlayer()
  player.open(header(uuid('doc-a')), undefined, AT)
  const take = (said: unknown, sender: object): unknown => readToken(said, sender, player.state)

  test('is accepted from the document that lends it', () => {
    expect(take(what, PRIVATE)).toEqual(what)
  })

  test.each<[string, unknown, object]>([
    ['a window whose cookies the background has itself', what, SENDER],
    ['another frame', what, { ...PRIVATE, frameId: 0 }],
    ['another tab', what, { ...PRIVATE, tab: { id: 5, incognito: true } }],
    ['an unknown document', { ...what, docId: uuid('doc-b') }, PRIVATE],
    ['another extension', what, { ...PRIVATE, id: 'another' }],
    ['a page that is not a CCP', what, { ...PRIVATE, url: `https://${INSTANCE}/home` }],
    ['a page, for another origin', { ...what, lent: { ...lent, url: 'https://evil.example/api' } }, PRIVATE],
    [
      'a page, for another path of its origin',
      { ...what, lent: { ...lent, url: `https://${INSTANCE}/x/api` } },
      PRIVATE,
    ],
    ['a page, for a longer path', { ...what, lent: { ...lent, url: `https://${INSTANCE}/api?x=1` } }, PRIVATE],
    ['a page, without an address', { ...what, lent: { ...lent, url: 'api' } }, PRIVATE],
    ['a page, without a token', { ...what, lent: { ...lent, token: '' } }, PRIVATE],
    ['a message of another kind', { ...what, kind: 'document' }, PRIVATE],
  ])('is not accepted from %s', (_who, said, sender) => {
    expect(take(said, sender)).toBeNull()
  })
})

describe('a port', () => {
  const port = (name: string, sender: object | undefined): Runtime.Port => ({ name, sender }) as unknown as Runtime.Port

  test('of a document has its id and its place', () => {
    expect(readPort(port(`ccp-document:${uuid('doc-a')}`, SENDER))).toMatchObject({
      docId: uuid('doc-a'),
      place: { tabId: 4, frameId: 2, ownCookies: true },
    })
  })

  test('of anything else is ignored', () => {
    expect(readPort(port('something', SENDER))).toBeNull()
    expect(readPort(port(`ccp-document:${uuid('doc-a')}`, undefined))).toBeNull()
    expect(readPort(port(`ccp-document:${uuid('doc-a')}`, { ...SENDER, id: 'another' }))).toBeNull()
    expect(readPort(port(`ccp-document:${uuid('doc-a')}`, { ...SENDER, url: 'https://evil.example/' }))).toBeNull()
  })
})

test('a message of 45 KB is not accepted from anybody', () => {
  const name = 'x'.repeat(1_000)
  const contacts = Array.from({ length: 22 }, () => ({ channel: name, state: name }))
  const flood = message({ news: closing(uuid('c1'), {}, facts('routable', { contacts })) })
  expect(JSON.stringify(flood).length).toBeGreaterThan(45_000)
  expect(read(flood, SENDER)).toBeNull()
})

describe('the mailbox', () => {
  test('reads another instance’s close after one letter of a flood, and reads on as letters arrive', async () => {
    const flood = 'flood.my.connect.aws'
    for (let nth = 0; nth < 400; nth += 1) {
      const doc = header(uuid(`f${nth}`), { instance: flood, url: `https://${flood}/ccp-v2/` })
      post(message({ at: T0 - 500 + nth, header: doc, news: closing(uuid(`c${nth}`)) }))
    }
    post(message({ at: T0, news: closing(uuid('own')) }))
    const heard: string[] = []
    const handle = (...events: CcpEvent[]): Promise<boolean> => {
      for (const event of events) if (event.type === 'document') heard.push(event.header.instance)
      return Promise.resolve(true)
    }
    let readings = 0
    const reader = new MailReader(() => {
      readings += 1
      return emptyMailbox('run-1', handle, new Problems())
    })
    await Promise.all(Array.from({ length: 400 }, () => reader.collect()))
    expect(heard.indexOf(INSTANCE)).toBeLessThanOrEqual(1)
    expect(heard).toHaveLength(401)
    expect(readings).toBeLessThanOrEqual(15)
    expect(fake.local.items.size).toBe(0)
  })

  test('keeps at most 64 letters of one document, and reports it', async () => {
    for (let seq = 0; seq < 100; seq += 1)
      post(message({ seq, at: T0 + seq, news: { type: 'stayed', closeId: uuid('c1') } }))
    const handle = jest.fn(() => Promise.resolve(true))
    const problems = new Problems()
    while (await emptyMailbox('run-1', handle, problems));
    expect(handle).toHaveBeenCalledTimes(64)
    expect(fake.local.items.size).toBe(0)
  })

  test('is not held up by a letter that cannot be handled, and keeps it', async () => {
    post(message({ header: header(uuid('bad')) }))
    post(message({ at: T0 + 1 }))
    const handle = jest.fn((event: CcpEvent) =>
      event.type === 'document' && event.header.docId === uuid('bad')
        ? Promise.reject(new Error('odd'))
        : Promise.resolve(true),
    )
    await expect(emptyMailbox('run-1', handle, new Problems())).rejects.toThrow('odd')
    expect(handle).toHaveBeenCalledTimes(2)
    expect([...fake.local.items.keys()]).toEqual([`mail:${uuid('bad')}:000000`])
  })

  const post = (letter: DocumentMessage): void => fake.local.set({ [mailKey(letter)]: letter })

  test('is emptied in the order of sending, without a sender', async () => {
    post(message({ seq: 11, at: T0 + 7, news: { type: 'gone' } }))
    post(message({ seq: 9, at: T0 + 5, news: closing(uuid('c1')) }))
    post(message({ seq: 10, at: T0 + 5, news: { type: 'result', closeId: uuid('c1'), result: { ok: true } } }))
    const heard: CcpEvent[] = []
    await emptyMailbox(
      'run-1',
      (...events) => {
        heard.push(...events)
        return Promise.resolve(true)
      },
      new Problems(),
    )
    expect(heard.map((event) => (event.type === 'document' ? [event.docEvent.type, event.place] : []))).toEqual([
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

  test('keeps its mail if its events could not be stored', async () => {
    post(message())
    await emptyMailbox('run-1', () => Promise.resolve(false), new Problems())
    expect(fake.local.items.size).toBe(1)
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'DOC-A', ''])(
    'puts a document with the id %j aside, and reads the others',
    async (docId) => {
      fake.local.set({ 'mail:odd:000000': message({ header: header(docId) }) })
      post(message())
      const problems = new Problems()
      const handle = jest.fn(() => Promise.resolve(true))
      await emptyMailbox('run-1', handle, problems)
      expect(handle.mock.calls.flat()).toMatchObject([{ header: { docId: uuid('doc-a') } }])
      expect(problems.list()).toEqual(['problem_mailDamaged: 1'])
      expect(fake.local.items.size).toBe(0)
    },
  )

  test('drops damaged mail and mail of other sites, reports the damaged, and touches nothing else', async () => {
    fake.local.set({ 'mail:x': { kind: 'rubbish' }, other: { mode: 'off' } })
    post(message({ header: header(uuid('doc-b'), { url: 'https://evil.example/ccp-v2/' }) }))
    post(message({ header: header(uuid('doc-c'), { instance: 'other.my.connect.aws' }) }))
    const problems = new Problems()
    const handle = jest.fn(() => Promise.resolve(true))
    await emptyMailbox('run-1', handle, problems)
    expect(handle).not.toHaveBeenCalled()
    expect(problems.list()).toEqual(['problem_mailDamaged: 1'])
    expect([...fake.local.items.keys()]).toEqual(['other'])
  })
})
