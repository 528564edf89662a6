import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import type { AgentModel } from '../instance/instance'
import { shipped } from './builds'
import type { Stage } from './stage'
import { openStage } from './stage'
import { holdsIn } from './worlds/cannot-hold'
import { worldsIn, worldsInTurn, type NamedWorld } from './worlds/committed'

/** A file of worlds to play in, or `committed` for all worlds that are committed to the suite. */
const CHOSEN = process.env['SIGNOFF_WORLDS']
/** Beside other tests, Firefox opens no more windows than this in good time. */
const FIREFOX_BESIDE_OTHERS = 4

function worldsFor(browser: BrowserName): NamedWorld[] {
  if (CHOSEN !== undefined && CHOSEN !== 'committed') return worldsIn(CHOSEN)
  const own = worldsInTurn(browser)
  return browser === 'firefox' && CHOSEN === undefined ? own.slice(0, FIREFOX_BESIDE_OTHERS) : own
}

/** As long as the background asks at the pace for somebody who still waits. */
const PATIENCE_MS = 90_000
/** For all worlds together. */
const OPENING_MS = 300_000

interface Place extends NamedWorld {
  readonly alias: string
  readonly username: string
  /** The parts of the CCP. */
  readonly ccp: { readonly generation: 'v1' | 'v2'; readonly streams: '1.4' | '1.8' | '2.28' }
}

const CCPS: readonly Place['ccp'][] = [
  { generation: 'v1', streams: '1.4' },
  { generation: 'v1', streams: '2.28' },
  { generation: 'v2', streams: '2.28' },
  { generation: 'v1', streams: '1.8' },
]

/**
 * The promise of this extension, in many worlds at once: each is its own instance on one server, with its own agent.
 * Delays in one of them pass while the others go on.
 */
export function describeInWorlds(name: BrowserName): void {
  const places = worldsFor(name).map(({ name: called, world }, at): Place => {
    const usual = CCPS[at % CCPS.length] ?? { generation: 'v1', streams: '1.4' }
    const ccp = world.connectGlobal === 'gone' ? ({ generation: 'v2', streams: '2.28' } as const) : usual
    return { name: called, world, alias: `world-${at}`, username: `agent-${at}`, ccp }
  })
  const cases = places.map((place) => [place.name, place] as const)
  let stage: Stage

  beforeAll(async () => {
    const tenants = places.map(({ alias, username, world }) => ({
      alias,
      world,
      agents: [{ username, ringMs: 600_000 }],
    }))
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants } })
  }, 240_000)
  afterAll(() => stage.close())

  const agentOf = ({ alias, username }: Place): AgentModel => stage.instance.agent(username, alias)
  const shows = async (page: Page, type: string): Promise<void> => {
    await page.waitFor((wanted: string) => document.body.dataset['stateType'] === wanted, type)
  }
  const open = ({ alias, username, ccp }: Place): Promise<Page> =>
    stage.browser.newWindow(stage.instance.url.ccp(ccp.generation, { alias, streams: ccp.streams, signInAs: username }))
  /** Makes the agent Available through the instance alone, as if no CCP had noticed. */
  const makeAvailable = async (place: Place, page: Page): Promise<void> => {
    await shows(page, 'offline')
    agentOf(place).set('routable', 'test')
    await shows(page, 'routable')
    await stage.document(place.username, ({ agent }) => agent?.state.type === 'routable')
  }
  const offline = (place: Place): Promise<unknown> =>
    until(`${place.username} to be Offline`, () => agentOf(place).state().type === 'offline', { timeout: PATIENCE_MS })
  const entryIn = async ({ username }: Place, before: readonly LogEntry[]): Promise<LogEntry | undefined> =>
    (await stage.log()).find((entry) => entry.username === username && before.every(({ id }) => id !== entry.id))
  const entryOf = (place: Place, before: readonly LogEntry[]): Promise<LogEntry> =>
    until(`the entry of ${place.username}`, () => entryIn(place, before), { timeout: PATIENCE_MS })
  const isFlagged = async ({ username }: Place): Promise<boolean> =>
    (await stage.storedState()).flags.some((flag) => flag.username === username)

  /** Opens a CCP in each place, does something in it, and closes them one after the other. */
  function closeAll(isPlayed: (place: Place) => boolean, act: (place: Place) => Promise<void>): (place: Place) => void {
    const troubles = new Map<Place, unknown>()
    beforeAll(async () => {
      const acts: { readonly place: Place; readonly page: Page; readonly act: Promise<unknown> }[] = []
      for (const place of places.filter(isPlayed)) {
        agentOf(place).set('offline', 'test')
        const page = await open(place)
        const acting = makeAvailable(place, page).then(() => act(place))
        acts.push({ place, page, act: acting.catch((error: unknown) => troubles.set(place, error)) })
      }
      await Promise.all(acts.map((one) => one.act))
      for (const { page } of acts) {
        await stage.ready(page, 'awake')
        await closeTabByKey(page)
      }
    }, OPENING_MS)
    return (place) => {
      if (troubles.has(place)) throw new Error('Nothing could be closed', { cause: troubles.get(place) })
    }
  }

  describe('an agent whose CCP is closed is left Offline, or flagged', () => {
    const wasClosed = closeAll(
      () => true,
      () => Promise.resolve(),
    )

    it.each(cases)(
      'in %s',
      async (_name, place) => {
        wasClosed(place)
        const isPromised = holdsIn('is left Offline', place.world)
        if (isPromised) await offline(place)
        if (place.world.extensionOrigin === 'refused') {
          // Without an answer the agent is flagged, because only their page can have seen them Offline.
          const isTold = async (): Promise<boolean> =>
            (await isFlagged(place)) || (await entryIn(place, [])) !== undefined
          await until('the word on it', isTold, { timeout: PATIENCE_MS })
          expect((await entryIn(place, []))?.outcome).not.toBe(isPromised ? 'failed' : 'confirmed')
          return
        }
        const { outcome, stateBefore } = await entryOf(place, [])
        expect([outcome, stateBefore.type, await isFlagged(place)]).toEqual(['confirmed', 'routable', false])
      },
      150_000,
    )
  })

  describe('an agent who closes in after-contact work can finish their notes, and is Offline afterwards', () => {
    const isPlayed = ({ world }: Place): boolean => holdsIn('is set Offline after the notes of a closed CCP', world)
    let before: LogEntry[] = []
    let mark = 0
    const wasClosed = closeAll(isPlayed, async (place) => {
      const agent = agentOf(place)
      agent.ring()
      agent.accept()
      agent.endContact()
      await stage.document(place.username, (doc) => doc.agent?.contacts.some(({ state }) => state === 'ended') === true)
      before = await stage.log()
      mark = stage.instance.journal.mark()
    })

    it.each(cases.filter(([, place]) => isPlayed(place)))(
      'in %s',
      async (_name, place) => {
        wasClosed(place)
        const agent = agentOf(place)
        await stage.instance.journal.waitFor(
          (entry) =>
            entry.kind === 'request' &&
            entry.operation === 'GetAgentSnapshot' &&
            entry.alias === place.alias &&
            entry.status === 200 &&
            /^(chrome|moz)-extension:/.test(entry.details.origin ?? ''),
          { after: mark, timeoutMs: PATIENCE_MS },
        )
        expect(agent.contacts()).toHaveLength(1)
        agent.clearContact()
        await offline(place)
        expect((await entryOf(place, before)).outcome).toBe('confirmed')
      },
      200_000,
    )
  })
}
