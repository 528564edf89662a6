/** Malformed messages at each border: nothing throws, and nothing passes that should not. */
import * as v from 'valibot'
import fc from 'fast-check'
import type { Runtime } from '../../../src/platform/browser'
import { emptyMailbox, readDocumentMessage, readToken } from '../../../src/background/inbox'
import { Problems } from '../../../src/background/problems'
import type { LogEntry } from '../../../src/domain/log-entry'
import { isAccepted, readApiAnswer } from '../../../src/domain/evidence'
import { resolveAll } from '../../../src/domain/policy'
import { DEFAULT_SETTINGS, resolveSettings } from '../../../src/domain/settings'
import { MAX_MESSAGE } from '../../../src/protocol/document-messages'
import { pageMessageSchema } from '../../../src/protocol/page-messages'
import { uiRequestSchema } from '../../../src/protocol/ui-messages'
import { EMPTY_CLOSE_STATE } from '../../../src/domain/closes/state'
import { reduceCloses } from '../../../src/domain/closes/reduce'
import { salvaged } from '../../../src/domain/closes/salvage'
import type { Context } from '../../../src/domain/closes/context'
import type { CcpEvent } from '../../../src/domain/closes/events'
import { loadCloses } from '../../../src/storage/close-store'
import { EXTENSION_ID } from '../../wire/fake-browser'
import { fake, renewBrowser } from '../background/browser'
import {
  agentEvent,
  ATTEMPTED,
  closing,
  facts,
  failed,
  header,
  INSTANCE,
  RULES,
  EventPlayer,
  succeeded,
  T0,
} from '../domain/build'
import { sampleEntry } from '../ui/samples'
import { uuid } from '../uuid'
import { malformed, runs, tell } from './malform'

jest.setTimeout(3_600_000)
jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

const CONTEXT: Context = {
  extensionVersion: '1.2.3',
  mode: 'act',
  mayAsk: true,
  recoveryUse: 'never',
  graceMs: 20_000,
  logsOut: false,
  rulesOf: () => RULES,
}
const NEWS = [
  { type: 'hello' },
  agentEvent(facts()),
  { type: 'unprotected', reason: 'no_connect' },
  closing(uuid('c1')),
  closing(uuid('c2'), { did: { action: 'none', reason: 'mode_observe' } }),
  succeeded(uuid('c1')),
  failed(uuid('c1')),
  agentEvent(facts('offline')),
  { type: 'stayed', closeId: uuid('c1') },
  { type: 'undone', closeId: uuid('c1'), result: { ok: true } },
  { type: 'gone' },
]
const MESSAGES = NEWS.map((docEvent, seq) => ({
  kind: 'document',
  seq,
  at: T0 + seq,
  header: header(uuid('doc-a')),
  news: docEvent,
}))
const SENDER = {
  id: EXTENSION_ID,
  url: `https://${INSTANCE}/ccp-v2/#x`,
  tab: { id: 4 },
  frameId: 2,
} as unknown as Runtime.MessageSender
const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

beforeEach(() => renewBrowser())

/** Whether a page's report could make a routable state be set. */
const mayTakeContacts = (value: unknown): boolean => {
  const { report } = value as { report?: { did?: { target?: { type?: string } } } }
  const type = report?.did?.target?.type
  return type !== undefined && ['routable', 'system', 'error'].includes(type)
}

test('page to relay', () => {
  let passed = 0
  const counted = runs(100_000)
  const samples = [...NEWS, { type: 'alive' }, { type: 'leave_refused', closeId: uuid('c1') }]
  fc.assert(
    fc.property(malformed(samples), (said) => {
      const { success, output } = v.safeParse(pageMessageSchema, said)
      if (!success) return
      passed += 1
      expect(mayTakeContacts(output)).toBe(false)
    }),
    { numRuns: counted },
  )
  tell('page to relay', { messages: counted, passed })
})

