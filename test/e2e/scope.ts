import type { LogEntry } from '../../src/domain/log-entry'
import type { Settings } from '../../src/domain/settings'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import type { JournalEntry } from '../instance/instance'
import { shipped } from './builds'
import type { CloseEnd } from './close-end'
import { closeEnd, earlierClosesLogged, isExtensionAnswered, outcomeOfOffline } from './close-end'
import { storeSettings } from './own-store'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  action: { getBadgeText(details: object): Promise<string> }
  notifications: { getAll(): Promise<Record<string, unknown>> }
}

/** Whom a close applies to, what it sets, and what observe mode sees. */
export function describeScope(name: BrowserName): void {
  let stage: Stage
  let ccp: Page
  let before: readonly LogEntry[] = []
  let mark = 0

  beforeAll(async () => {
    // The agent uses a desk phone, which changes nothing by default.
    const tenants = [{ alias: 'acme', agents: [{ username: 'alice', softphone: false }] }]
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants } })
  }, 240_000)
  afterAll(() => stage.close())

  /** Changes the settings, and waits until the open page has them: it reports the target state. */
  async function set(settings: Partial<Settings>, target = 'Offline'): Promise<void> {
    await storeSettings(stage.browser, { targetState: target, ...settings })
    await stage.document('alice', ({ agent }) => agent?.offlineState?.name === target)
  }

  async function open(): Promise<void> {
    ccp = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    await earlierClosesLogged(stage)
  }

  async function leave(): Promise<void> {
    before = await stage.log()
    mark = stage.instance.journal.mark()
    await stage.ready(ccp, 'awake')
    await closeTabByKey(ccp)
  }

  /** Closes the CCP and returns the only new entry. */
  async function close(): Promise<LogEntry> {
    await leave()
    const [entry, ...others] = await stage.newEntries(before)
    expect(others).toEqual([])
    if (entry === undefined) throw new Error('No entry')
    return entry
  }

  /** Closes the CCP of an agent whose state the page sets. */
  async function closeAndChange(): Promise<CloseEnd> {
    await leave()
    return closeEnd(stage, before)
  }
  const changes = () => stage.instance.journal.states.filter(({ seq }) => seq > mark)
  const isLook = (entry: JournalEntry): boolean =>
    entry.kind === 'request' &&
    entry.operation === 'GetAgentSnapshot' &&
    /^(chrome|moz)-extension:/.test(entry.details.origin ?? '')
  const alarms = () =>
    stage.browser.extension.evaluateInBackground(async () => ({
      badge: await chrome.action.getBadgeText({}),
      notices: Object.keys(await chrome.notifications.getAll()),
    }))

  it('observe mode changes nothing, and logs what would have been done and how long the agent stayed Available', async () => {
    await open()
    // A page that has the target state has all other settings, too.
    await set({ mode: 'observe' }, 'Training')
    const entry = await close()
    expect(entry).toMatchObject({
      outcome: 'not_needed',
      reason: 'mode_observe',
      would: 'set_offline',
      target: 'Training',
      exposure: { until: null, certainty: 'open' },
    })
    expect((await stage.storedState()).flags).toMatchObject([{ closeId: entry.id, isObserved: true }])
    expect(await alarms()).toEqual({ badge: 'test', notices: [] })
    expect(changes()).toEqual([])
    const looks = stage.instance.journal.entries.filter((each) => each.seq > mark && isLook(each))
    expect(looks).toHaveLength(isExtensionAnswered(stage) ? 1 : 0)
    expect(stage.instance.agent('alice').state().type).toBe('routable')

    await stage.browser.newWindow(stage.instance.url.ccp('v1')).then((page) => (ccp = page))
    const seen = await until('the end of the exposure', async () =>
      (await stage.log()).find(({ id, exposure }) => id === entry.id && exposure?.until != null),
    )
    expect(seen.exposure).toMatchObject({ from: entry.at, certainty: 'exact' })
    expect((await stage.storedState()).flags).toEqual([])
  })

  it('off mode applies to an open CCP', async () => {
    await set({ mode: 'off' }, 'Lunch')
    expect(await close()).toMatchObject({ outcome: 'not_needed', reason: 'mode_off' })
    expect(changes()).toEqual([])
  })

  it('the state named in the settings is set', async () => {
    await open()
    await set({}, 'Training')
    const end = await closeAndChange()
    expect(end).toMatchObject({ target: 'Training', outcome: outcomeOfOffline(stage) })
    await stage.instance.journal.waitForState({ agent: 'alice', type: 'not_routable', by: 'api' }, { after: mark })
    expect(stage.instance.agent('alice').state().name).toBe('Training')
  })

  it.each<[string, Partial<Settings>, LogEntry['reason']]>([
    ['routing profile', { routingProfiles: ['Nobody’s profile'] }, 'routing_profile_excluded'],
    ['kind of page', { surfaces: ['v2', 'framed'] }, 'surface_excluded'],
    ['instance', { instances: ['other.my.connect.aws'] }, 'instance_excluded'],
    ['state', { fromStates: ['Lunch'] }, 'state_excluded'],
    ['desk phone', { deskPhone: 'leave' }, 'desk_phone'],
  ])('an agent excluded by the settings keeps their state: %s', async (_what, settings, reason) => {
    await open()
    await set(settings, 'Lunch')
    expect(await close()).toMatchObject({ outcome: 'not_needed', reason, exposure: null })
    expect(changes()).toEqual([])
    expect((await stage.storedState()).flags).toEqual([])
  })

  it('a state that is not routable is changed if the settings name it', async () => {
    await open()
    await set({ fromStates: ['Available', 'Lunch'] }, 'Training')
    stage.instance.agent('alice').set('Lunch')
    await stage.document('alice', ({ agent }) => agent?.state.name === 'Lunch')
    const end = await closeAndChange()
    expect(end).toMatchObject({ stateBefore: { name: 'Lunch' }, outcome: outcomeOfOffline(stage) })
    // A flag does not say it.
    if ('exposure' in end) expect(end.exposure).toBeNull()
    expect(stage.instance.agent('alice').state().name).toBe('Training')
  })
}
