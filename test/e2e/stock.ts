import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import type { JournalEntry } from '../instance/instance'
import { describeEntry } from '../instance/journal'
import { throwing } from './builds'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The effect of an agent's work on the CCP and on the instance behind it. */
interface Work {
  /** Contacts, changes of state, log-outs and the requests that the page made for them, in order. */
  readonly journal: readonly string[]
  /** Errors that the page reported, without the numbers in them. */
  readonly errors: readonly string[]
}

/** The page's own operations, without those that depend on the speed of the machine. */
const DOINGS = new Set([
  'PutAgentState',
  'AcceptContact',
  'RejectContact',
  'DestroyConnection',
  'ClearContact',
  'CompleteContact',
  'CreateAdditionalConnection',
  'logout',
])

/**
 * Streams reports this if it is asked before its first snapshot, which depends on the machine's speed, even without
 * the extension.
 */
const TOO_EARLY = 'Failed to get agent data.'

/**
 * The CCP with an extension in which every hook in the page throws, beside the CCP without any extension: an agent
 * does the same work with both, and nothing distinguishes them.
 */
export function describeStock(name: BrowserName): void {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage({ browser: name })
  }, 240_000)
  afterAll(() => stage.close())

  it('works as if there were no extension, even if every hook throws', async () => {
    const without = await work()
    const dir = throwing(name)
    expect(await readFile(join(dir, 'page.js'), 'utf8')).toContain('Injected by a test')
    await stage.browser.installExtension(dir)
    // In front of the CCP's tab it would keep the driver from clicking there.
    await (await stage.browser.pageAt('welcome.html')).discard()

    expect(await work()).toEqual(without)
  }, 240_000)

  /** Alice's day: signs in, accepts a chat and a call, logs out; signs in to v2, and closes the tab while Available. */
  async function work(): Promise<Work> {
    const { journal } = stage.instance
    const alice = stage.instance.agent('alice')
    const from = journal.mark()
    const errors = new Set<string>()

    const first = await open('v1', errors)
    await choose(first, 'not_routable')
    await choose(first, 'routable')
    for (const channel of ['chat', 'voice'] as const) {
      alice.ring({ channel })
      await first.click(`.contact.${channel} .accept`)
      await first.waitFor(`.contact.${channel}.connected`)
      await first.click(`.contact.${channel}.connected .decline`)
      await first.waitFor(`.contact.${channel}.ended`)
      await first.click(`.contact.${channel}.ended .plain`)
      await until('the contact to be cleared', () => alice.contacts().length === 0)
    }
    await shows(first, 'routable')
    await first.click('#logout')
    await first.waitFor(() => location.pathname.endsWith('/login'))
    await first.discard()

    alice.set('offline', 'test')
    const second = await open('v2', errors)
    await choose(second, 'routable')
    const [closed, closedAt] = [journal.mark(), Date.now()]
    await closeTabByKey(second)
    // The worker's poll ends with the worker: all its requests have been sent by then.
    await journal.waitFor(
      (entry) =>
        entry.kind === 'request' &&
        entry.operation === 'GetAgentSnapshot' &&
        entry.clientGoneAt !== undefined &&
        entry.clientGoneAt >= closedAt,
      { after: from, timeoutMs: 30_000 },
    )
    expect(journal.requests.filter(({ seq, operation }) => seq > closed && operation === 'PutAgentState')).toEqual([])
    expect(alice.state().type).toBe('routable')
    alice.set('offline', 'test')
    return { journal: doingsOf(journal.entries.filter(({ seq }) => seq > from)), errors: [...errors].sort() }
  }

  async function open(generation: 'v1' | 'v2', errors: Set<string>): Promise<Page> {
    const page = await stage.browser.newWindow('about:blank')
    const note = (text: string): void => {
      if (!text.includes(TOO_EARLY)) errors.add(text.replace(/\d+/g, '#'))
    }
    page.driver.on('pageerror', (error) => note(String(error)))
    page.driver.on('console', (message) => {
      if (message.type() === 'error') note(message.text())
    })
    await page.driver.goto(stage.instance.url.ccp(generation, { signInAs: 'alice' }))
    await shows(page, 'offline')
    return page
  }

  async function choose(page: Page, type: string): Promise<void> {
    await page.click('#status')
    await page.click(`.option[data-type="${type}"]`)
    await shows(page, type)
  }

  async function shows(page: Page, type: string): Promise<void> {
    await page.waitFor((t: string) => document.body.dataset['stateType'] === t, type)
  }
}

function doingsOf(entries: readonly JournalEntry[]): string[] {
  return entries
    .filter((entry) => entry.kind !== 'request' || DOINGS.has(entry.operation))
    .map((entry) => describeEntry(entry))
}
