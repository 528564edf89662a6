import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEntry } from '../../src/domain/log-entry'
import type { CcpDocument } from '../../src/domain/closes/ccp-document'
import type { Settings } from '../../src/domain/settings'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, closeWindowByKey, until } from '../browser'
import type { AgentModel, RequestEntry, RingOptions } from '../instance/instance'
import { shipped } from './builds'
import { isLook, look, LOOK_PATIENCE } from './look'
import { storeSettings } from './own-store'
import type { Stage } from './stage'
import { openStage } from './stage'

/** A CCP that closes during a contact: nobody is cut off, no notes are lost, and nobody is left Available. */
export function describeContacts(name: BrowserName): void {
  let stage: Stage
  let profileDir: string
  let alice: AgentModel
  let mark = 0
  let before: LogEntry[] = []

  beforeAll(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'kept-profile-'))
    stage = await openStage({
      browser: name,
      extensionDir: shipped(name),
      profileDir,
      instance: { tenants: [{ alias: 'acme', agents: [{ username: 'alice', ringMs: 300_000 }] }] },
    })
    alice = stage.instance.agent('alice')
    await settings({})
  }, 240_000)
  afterAll(async () => {
    await stage.close()
    await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  const settings = (values: Partial<Settings>): Promise<void> =>
    // An open notification keeps Chromium running without a window, and these tests need none.
    storeSettings(stage.browser, { notify: false, ...values })

  /** Opens the CCP with a contact that the agent has accepted, or one that rings. */
  async function openOn(
    channel: NonNullable<RingOptions['channel']>,
    isTaken: boolean,
    generation: 'v1' | 'v2' = 'v2',
  ): Promise<Page> {
    const page = await stage.openAvailable(stage.instance.url.ccp(generation, { signInAs: 'alice' }))
    before = await stage.log()
    alice.ring({ channel })
    if (isTaken) alice.accept()
    const wanted = isTaken ? 'connected' : 'connecting'
    await stage.document('alice', ({ agent }) => agent?.contacts[0]?.state === wanted)
    return page
  }
  async function close(page: Page): Promise<void> {
    mark = stage.instance.journal.mark()
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
  }
  const entry = async (): Promise<LogEntry | undefined> => {
    const [first, ...others] = await stage.newEntries(before)
    expect(others).toEqual([])
    return first
  }
  const offline = () =>
    stage.instance.journal.waitForState(
      { agent: 'alice', type: 'offline', by: 'api' },
      { ...LOOK_PATIENCE, after: mark },
    )
  const puts = (): RequestEntry[] =>
    stage.instance.journal.requests.filter(({ operation, seq }) => operation === 'PutAgentState' && seq > mark)

  it.each([
    ['was missed', 'MissedCallAgent', () => alice.missContact()],
    ['has failed at the softphone', 'FailedConnectAgent', () => alice.failContact()],
  ])('leaves a call ringing, and sets Offline when it %s', async (_what, state, end) => {
    await close(await openOn('voice', false, 'v1'))
    await look(stage)
    expect(puts()).toEqual([])
    end()
    const { from, seq } = await offline()
    expect(from.name).toBe(state)
    const rang = stage.instance.journal.states.filter((change) => change.seq > mark && change.seq < seq)
    expect(rang.map(({ to }) => to.name)).toEqual([state])
    expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background', exposure: null })
  })

  it('does not confirm a close when a call came first that the page had not seen', async () => {
    const page = await stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    // The page's own request is delayed here: without one, Firefox ends Streams before its request has left.
    await stage.document('alice', hasOwnWay)
    before = await stage.log()
    const slow = stage.instance.faults.set({ operation: 'PutAgentState', origin: 'page', workMs: 3_000 })
    await close(page)
    await until('the request of the close to be under way', () => slow.hits() > 0)
    alice.ring({ channel: 'voice' })
    await look(stage)
    await until('the instance to refuse them', () => puts().every(({ error }) => error !== undefined))
    slow.clear()
    expect(new Set(puts().map(({ error }) => error))).toEqual(new Set(['InvalidStateException']))
    expect(alice.nextState()).toBeUndefined()
    expect(await stage.log()).toEqual(before)
    alice.missContact()
    await offline()
    expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background' })
  })

  it('ends a state that the agent could not have left by themselves', async () => {
    const page = await openOn('voice', false)
    // A supervisor queues Offline behind the ringing call.
    alice.set('offline')
    alice.missContact()
    const { agent } = await stage.document('alice', (doc) => doc.agent?.state.type === 'error')
    expect(agent?.nextState?.type).toBe('offline')
    await close(page)
    await offline()
    const logged = await entry()
    expect(logged).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background' })
    expect(logged?.timeline.map(({ event }) => event)).toContain('stuck_ended')
  })

  it.each([
    ['a call', () => {}],
    [
      'a call on hold with a third party',
      () => {
        alice.conference()
        alice.hold()
      },
    ],
  ])('waits for %s to end, and for the agent’s notes after it', async (_what, prepare) => {
    const page = await openOn('voice', true)
    prepare()
    await close(page)
    await look(stage)
    expect(alice.contacts()[0]?.live).toBe(true)
    alice.endContact()
    await look(stage)
    expect(alice.state().name).toBe('AfterCallWork')
    expect(puts()).toEqual([])
    expect(await stage.log()).toEqual(before)
    alice.clearContact()
    await offline()
    const logged = await entry()
    expect(logged).toMatchObject({
      outcome: 'confirmed',
      evidence: 'set_by_background',
      stateBefore: { type: 'system' },
      exposure: { certainty: 'at_most' },
    })
    expect(logged?.timeline.map(({ event }) => event)).not.toContain('acw_ended')
    expect(puts().map(({ error }) => error)).toEqual([undefined])
  })

  it('waits for the last of several contacts, of every kind', async () => {
    const page = await openOn('chat', true)
    alice.ring({ channel: 'task' })
    const [chat, task] = alice.contacts().map(({ id }) => id)
    alice.accept(task)
    await stage.document(
      'alice',
      ({ agent }) => agent?.contacts.map(({ state }) => state).join() === 'connected,connected',
    )
    await close(page)
    alice.endContact(chat)
    alice.clearContact(chat)
    await look(stage)
    expect(alice.state().type).toBe('routable')
    expect(puts()).toEqual([])
    alice.endContact(task)
    alice.clearContact(task)
    await offline()
    expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background' })
  })

  it('waits for a chat, in which the agent stays Available, and for the notes after it', async () => {
    await close(await openOn('chat', true))
    alice.endContact()
    await look(stage)
    expect(alice.state().type).toBe('routable')
    expect(puts()).toEqual([])
    alice.clearContact()
    await offline()
    expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background' })
  })

  it('leaves everything to an agent who is back', async () => {
    await close(await openOn('chat', true))
    await look(stage)
    const back = await stage.browser.newWindow(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    expect(await entry()).toMatchObject({ outcome: 'not_needed', reason: 'contact_first' })
    alice.endContact()
    alice.clearContact()
    await stage.document('alice', ({ agent }) => agent?.contacts.length === 0)
    const { documents, closes } = await stage.storedState()
    expect(Object.keys(documents)).toHaveLength(1)
    expect(Object.values(closes).filter(({ check }) => check !== null)).toEqual([])
    expect(puts()).toEqual([])
    before = await stage.log()
    await close(back)
    await offline()
    await entry()
  })

  it('tells an agent who stays after the leave dialog that nothing was changed', async () => {
    await settings({ onContact: 'warn' })
    const page = await openOn('voice', true)
    await page.click('body')
    const asked = new Promise<void>((resolve) => {
      page.driver.once('dialog', (dialog) => void dialog.dismiss().then(resolve))
    })
    mark = stage.instance.journal.mark()
    await page.toFront()
    await stage.display.key('ctrl+w')
    await asked
    await page.waitFor('ccp-signoff-leave')
    expect(puts()).toEqual([])
    await page.driver.keyboard.press('Escape')
    expect(await entry()).toMatchObject({
      outcome: 'not_needed',
      reason: 'contact_first',
      cause: 'stayed',
      exposure: null,
    })
    expect(alice.state().name).toBe('Busy')
    alice.endContact()
    alice.clearContact()
    await stage.document('alice', ({ agent }) => agent?.contacts.length === 0)
    before = await stage.log()
    await settings({})
    await close(page)
    await offline()
    await entry()
  })

  it('leaves agents with a contact alone if the settings say so', async () => {
    await settings({ onContact: 'leave' })
    await close(await openOn('voice', true))
    expect(await entry()).toMatchObject({ outcome: 'not_needed', reason: 'contact_kept' })
    // No document remains that could be awaited: an agent who is gone is not asked about.
    expect((await stage.storedState()).documents).toEqual({})
    alice.endContact()
    alice.clearContact()
    expect(alice.state().type).toBe('routable')
    expect(stage.instance.journal.entries.filter((each) => each.seq > mark && isLook(each))).toEqual([])
    await settings({})
  })

  // These may end the browser, so they come last.
  it.each(['chat', 'voice'] as const)('queues Offline behind a %s when the browser ends', async (channel) => {
    const page = stage.browser.home
    alice.set('offline', 'test')
    await page.driver.goto(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    await stage.document('alice')
    alice.set('routable')
    await stage.document('alice', ({ agent }) => agent?.state.type === 'routable')
    before = await stage.log()
    alice.ring({ channel })
    alice.accept()
    // The page also knows the round trip of its direct path: Firefox ends before a slow one.
    await stage.document('alice', (doc) => doc.agent?.contacts[0]?.state === 'connected' && hasOwnWay(doc))
    await stage.leaveStore()
    mark = stage.instance.journal.mark()
    await stage.ready(page, 'awake')
    await closeWindowByKey(page)
    await stage.browser.exited()
    await until('Offline to be queued', () => alice.nextState()?.type === 'offline')
    alice.endContact()
    alice.clearContact()
    expect(alice.state().type).toBe('offline')
    await stage.restart()
    await entry()
  })
}

/** The page knows that its direct path works, and how long a request takes. */
const hasOwnWay = ({ capabilities }: CcpDocument): boolean => capabilities?.direct.status === 'works'
