import * as v from 'valibot'
import { backgroundMessageSchema, documentMessageSchema, mailKey } from '../../../src/protocol/document-messages'
import type { DocumentMessage } from '../../../src/protocol/document-messages'
import { contentMessageSchema } from '../../../src/protocol/content-messages'
import { pageMessageSchema } from '../../../src/protocol/page-messages'
import { uiRequestSchema } from '../../../src/protocol/ui-messages'
import { agentEvent, closing, facts, failed, header, pageConfig, succeeded, T0 } from '../domain/build'
import { uuid } from '../uuid'

type Schema = v.GenericSchema
const takes = (schema: Schema, value: unknown): boolean => v.safeParse(schema, value).success

const NEWS = [
  { type: 'hello' },
  agentEvent(facts()),
  agentEvent(facts('system', { chosenState: facts().state, nextState: facts('offline').state })),
  { type: 'unprotected', reason: 'no_connect' },
  closing(uuid('c1')),
  closing(uuid('c1'), { did: { action: 'none', reason: 'mode_observe' }, hint: 'logout' }),
  closing(uuid('c1'), { did: { action: 'cannot', reason: 'no_offline_state' }, event: 'pagehide' }),
  succeeded(uuid('c1')),
  failed(uuid('c1')),
  { type: 'stayed', closeId: uuid('c1') },
  {
    type: 'capabilities',
    capabilities: { direct: { status: 'works', roundTripMs: 84, at: T0 }, deadMansSwitch: 'armed' },
  },
  { type: 'undone', closeId: uuid('c1'), result: { ok: true } },
  { type: 'gone' },
]
const message = (news: unknown, changes: object = {}): object => ({
  kind: 'document',
  seq: 3,
  at: T0,
  header: header(uuid('doc-a')),
  news,
  ...changes,
})

test.each(NEWS)('a document event ($type) is accepted', (docEvent) => {
  expect(takes(documentMessageSchema, message(docEvent))).toBe(true)
})

test.each(NEWS.filter(({ type }) => !['hello', 'gone'].includes(type)))(
  'an event of the bridge ($type) is accepted',
  (docEvent) => {
    expect(takes(pageMessageSchema, docEvent)).toBe(true)
  },
)

test.each([
  ['a value that is not an object', 'hello'],
  ['another kind', message({ type: 'hello' }, { kind: 'ui' })],
  ['a message with an unknown field', message({ type: 'hello' }, { admin: true })],
  ['an event with an unknown field', message({ type: 'gone', why: 'x' })],
  ['an unknown event', message({ type: 'confirmed' })],
  ['a negative sequence number', message({ type: 'hello' }, { seq: -1 })],
  ['a fractional sequence number', message({ type: 'hello' }, { seq: 0.5 })],
  ['a time that is not a number', message({ type: 'hello' }, { at: NaN })],
  ['a negative time', message({ type: 'hello' }, { at: -1 })],
  [
    'a docId that is a path',
    message({ type: 'hello' }, { header: { ...header(uuid('doc-a')), docId: '../sessions' } }),
  ],
  ['a docId that is too long', message({ type: 'hello' }, { header: header('d'.repeat(65)) })],
  ['an unknown surface', message({ type: 'hello' }, { header: { ...header(uuid('doc-a')), surface: 'x' } })],
  [
    'an address that is too long',
    message({ type: 'hello' }, { header: header(uuid('doc-a'), { url: 'u'.repeat(2_049) }) }),
  ],
  ['an agent whose name is too long', message(agentEvent(facts('routable', { name: 'n'.repeat(1_025) })))],
  ['an agent with too many contacts', message(agentEvent(facts('routable', { contacts: manyContacts() })))],
  [
    'an agent in an unknown state',
    message(agentEvent({ ...facts(), state: { ...facts().state, type: 'x' as 'init' } })),
  ],
  [
    'a result that is neither success nor failure',
    message({ type: 'result', closeId: uuid('c1'), result: { ok: 'true' } }),
  ],
  ['a success with an error', message({ type: 'result', closeId: uuid('c1'), result: { ok: true, error: {} } })],
  ['a failure without an error', message({ type: 'result', closeId: uuid('c1'), result: { ok: false } })],
  ['a closeId that is markup', message({ type: 'stayed', closeId: '<img>' })],
])('%s is refused', (_what, value) => {
  expect(takes(documentMessageSchema, value)).toBe(false)
})

function manyContacts(): { channel: string; state: string }[] {
  return Array.from({ length: 51 }, () => ({ channel: 'chat', state: 'connected' }))
}

test('a page cannot send what only the content script may send', () => {
  for (const news of [{ type: 'hello' }, { type: 'gone' }, { type: 'configure', config: {} }]) {
    expect(takes(pageMessageSchema, news)).toBe(false)
  }
})

test('a bridge accepts complete settings, and nothing else', () => {
  expect(takes(contentMessageSchema, { type: 'configure', config: pageConfig() })).toBe(true)
  expect(takes(contentMessageSchema, { type: 'detach' })).toBe(true)
  expect(
    takes(contentMessageSchema, { type: 'configure', config: { ...pageConfig(), guardedCloses: undefined } }),
  ).toBe(false)
  expect(takes(contentMessageSchema, { type: 'configure', config: { ...pageConfig(), mode: 'Act' } })).toBe(false)
})

test('a document accepts settings and pings of the background, and nothing else', () => {
  expect(takes(backgroundMessageSchema, { type: 'ping', docId: uuid('doc-a') })).toBe(true)
  expect(takes(backgroundMessageSchema, { type: 'ping' })).toBe(false)
  expect(takes(backgroundMessageSchema, { type: 'eval', code: '1' })).toBe(false)
})

test('requests of the extension’s own pages are accepted, and no others', () => {
  expect(takes(uiRequestSchema, { kind: 'ui', type: 'set_setting', key: 'mode', value: null })).toBe(true)
  expect(takes(uiRequestSchema, { kind: 'ui', type: 'set_setting', key: 'mode', value: {} })).toBe(false)
  expect(takes(uiRequestSchema, { kind: 'ui', type: 'set_setting', key: 'k'.repeat(65), value: 1 })).toBe(false)
  expect(takes(uiRequestSchema, { type: 'get_status' })).toBe(false)
})

test('mail of one document sorts in the order of writing', () => {
  const keys = [2, 10, 100_000, 9].map((seq) => mailKey(message({ type: 'hello' }, { seq }) as DocumentMessage))
  expect([...keys].sort().map((key) => Number(key.split(':')[2]))).toEqual([2, 9, 10, 100_000])
})