test('relay to background, and what the state machine makes of it', () => {
  let [passed, entries, confirmed] = [0, 0, 0]
  // The background may not ask, so each close ends by what its page has reported.
  const context = { ...CONTEXT, mayAsk: false }
  const genuine = MESSAGES.flatMap((said) => readDocumentMessage(said, SENDER, 'run-1') ?? [])
  const counted = runs(100_000)
  fc.assert(
    fc.property(malformed(MESSAGES), fc.nat({ max: genuine.length }), (said, nth) => {
      const event = readDocumentMessage(said, SENDER, 'run-1')
      if (event?.type !== 'document') return
      passed += 1
      expect(event.header.docId).toMatch(ID)
      expect(event.header.instance).toBe(INSTANCE)
      expect(new URL(event.header.url).origin).toBe(`https://${INSTANCE}`)
      expect(JSON.stringify(said).length).toBeLessThanOrEqual(MAX_MESSAGE)
      expect(mayTakeContacts(event.docEvent)).toBe(false)
      const look = { type: 'tick', at: Math.max(T0, event.at) + 100_000, tabs: {}, holding: [] } as const
      let state = EMPTY_CLOSE_STATE
      for (const heard of [...genuine.slice(0, nth), event, ...genuine.slice(nth), look]) {
        const next = reduceCloses(state, heard, context)
        state = next.state
        entries += next.finalized.length
        confirmed += next.finalized.filter(({ outcome }) => outcome === 'confirmed').length
      }
    }),
    { numRuns: counted },
  )
  expect(entries).toBeGreaterThan(0)
  expect(confirmed).toBe(0)
  tell('relay to background', { messages: counted, passed, entries, confirmed })
})

test('ui to background', () => {
  let passed = 0
  const counted = runs(100_000)
  const ask = (type: string, more: object = {}): object => ({ kind: 'ui', type, ...more })
  const samples = [
    ask('get_status'),
    ask('set_setting', { key: 'mode', value: 'off' }),
    ask('set_settings', { values: { mode: 'off', notify: false, instances: ['acme'] } }),
    ask('dismiss_flag', { closeId: uuid('c1') }),
    ask('go_offline', { docId: uuid('doc-a') }),
    ask('self_test', { step: 'log' }),
  ]
  fc.assert(
    fc.property(malformed(samples), (said) => {
      if (v.safeParse(uiRequestSchema, said).success) passed += 1
      // Only the extension's own pages may send requests: a document's message is never one.
      expect(readDocumentMessage(said, SENDER, 'run-1')).toBeNull()
    }),
    { numRuns: counted },
  )
  tell('ui to background', { messages: counted, passed })
})

test('tokens', () => {
  let passed = 0
  const counted = runs(100_000)
  const player = new EventPlayer()
  player.open(header(uuid('doc-a')), undefined, { tabId: 4, frameId: 2, ownCookies: false })
  const lent = { url: `https://${INSTANCE}/api`, token: 't', expiresAt: null }
  const sender = { ...SENDER, tab: { id: 4, incognito: true } } as unknown as Runtime.MessageSender
  fc.assert(
    fc.property(malformed([{ kind: 'token', docId: uuid('doc-a'), lent }]), (said) => {
      const token = readToken(said, sender, player.state)
      if (token === null) return
      passed += 1
      expect(new URL(token.lent.url).origin).toBe(`https://${INSTANCE}`)
      expect(token.docId).toBe(uuid('doc-a'))
    }),
    { numRuns: counted },
  )
  tell('tokens', { messages: counted, passed })
})

test('mail: a genuine letter among any others is read, and the mailbox is empty afterwards', async () => {
  let [letters, heard] = [0, 0]
  const counted = runs(100_000)
  const batch = fc.array(malformed(MESSAGES), { minLength: 10, maxLength: 30 })
  const genuine = { kind: 'document', seq: 7, at: T0, header: header(uuid('doc-g')), news: { type: 'gone' } }
  await fc.assert(
    fc.asyncProperty(batch, async (mail) => {
      fake.local.items.clear()
      // A store holds only JSON values.
      const sent = mail.filter((said) => said !== undefined)
      sent.forEach((said, nth) => fake.local.items.set(`mail:${uuid('doc-a')}:${String(nth).padStart(6, '0')}`, said))
      fake.local.items.set(`mail:${uuid('doc-g')}:000007`, genuine)
      letters += sent.length
      const events: CcpEvent[] = []
      const handle = (...more: CcpEvent[]): Promise<boolean> => Promise.resolve(events.push(...more) > 0)
      while (await emptyMailbox('run-1', handle, new Problems()));
      heard += events.length
      expect(events.some((event) => event.type === 'document' && event.header.docId === uuid('doc-g'))).toBe(true)
      expect(fake.local.items.size).toBe(0)
    }),
    { numRuns: Math.ceil(counted / 20) },
  )
  tell('mail', { letters, heard })
})

