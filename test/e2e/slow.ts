import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import type { AgentModel, StateEntry } from '../instance/instance'
import { shipped } from './builds'
import { storeSettings } from './own-store'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  notifications: { getAll(): Promise<Record<string, unknown>> }
}

/** One agent for each story: the stories run in parallel, since most of each is waiting. */
const AGENTS = { acme: 'alice', northwind: 'nora', iberia: 'carmen', alpine: 'anna' } as const
type Alias = keyof typeof AGENTS
const TENANTS = Object.entries(AGENTS).map(([alias, username]) => ({ alias, agents: [{ username }] }))

const SETTINGS = { graceSeconds: 5, acwLimitMinutes: 1, onSleep: 'offline' }
/** A wake-up that is a minute late shows a sleep; while a contact is awaited, the next one is due within 25 s. */
const SLEEP_MS = 90_000
const AWAY_FROM_LOOK_MS = 5_000
const PATIENCE = { timeoutMs: 150_000 }

/** Closes whose story takes a minute or two. */
export function describeSlow(name: BrowserName): void {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage({
      browser: name,
      extensionDir: shipped(name),
      instance: { tenants: TENANTS },
      extraPrefs: { 'alerts.useSystemBackend': false },
    })
    await storeSettings(stage.browser, SETTINGS)
  }, 240_000)
  afterAll(() => stage.close())

  const agent = (alias: Alias): AgentModel => stage.instance.agent(AGENTS[alias], alias)
  const open = (alias: Alias): Promise<Page> =>
    stage.openAvailable(stage.instance.url.ccp('v1', { alias, signInAs: AGENTS[alias] }), {
      username: AGENTS[alias],
      alias,
    })
  const changes = (alias: Alias, after: number): StateEntry[] =>
    stage.instance.journal.states.filter((each) => each.alias === alias && each.seq > after)
  const offline = (alias: Alias, after: number): Promise<StateEntry> =>
    stage.instance.journal.waitForState({ agent: AGENTS[alias], type: 'offline', by: 'api' }, { ...PATIENCE, after })
  const entriesOf = async (alias: Alias): Promise<LogEntry[]> =>
    (await stage.log()).filter(({ username }) => username === AGENTS[alias])

  it('a reload that does not come, one whose page stays, a computer that sleeps, and after-contact work past its limit', async () => {
    const { faults, journal } = stage.instance
    const [working, lost, there] = [await open('acme'), await open('northwind'), await open('iberia')]
    const asleep = await open('alpine')

    // The new page begins to load, and never continues: the old one is gone, and the background acts after the grace
    // period.
    const stuck = faults.set({ operation: 'page', agent: 'nora', delayMs: 600_000 })
    const lostMark = journal.mark()
    await stage.ready(lost, 'awake')
    await stage.display.key('F5')
    await until('the page to begin', () => stuck.hits() > 0)
    expect(changes('northwind', lostMark)).toEqual([])

    // Nothing of the new page arrives: the old page is still there, and works.
    const hung = faults.set({ operation: 'page', agent: 'carmen', hang: true })
    const thereMark = journal.mark()
    await stage.ready(there, 'awake')
    await stage.display.key('F5')
    await until('the page to be asked for', () => hung.hits() > 0)

    await offline('northwind', lostMark)
    const [given] = await until('the entry of the reload', () => someOf(entriesOf('northwind')))
    expect(given).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background', event: 'beforeunload' })

    const [stayed] = await until('the entry of the stay', () => someOf(entriesOf('iberia')))
    expect(stayed).toMatchObject({ outcome: 'not_needed', reason: 'reload', cause: 'stayed', exposure: null })
    expect(changes('iberia', thereMark)).toEqual([])
    // A driver gets no answer from a page that is about to be replaced; it is already in front.
    await stage.display.key('ctrl+w')
    await until('the tab to close', () => there.isClosed())
    await offline('iberia', thereMark)

    // The limit ends after-contact work a minute after it was first seen.
    agent('acme').ring()
    agent('acme').accept()
    await stage.document('alice', (doc) => doc.agent?.contacts[0]?.state === 'connected')
    const workMark = journal.mark()
    await stage.ready(working, 'awake')
    await closeTabByKey(working)
    agent('acme').endContact()
    const worksFrom = changes('acme', workMark).at(-1)
    expect(worksFrom?.to.name).toBe('AfterCallWork')
    // A sleep is recognized by a late wake-up: the next one must be soon, and no request under way.
    await until('the next look at the work to be seconds away', async () =>
      Object.values((await stage.storedState()).closes).some(
        ({ username, check }) =>
          username === 'alice' && check?.isAsking === false && (check.nextAt ?? 0) > Date.now() + AWAY_FROM_LOOK_MS,
      ),
    )

    // The computer sleeps: the agent who wakes it is Offline in their own CCP, and is notified.
    const sleepMark = journal.mark()
    await stage.browser.sleep(SLEEP_MS)
    await offline('alpine', sleepMark)
    const [slept] = await until('the entry of the sleep', () => someOf(entriesOf('alpine')))
    expect(slept).toMatchObject({ outcome: 'confirmed', cause: 'slept', event: 'slept' })
    await until('the agent to be told', () =>
      stage.browser.extension.evaluateInBackground(async () => 'away' in (await chrome.notifications.getAll())),
    )
    expect(asleep.isClosed()).toBe(false)

    const ended = await offline('acme', workMark)
    expect(ended.from.name).toBe('AfterCallWork')
    expect(ended.at - (worksFrom?.at ?? 0)).toBeGreaterThan(60_000)
    const [worked] = await until('the entry of the work', () => someOf(entriesOf('acme')))
    expect(worked).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background' })
    expect(worked?.timeline.map(({ event }) => event)).toContain('acw_ended')
  }, 400_000)
}

async function someOf<T>(list: Promise<readonly T[]>): Promise<readonly T[] | false> {
  const found = await list
  return found.length > 0 && found
}
