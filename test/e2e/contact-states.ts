import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey } from '../browser'
import type { AgentModel } from '../instance/instance'
import { shipped } from './builds'
import { look } from './look'
import { storeSettings } from './own-store'
import { Since } from './since'
import type { Stage } from './stage'
import { openStage } from './stage'

/** How each value of the axis `contactStates` has a callback ring, be missed, and reach its customer. */
const INSTANCES = [
  {
    contactStates: 'recorded',
    alias: 'acme',
    username: 'alice',
    rings: 'Pending',
    missed: 'Default',
    accepted: ['CallingCustomer', 'Busy'],
  },
  {
    contactStates: 'busy',
    alias: 'northwind',
    username: 'nora',
    rings: 'PendingBusy',
    missed: 'MissedCallAgent',
    accepted: ['Busy'],
  },
] as const
/** An agent who dials, and whose customers are slow to answer. */
const DIALS = 'dora'
interface Who {
  readonly alias: string
  readonly username: string
}
type Played = (typeof INSTANCES)[number]

/** Contacts that put the agent into other states than a call does, or into none: callbacks, and listening in. */
export function describeContactStates(name: BrowserName): void {
  let stage: Stage
  let since: Since

  beforeAll(async () => {
    const tenants = INSTANCES.map(({ alias, username, contactStates }) => ({
      alias,
      agents: [
        { username, ringMs: 300_000 },
        { username: DIALS, reachingMs: 300_000 },
      ],
      world: { contactStates },
    }))
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants } })
    await storeSettings(stage.browser, { notify: false })
  }, 240_000)
  afterAll(() => stage.close())

  const agentOf = ({ username, alias }: Who): AgentModel => stage.instance.agent(username, alias)
  const open = ({ username, alias }: Who): Promise<Page> =>
    stage.openAvailable(stage.instance.url.ccp('v2', { alias, signInAs: username }), { username, alias })
  async function close(page: Page): Promise<void> {
    since = await Since.now(stage)
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
  }
  /** The agent's contact comes first: nothing is set, and nothing is said of the close. */
  async function expectWaiting(): Promise<void> {
    // What a look leads to is done before the next one.
    await look(stage)
    await look(stage)
    expect(since.requests('PutAgentState')).toEqual([])
    expect(await stage.log()).toEqual(since.before)
  }
  /** The states of the agent since the close, by name. */
  const states = (): string[] => since.changes().map(({ to }) => to.name)
  /** Opens a CCP, and has a callback ring in it. */
  async function openRinging(played: Played): Promise<Page> {
    const page = await open(played)
    agentOf(played).ring({ channel: 'queue_callback' })
    const { agent } = await stage.document(played.username, (doc) => doc.agent?.contacts.length === 1)
    // Whatever its type at the instance, a state of a live contact counts as one of the system.
    expect(agent).toMatchObject({
      state: { name: played.rings, type: 'system' },
      contacts: [{ channel: 'queue_callback', state: 'incoming' }],
    })
    return page
  }

  /** The entry of a close that the background has ended. */
  async function endedByBackground(): Promise<LogEntry> {
    const entry = await since.entry()
    expect(entry).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background' })
    return entry
  }
  const steps = ({ timeline }: LogEntry): string[] => timeline.map(({ event }) => event)

  describe.each(INSTANCES)('a callback, in the states of an instance of the kind "$contactStates",', (played) => {
    it('that rings at the close is left to ring, and Offline follows when it is missed', async () => {
      await close(await openRinging(played))
      await expectWaiting()
      agentOf(played).missContact()
      const { from } = await since.offline(played.username)
      expect(from.name).toBe(played.missed)
      expect(states()).toEqual([played.missed, 'Offline'])
      const entry = await endedByBackground()
      expect(entry).toMatchObject({ stateBefore: { name: played.rings }, exposure: null })
      expect(steps(entry)).toContain('missed_ended')
    })

    it('that was missed before the close leaves an agent whom the background sets Offline', async () => {
      const page = await openRinging(played)
      agentOf(played).missContact()
      await stage.document(played.username, ({ agent }) => agent?.state.name === played.missed)
      await close(page)
      const { from } = await since.offline(played.username)
      expect(from.name).toBe(played.missed)
      expect(states()).toEqual(['Offline'])
      const entry = await endedByBackground()
      expect(entry).toMatchObject({ stateBefore: { name: played.missed, type: 'error' }, exposure: null })
      expect(steps(entry)).toContain('missed_ended')
    })

    it('that somebody accepts after the close leaves everything to them', async () => {
      await close(await openRinging(played))
      await look(stage)
      agentOf(played).accept()
      await stage.instance.journal.waitForState({ agent: played.username, name: 'Busy' }, { after: since.mark })
      await look(stage)
      agentOf(played).endContact()
      await expectWaiting()
      agentOf(played).clearContact()
      const entry = await since.entry()
      expect(entry).toMatchObject({ outcome: 'left_available', evidence: 'none', reason: 'superseded' })
      expect(since.requests('PutAgentState')).toEqual([])
      expect(states()).toEqual([...played.accepted, 'AfterCallWork', 'Available'])
      const { flags } = await stage.storedState()
      expect(flags.map(({ username }) => username)).toContain(played.username)
    })
  })

  it('a call that was dialled before the close, and is answered after it, ends in Offline: nobody has taken it', async () => {
    const played = { ...INSTANCES[0], username: DIALS } as const
    const page = await open(played)
    agentOf(played).dial('+15550100')
    const { agent } = await stage.document(played.username, (doc) => doc.agent?.contacts.length === 1)
    expect(agent).toMatchObject({ state: { name: 'CallingCustomer' }, contacts: [{ state: 'connecting' }] })
    await close(page)
    await expectWaiting()
    agentOf(played).pickUp()
    await expectWaiting()
    agentOf(played).endContact()
    agentOf(played).clearContact()
    await since.offline(played.username)
    expect(states()).toEqual(['Busy', 'AfterCallWork', 'Available', 'Offline'])
    await endedByBackground()
  })

  it('a supervisor who listens in stays Available: the close waits until they have hung up', async () => {
    const [played] = INSTANCES
    const page = await open(played)
    agentOf(played).monitor()
    const { agent } = await stage.document(played.username, (doc) => doc.agent?.contacts.length === 1)
    expect(agent).toMatchObject({ state: { type: 'routable' }, contacts: [{ channel: 'voice', state: 'connected' }] })
    await close(page)
    await expectWaiting()
    expect(agentOf(played).contacts()).toHaveLength(1)
    agentOf(played).endContact()
    await since.offline(played.username)
    expect(states()).toEqual(['Offline'])
    const entry = await endedByBackground()
    // They could be given a call from the close on.
    const exposure = { from: entry.at, certainty: 'exact' }
    expect(entry).toMatchObject({ stateBefore: { type: 'routable' }, exposure })
  })
}
