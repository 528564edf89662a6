/** @jest-environment jsdom */
import fc from 'fast-check'
import type { LogEntry } from '../../../src/domain/log-entry'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings'
import type { Flag } from '../../../src/domain/closes/state'
import type { SupportSources } from '../../../src/options/support/support-file'
import { SUPPORT_ENTRIES, supportFile } from '../../../src/options/support/support-file'
import { supportSection } from '../../../src/options/support/support-section'
import type { SettingsStatus } from '../../../src/protocol/ui-messages'
import type { Ask } from '../../../src/ui/ask'
import { byId } from '../../../src/ui/dom'
import { NOW, sampleAgent, sampleDocument, sampleEntry, sampleStatus } from '../ui/samples'
import { storeOf } from './log-store'
import { loadOptionsPage } from './page'
import { textOf } from '../ui/text-of'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const SETTINGS: SettingsStatus = {
  settings: DEFAULT_SETTINGS,
  problems: [],
  changed: [],
  managed: [],
  locked: [],
  policy: 'none',
}
const FLAG: Flag = {
  why: 'close',
  closeId: 'close-1',
  instance: 'acme.my.connect.aws',
  username: 'dana.reyes',
  agentName: 'Dana Reyes',
  since: NOW,
  outcome: 'unconfirmed',
  stateBefore: sampleEntry().stateBefore,
  target: 'Offline',
  isObserved: false,
  url: 'https://acme.my.connect.aws/ccp-v2/',
}

const sources = (over: Partial<SupportSources> = {}): SupportSources => ({
  now: NOW,
  extensionVersion: '1.2.3',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0.0.0',
  language: 'en-GB',
  status: sampleStatus(),
  settings: SETTINGS,
  entries: [sampleEntry()],
  failures: [],
  ...over,
})

/** The file as it is read back. */
interface Told {
  entries: { agent: string; instance: string; error: { type: string; message: string } | null; timeline: object[] }[]
  documents: { agent: string; instance: string }[]
  leftAvailable: { agent: string; instance: string; close: string }[]
  settings: { inForce: Record<string, { value: unknown; from: string }>; problems: object[] }
  problems: string[]
  failures: string[]
}
const told = (over: Partial<SupportSources> = {}): Told =>
  JSON.parse(JSON.stringify(supportFile(sources(over)))) as Told

test('contains versions, the browser, and everything about each close but who and where', () => {
  expect(told()).toMatchObject({
    format: 'ccp-signoff-support',
    version: 1,
    madeAt: '2026-11-22T12:00:00.000Z',
    extension: { version: '1.2.3' },
    browser: { language: 'en-GB' },
    access: { hostsGranted: true, unreachedTabs: 0 },
    documents: [{ surface: 'ccp-v2', protection: 'protected', streamsVersion: '2.28.2', state: { type: 'routable' } }],
    entries: [
      {
        outcome: 'confirmed',
        cause: 'tab_closed',
        tookMs: 240,
        timeline: [
          { at: '2026-11-22T11:55:00.000Z', event: 'closing', detail: 'attempted' },
          { at: '2026-11-22T11:55:00.240Z', event: 'call_succeeded' },
        ],
      },
    ],
  })
})

test('agents and instances have consistent names within the file', () => {
  const li = { username: 'li.wei', agentName: 'Li Wei', instance: 'other.my.connect.aws' }
  const file = told({
    entries: [sampleEntry(), sampleEntry({ id: 'close-2', ...li }), sampleEntry({ instance: 'acme.awsapps.com' })],
    status: sampleStatus({ flags: [FLAG] }),
  })
  const { agent, instance } = file.documents[0] ?? { agent: '', instance: '' }
  expect([agent, instance]).toEqual(['agent-1', 'instance-1'])
  expect(file.entries.map((entry) => [entry.agent, entry.instance])).toEqual([
    ['agent-1', 'instance-1'],
    ['agent-2', 'instance-2'],
    ['agent-1', 'instance-1'],
  ])
  expect(file.leftAvailable).toMatchObject([{ agent: 'agent-1', instance: 'instance-1', close: 'close-1' }])
})