test('answers of the API: only an empty object or body of the right type is accepted', () => {
  let [accepted, wrong] = [0, 0]
  const counted = runs(100_000)
  const types = fc.constantFrom(
    'application/x-amz-json-1.0',
    'application/json; charset=utf-8',
    'text/html',
    '',
    null,
    'x',
  )
  const snapshot = { snapshot: { state: { name: 'Offline', type: 'offline' }, contacts: [] } }
  const body = fc.oneof(
    malformed([{}, { error: 'x' }, { message: 'Forbidden' }, [], snapshot, { __type: 'a#B', message: 'c' }]).map(
      (value) => JSON.stringify([value]).slice(1, -1),
    ),
    fc.constantFrom('', '{}', ' {} ', '{', 'null', '<html>', '[]', '{"__proto__":{"a":1}}'),
    fc.string(),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(200, 200, 200, 204, 302, 401, 403, 404, 500),
      types,
      body,
      (status, contentType, text) => {
        const answer = readApiAnswer({ status, contentType, text })
        if (!isAccepted(answer)) return
        accepted += 1
        const isJson = /^application\/(x-amz-json-1\.0|json)/.test(contentType ?? '')
        const isEmpty =
          text.trim() === '' ? isJson || !contentType : isJson && JSON.stringify(JSON.parse(text)) === '{}'
        if (status !== 200 || !isEmpty) wrong += 1
      },
    ),
    { numRuns: counted },
  )
  expect(wrong).toBe(0)
  tell('answers of the API', { answers: counted, accepted, wrong })
})

test('policies: every value in force is valid', () => {
  const counted = runs(20_000)
  let problems = 0
  const policies = malformed([
    { ...DEFAULT_SETTINGS },
    { mode: 'act', instances: ['acme'], retentionDays: 30, userSettings: false },
  ])
  fc.assert(
    fc.property(policies, fc.boolean(), (values, isAdminInstall) => {
      const given = typeof values === 'object' && values !== null && !Array.isArray(values) ? { ...values } : {}
      const resolved = resolveAll({}, { state: 'delivered', isAdminInstall, values: given })
      problems += resolved.problems.length
      expect(resolveSettings({ ...resolved.settings }).problems).toEqual([])
    }),
    { numRuns: counted },
  )
  tell('policies', { policies: counted, problems })
})

test('damaged stores: intact parts are kept, and the next close is handled', async () => {
  const counted = runs(500 * 10) / 10
  let told = 0
  const player = new EventPlayer()
  player.open(header('doc-a'))
  player.send(1_000, header('doc-a'), closing('c1', { did: ATTEMPTED }))
  const stored = {
    state: JSON.parse(JSON.stringify(player.state)) as object,
    unlogged: [sampleEntry()],
    amendments: [],
  }
  await fc.assert(
    fc.asyncProperty(malformed([stored]), async (damaged) => {
      renewBrowser()
      fake.own.items.set('sessions', damaged)
      const { state, unlogged } = await loadCloses(() => (told += 1))
      for (const entry of unlogged) expect(entry.id).toEqual(expect.any(String))
      const events: CcpEvent[] = [
        { type: 'worker_started', at: T0 + 5_000, runId: 'run-1' },
        ...[
          { type: 'hello' } as const,
          agentEvent(facts()),
          closing(uuid('c9')),
          succeeded(uuid('c9')),
          { type: 'gone' } as const,
        ].map((docEvent, seq): CcpEvent => ({
          type: 'document',
          at: T0 + 6_000 + seq,
          runId: 'run-1',
          seq,
          header: header(uuid('doc-n')),
          place: { tabId: 9, frameId: 0, ownCookies: true },
          docEvent,
        })),
        { type: 'tick', at: T0 + 99_000, tabs: {}, holding: [] },
      ]
      let now = state
      const entries: LogEntry[] = []
      for (const event of events) {
        let next
        try {
          next = reduceCloses(now, event, CONTEXT)
        } catch {
          next = salvaged(now, event, CONTEXT)
        }
        now = next.state
        entries.push(...next.finalized)
      }
      const isKnown = entries.some(({ id }) => id === uuid('c9')) || now.documents[uuid('doc-n')] !== undefined
      expect(isKnown).toBe(true)
    }),
    { numRuns: Math.max(30, counted) },
  )
  tell('damaged stores', { stores: Math.max(30, counted), told })
})
