import { mkdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../../test/browser'
import { closeTabByKey, until } from '../../test/browser'
import type { JournalEntry, RequestEntry, StateEntry, TenantOptions } from '../../test/instance/instance'
import type { World } from '../../test/instance/world/axes'
import { worldFor } from '../../test/instance/world/world-file'
import { showKill } from './kill'
import { letPlay } from './play'
import type { Scene } from './scene'
import { openScene } from './scene'
import type { Teller } from './tell'
import { tell } from './tell'

/** The options of the command line. */
interface DemoOptions {
  readonly browser: BrowserName
  readonly interactive: boolean
  /** Shows a browser that is killed instead of a close. */
  readonly kill: boolean
  /** How the instance behaves where real instances are not known for sure: a world's name, or the path of its file. */
  readonly world: string
  /** The folder for the pictures. */
  readonly pictures: string
}

const ALIAS = 'acme'
const AGENT = { username: 'dana', name: 'Dana Reyes' }
const COLLEAGUE = { username: 'sam', name: 'Sam Okafor' }

/** The exit code of a program that Ctrl+C has ended. */
const INTERRUPTED = 130
/** How long to wait at most. An idle machine needs a tenth of a second for all of it, a busy one much longer. */
const OFFLINE_MS = 15_000
const ENTRY_MS = 60_000

/**
 * Shows one close of a CCP or a killed browser, or opens everything to play with. Resolves with the exit code.
 * @public Called by `start.mjs`.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const end = endBySignal()
  let scene: Scene | null = null
  try {
    const world = worldFor(options.world)
    tell.title(`Signoff for Amazon Connect: ${options.kill ? 'a browser that is killed' : 'a CCP that is closed'}`)
    scene = await openScene({
      browser: options.browser,
      display: { useExisting: true },
      instance: { tenants: [tenantIn(world)] },
      // Grants a permission without the browser's own prompt, which nobody is there to answer.
      extraPrefs: { 'extensions.webextOptionalPermissionPrompts': false },
    })
    const { browser, display } = scene
    tell.pair('browser', `${await browser.driver.version()}, with the extension as it ships`)
    tell.pair(
      'display',
      display.name === process.env['DISPLAY'] ? `${display.name}, yours` : `${display.name}, its own`,
    )
    tell.pair('instance', `${new URL(scene.instance.url.ccp('v1')).host}, a stand-in on this machine`)
    const acts = actsOf(scene, options)
    const ended = end.asked.then(() => {
      tell.heading('Cleaning up.')
      return options.interactive ? 0 : INTERRUPTED
    })
    return await Promise.race([acts, ended])
  } catch (error) {
    tell.trouble(`The demo could not be shown: ${errorText(error)}`)
    return 1
  } finally {
    await scene?.close()
    end.forget()
  }
}

function actsOf(scene: Scene, options: DemoOptions): Promise<number> {
  if (options.kill) return showKill(scene, { alias: ALIAS, agent: AGENT })
  return options.interactive ? letPlay(scene, [AGENT, COLLEAGUE]).then(() => 0) : showClose(scene, options)
}

/** The demo's tenant in a world. Streams 1 needs the global `connect`: in a world without it, CCP v1 gets Streams 2. */
function tenantIn(world: World): TenantOptions {
  const streams = world.connectGlobal === 'gone' ? { streamsV1: '2.28' as const } : {}
  return { alias: ALIAS, agents: [AGENT, COLLEAGUE], world, ...streams }
}

/** Shows one close up to its log entry. Resolves with the exit code. */
async function showClose(scene: Scene, { browser, pictures }: DemoOptions): Promise<number> {
  const shoot = camera(pictures, browser)
  tell.heading('Before')
  const ccp = await scene.openCcp(AGENT.username)
  tell.line(`${AGENT.name} is signed in and Available. The popup says:`)
  await shoot(ccp, '1-ccp')
  for (const line of await readPopup(scene, shoot, '2-popup-before')) tell.line(`  ${line}`)

  const { journal } = scene.instance
  const mark = journal.mark()
  const { lastEntry: before } = await scene.status()
  tell.heading('The close: Ctrl+W in the window of the CCP')
  await closeTabByKey(ccp)
  const offline = await journal
    .waitForState({ agent: AGENT.username, type: 'offline', by: 'api' }, { timeoutMs: OFFLINE_MS, after: mark })
    .catch(() => null)
  const entry = await until(
    'the entry in the log of the extension',
    async () => {
      const { lastEntry } = await scene.status()
      return lastEntry !== null && lastEntry.id !== before?.id && lastEntry
    },
    { timeout: ENTRY_MS, every: 200 },
  ).catch(() => null)
  if (entry === null) {
    const recorded = offline === null ? 'Connect has not recorded Offline' : 'Connect recorded Offline'
    tell.verdict(false, `${recorded}; after ${ENTRY_MS / 1000} s the log has no entry for the close yet.`)
    return 1
  }

  const log = await scene.browser.extension.openPage('options.html#log')
  const words = await readNewestEntry(log)
  const known = journal.entries.filter(({ seq, agent }) => seq > mark && agent === AGENT.username)
  const lines = [...ownLines(entry, words.timeline), ...known.flatMap(connectLines), ...known.flatMap(answerLines)]
  for (const { at, teller, text } of lines.sort((a, b) => a.at - b.at)) {
    if (at >= entry.at) tell.moment(at - entry.at, teller, text)
  }

  tell.heading('What the log holds')
  // Not the first three cells (when, who, where): the demo has shown them.
  for (const { label, value } of words.cells.slice(3)) tell.pair(label, value)
  await shoot(log, '3-log')
  await readPopup(scene, shoot, '4-popup-after')
  tell.heading(`Pictures of all this are in ${relative(process.cwd(), resolve(pictures)) || '.'}`)
  return judge(offline, entry)
}

/** The exit code: 0 where the instance recorded Offline and the log entry does not contradict it. */
function judge(offline: StateEntry | null, entry: LogEntry): number {
  const after = offline === null ? 'never' : `${Math.max(0, offline.at - entry.at)} ms after the close`
  const isGood = offline !== null && ['confirmed', 'accepted', 'unconfirmed'].includes(entry.outcome)
  const said = `Connect recorded Offline ${after}; the log says "${entry.outcome}"`
  const honest = isGood && entry.outcome === 'unconfirmed' ? ', because no answer from Connect arrived' : ''
  tell.verdict(isGood, `${said}${honest}.`)
  return isGood ? 0 : 1
}

interface Line {
  readonly at: number
  readonly teller: Teller
  readonly text: string
}

/** The entry's timeline, in the words of the options page. */
function ownLines({ timeline }: LogEntry, words: readonly string[]): Line[] {
  return timeline.map(({ at, event }, index) => ({ at, teller: 'Signoff', text: words[index] ?? event }))
}

/** Sentences for requests, by operation. Pages poll for snapshots all the time: those requests are not shown. */
const REQUESTS: Readonly<Record<string, string>> = {
  PutAgentState: 'received a request for Offline (PutAgentState)',
  authorize: 'was asked for a token by the background (authorize)',
  GetAgentConfiguration: 'was asked whose session it is (GetAgentConfiguration)',
}

/** A journal entry of a request or a change of state, as a line; none for other entries. */
function connectLines(entry: JournalEntry): Line[] {
  const { at, kind } = entry
  if (kind === 'state') return [{ at, teller: 'Connect', text: `recorded ${entry.to.name}, after ${entry.from.name}` }]
  const text = kind === 'request' ? REQUESTS[entry.operation] : undefined
  return text === undefined ? [] : [{ at, teller: 'Connect', text }]
}

function answerLines(entry: JournalEntry): Line[] {
  if (!isPut(entry) || entry.answeredAt === undefined) return []
  const heard = entry.clientGoneAt === undefined ? '' : ', but the client was gone'
  return [{ at: entry.answeredAt, teller: 'Connect', text: `answered ${entry.error ?? 'that request'}${heard}` }]
}

function isPut(entry: JournalEntry): entry is RequestEntry {
  return entry.kind === 'request' && entry.operation === 'PutAgentState'
}

interface EntryWords {
  readonly cells: readonly { label: string; value: string }[]
  readonly timeline: readonly string[]
}

/** Opens the details of the newest entry on the options page, and reads what it shows. */
async function readNewestEntry(page: Page): Promise<EntryWords> {
  await page.click('#log-rows .expander')
  await page.waitFor('#log-rows .details')
  return page.evaluate(() => {
    const text = (node: Node | null): string => node?.textContent?.trim() ?? ''
    const withNote = (whole: Element, note: Element | null): string =>
      note === null || note === whole.firstChild ? text(whole) : `${text(whole.firstChild)} (${text(note)})`
    const [row] = document.querySelectorAll('#log-rows tr')
    const cells = [...(row?.querySelectorAll('td[data-label] > div') ?? [])]
    const steps = [...document.querySelectorAll('#log-rows .details .timeline .step')]
    return {
      cells: cells.map((cell) => ({
        label: cell.parentElement?.getAttribute('data-label') ?? '',
        value: withNote(cell, cell.querySelector('small')),
      })),
      timeline: steps.map((step) => withNote(step, step.querySelector('code'))),
    }
  })
}

type Shoot = (page: Page, what: string) => Promise<void>

/** Takes pictures of pages, never of the display, which may be the user's own desktop. */
function camera(folder: string, browser: BrowserName): Shoot {
  mkdirSync(folder, { recursive: true })
  return (page, what) => page.screenshot(join(folder, `${browser}-${what}.png`))
}

/** Opens the popup as a page, where it shows the same as under its button, and reads its lines. */
async function readPopup(scene: Scene, shoot: Shoot, what: string): Promise<string[]> {
  const popup = await scene.browser.extension.openPage('popup.html')
  const width = 340
  // A popup's maximum height first: a scroll bar would narrow the page, and stay.
  await popup.driver.setViewport({ width, height: 600 })
  await popup.waitFor('#status:not([aria-busy="true"])')
  await popup.driver.setViewport({ width, height: await popup.evaluate(() => document.body.offsetHeight) })
  await shoot(popup, what)
  const text = await popup.evaluate(() => document.querySelector<HTMLElement>('#status .agent')?.innerText ?? '')
  await popup.discard()
  return text.split('\n').filter((line) => line.trim() !== '')
}

/** Resolves `asked` at Ctrl+C, SIGTERM or SIGHUP, so that the demo can clean up; `forget` removes the handlers. */
function endBySignal() {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  for (const signal of signals) process.on(signal, stop)
  const asked = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => resolve())
  })
  return {
    asked,
    forget: () => {
      for (const signal of signals) process.off(signal, stop)
    },
  }
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