test.each([
  ['The state is not valid.', 'The state is not valid.'],
  ['InvalidStateException: routing_profile_excluded', 'InvalidStateException: routing_profile_excluded'],
  ['Agent dana.reyes (Dana) is gone', 'Agent agent-1 (agent-1) is gone'],
  ['GET https://acme.my.connect.aws/connect/api?x=1 failed', 'GET [url] failed'],
  ['No route to acme.my.connect.aws:443', 'No route to [address]'],
  ['arn:aws:connect:eu-west-2:123456789012:instance/1f3c is unknown', '[arn] is unknown'],
  ['Request 5f8b3c9e-8f0a-4c1d-9c55-0a1b2c3d4e5f expired', 'Request [id] expired'],
  ['Bearer abc123 was refused', '[token] was refused'],
  ['authToken=abc', '[token]'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx is no token', '[token] is no token'],
  ['qWrTyUiOpAsDfGhJkL is no token', '[token] is no token'],
  ['mail to ops@example.com or 10.0.0.1', 'mail to [address] or [address]'],
  ['call +44 20 7946 0958', 'call [number]'],
])('the error “%s” becomes “%s”', (message, said) => {
  const error = { type: 'InvalidStateException', message }
  expect(told({ entries: [sampleEntry({ error })] }).entries[0]?.error).toEqual({
    type: 'InvalidStateException',
    message: said,
  })
})

test('a name is also removed from texts that precede it in the file', () => {
  const failures = ['Li Wei could not be asked']
  expect(told({ failures, entries: [sampleEntry({ username: 'li.wei', agentName: 'Li Wei' })] }).failures).toEqual([
    'agent-2 could not be asked',
  ])
})

test('settings contain what is in force and by whom, but only the number of names', () => {
  const settings: SettingsStatus = {
    ...SETTINGS,
    settings: {
      ...DEFAULT_SETTINGS,
      mode: 'observe',
      instances: ['acme', 'other.my.connect.aws'],
      routingProfiles: ['Dana Reyes only'],
      surfaces: ['v2'],
      targetState: 'Gone home',
      retentionDays: 7,
    },
    changed: ['retentionDays'],
    managed: ['mode', 'instances'],
    locked: ['mode', 'instances'],
    policy: 'delivered',
    problems: [
      { source: 'policy', key: 'mode', value: 'loud', allowed: 'act | observe | off' },
      { source: 'policy', key: 'instances', value: ['acme', 7], allowed: 'a list of texts' },
      { source: 'policy', key: 'Dana Reyes', value: 'Dana Reyes', allowed: null },
    ],
  }
  const problems = ['The log cannot be read: "Gone home" is full']
  const file = told({ settings, status: sampleStatus({ problems }) })
  expect(file.settings.inForce).toMatchObject({
    mode: { value: 'observe', from: 'policy' },
    instances: { value: { count: 2 }, from: 'policy' },
    routingProfiles: { value: { count: 1 }, from: 'default' },
    surfaces: { value: ['v2'] },
    targetState: { value: { count: 1 } },
    fromStates: { value: { count: 0 } },
    retentionDays: { value: 7, from: 'user' },
  })
  expect(file.settings.problems).toEqual([
    { source: 'policy', key: 'mode', value: 'a text of 4 characters', allowed: 'act | observe | off' },
    { source: 'policy', key: 'instances', value: 'a list of 2', allowed: 'a list of texts' },
    { source: 'policy', key: '[other]', value: 'a text of 10 characters', allowed: null },
  ])
  expect(file.problems).toEqual(['The log cannot be read: "[hidden]" is full'])
})

test('a long log is cut to the newest entries', () => {
  const entries = Array.from({ length: SUPPORT_ENTRIES + 5 }, (_, index) => sampleEntry({ tookMs: index }))
  expect(told({ entries }).entries).toHaveLength(SUPPORT_ENTRIES)
  expect(told({ entries }).entries[0]).toMatchObject({ tookMs: 0 })
})

describe('whatever the fields contain', () => {
  const letters = fc.constantFrom('q', 'z', 'x', 'k', 'j', 'v', 'w', 'Ω', 'ж', '伟', 'é', 'ß')
  const rare = (length: number) => fc.string({ unit: letters, minLength: length, maxLength: 9 }).map((s) => `Zq${s}`)
  const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
  const world = fc.record({
    agents: fc.array(fc.record({ first: rare(1), last: rare(3), user: rare(2) }), { minLength: 2, maxLength: 3 }),
    alias: fc.stringMatching(/^zq[qzxkjvw0-3]{4,9}$/),
    token: hex(40),
    uuid: fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((parts) => parts.join('-')),
    state: rare(4),
    profile: rare(4),
    setting: rare(4),
  })
  const text = fc.array(fc.tuple(fc.nat(), fc.constantFrom(' ', ': ', '"', ' (', '/', ',', '\n', ' is ')), {
    minLength: 1,
    maxLength: 4,
  })

  /** The same object with other texts in every field that holds one, however deep. */
  function withTexts<T>(value: T, next: (key: string) => string, key = ''): T {
    if (typeof value === 'string') return next(key) as T
    if (Array.isArray(value)) return value.map((each: unknown) => withTexts(each, next, key)) as T
    if (typeof value !== 'object' || value === null) return value
    const fields = Object.entries(value).map(([name, each]: [string, unknown]) => [name, withTexts(each, next, name)])
    return Object.fromEntries(fields) as T
  }

  function stringsIn(value: unknown): string[] {
    if (typeof value === 'string') return [value]
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([key, each]: [string, unknown]) => [key, ...stringsIn(each)])
  }

  test('no name, address or token is in the file', () => {
    fc.assert(
      fc.property(world, fc.array(text, { minLength: 20, maxLength: 40 }), fc.boolean(), (at, texts, isNamed) => {
        const host = `${at.alias}.my.connect.aws`
        const arn = `arn:aws:connect:eu-west-2:123456789012:instance/${at.uuid}`
        const secrets = [
          ...at.agents.flatMap(({ first, last, user }) => [
            `${first} ${last}`,
            last,
            user,
            `${user}@${at.alias}.example`,
          ]),
          ...[host, at.alias, `https://${host}/ccp-v2/?t=${at.token}`, at.token, at.uuid, arn, at.state, at.profile],
          at.setting,
        ]
        let turn = 0
        const anyText = () => {
          const parts = texts[turn++ % texts.length] ?? []
          return parts.map(([pick, end]) => `${secrets[pick % secrets.length] ?? ''}${end}`).join('')
        }
        // Either names stand only where they belong, with all other texts anywhere, or everything stands anywhere.
        const proper: Record<string, () => string> = {
          instance: () => host,
          username: () => at.agents[turn % at.agents.length]?.user ?? '',
          agentName: () => {
            const { first, last } = at.agents[turn % at.agents.length] ?? { first: '', last: '' }
            return `${first} ${last}`
          },
        }
        const next = (key: string) => (isNamed ? (proper[key] ?? anyText)() : anyText())
        const agents = at.agents.map(({ first, last, user }) =>
          sampleAgent({ name: `${first} ${last}`, username: user }),
        )
        const states = { name: at.state, type: 'routable', arn, startTimestamp: 1 } as const
        const known = agents.map((agent, index) =>
          sampleDocument({
            docId: index === 0 ? at.uuid : `doc-${index}`,
            instance: host,
            agent: { ...agent, state: states, routingProfile: at.profile },
          }),
        )
        const full = sampleEntry({
          reason: 'no_answer',
          would: 'set_offline',
          target: 'Offline',
          error: { type: 'InvalidStateException', message: 'x' },
          timeline: [
            { at: NOW, event: 'agent_returned', detail: 'Available' },
            { at: NOW, event: 'call_failed', detail: 'x' },
          ],
        })
        const doc = sampleDocument({
          missingTarget: 'x',
          capabilities: {
            direct: { status: 'works', roundTripMs: 1, at: NOW },
            deadMansSwitch: 'armed',
          },
          agent: sampleAgent({
            routingProfile: 'x',
            routingProfileArn: 'x',
            contacts: [{ channel: 'voice', state: 'connected' }],
            chosenState: states,
            nextState: states,
          }),
        })
        const file = supportFile(
          sources({
            entries: [...Array<LogEntry>(4)].map(() => withTexts(full, next)),
            failures: [anyText(), anyText()],
            status: sampleStatus({
              documents: [...known, withTexts(doc, next), withTexts(doc, next)],
              flags: [withTexts(FLAG, next)],
              backgroundPaths: {
                [host]: { status: 'works', roundTripMs: 1, at: NOW },
                [anyText()]: withTexts({ status: 'works', roundTripMs: 1, at: NOW } as const, next),
              },
              problems: [anyText(), anyText()],
            }),
            settings: {
              ...SETTINGS,
              settings: {
                ...DEFAULT_SETTINGS,
                instances: [anyText(), host],
                targetState: at.setting,
                fromStates: [anyText()],
              },
              problems: [{ source: 'policy', key: anyText(), value: anyText(), allowed: null }],
            },
          }),
        )
        const everything = stringsIn(file).map((each) => each.toLowerCase())
        const leaked = secrets.filter((secret) => everything.some((each) => each.includes(secret.toLowerCase())))
        expect(leaked).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})

describe('the button', () => {
  const saved: { name: string; content: Blob }[] = []
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
  const press = async (ask: Ask, openLog = () => Promise.resolve(storeOf(() => [sampleEntry()]))): Promise<Told> => {
    saved.length = 0
    loadOptionsPage()
    const save = byId('support-save', HTMLButtonElement)
    const said = byId('support-said', HTMLElement)
    const about = { extensionVersion: '1.2.3', userAgent: 'Browser/1', language: 'en' }
    supportSection({ save, said }, ask, openLog, (name, content) => saved.push({ name, content }), about)
    save.click()
    await settled()
    const [file] = saved
    if (file === undefined) throw new Error('Nothing was saved')
    expect(said.textContent).toBe(`Saved as ${file.name}.`)
    return JSON.parse(await textOf(file.content)) as Told
  }

  test('saves with one click, and says what', async () => {
    const ask = (type: string) => Promise.resolve(type === 'get_status' ? sampleStatus() : SETTINGS)
    const file = await press(ask as unknown as Ask)
    expect(file.entries).toHaveLength(1)
    expect(file.failures).toEqual([])
    expect(saved[0]?.name).toMatch(/^signoff-support-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.json$/)
  })

  test('saves what is available if the rest is not, and says why', async () => {
    const ask = () => Promise.reject(new Error('The background is gone'))
    const file = await press(ask, () => Promise.reject(new Error('QuotaExceededError')))
    expect(file).toMatchObject({ entries: null, documents: null, settings: null })
    expect(file.failures.sort()).toEqual(['QuotaExceededError', 'The background is gone', 'The background is gone'])
  })
})
