/** A CCP that the check opens for itself, with the probe in it from the document's start, and closes again. */
import * as v from 'valibot'
import { probeFindingsSchema } from '../../protocol/field-check-messages'
import { CCP_MATCH_PATTERNS } from '../../protocol/ccp-urls'
import { FIELD_PROBE, FIELD_PROBE_FILE, FIELD_PROBE_SCRIPT } from '../../protocol/field-probe'
import { browser } from '../../platform/browser'
import { noteProbeTab, takeProbeTab } from '../../storage/field-check-store'
import { runInPage } from './callers'

export type ProbeFindings = v.InferOutput<typeof probeFindingsSchema>

/** How long a CCP may take to start, and how often it is looked at, in ms. */
const START_MS = 30_000
const LOOK_MS = 500
/** What a page does to its globals after its start it has done by then. */
const SETTLE_MS = 2_000

/**
 * Opens the CCP in a tab of its own, in the background, and reads what the probe has seen.
 * @returns null where nothing came of it.
 */
export async function probeCcp(url: string, pause: (ms: number) => Promise<unknown>): Promise<ProbeFindings | null> {
  await closeProbed()
  await registerProbe()
  try {
    const { id: tabId } = await browser.tabs.create({ url, active: false })
    if (tabId === undefined) return null
    await noteProbeTab(tabId)
    let found: ProbeFindings | null = null
    for (let waited = 0; waited < START_MS; waited += LOOK_MS) {
      await pause(LOOK_MS)
      found = await read(tabId)
      if (found?.parameters != null) break
    }
    await pause(SETTLE_MS)
    return (await read(tabId)) ?? found
  } finally {
    await unregisterProbe()
    await closeProbed()
  }
}

/** Closes the tab that the check has opened, or that a worker which has died has left open. */
async function closeProbed(): Promise<void> {
  const tabId = await takeProbeTab()
  if (tabId !== null) await browser.tabs.remove(tabId).catch(() => undefined)
}

async function read(tabId: number): Promise<ProbeFindings | null> {
  const text = await runInPage({ tabId, frameId: 0 }, findingsInPage, FIELD_PROBE)
  if (typeof text !== 'string' || text.length > 100_000) return null
  try {
    const received: unknown = JSON.parse(text)
    const found = v.safeParse(probeFindingsSchema, received)
    return found.success && !Array.isArray(received) ? found.output : null
  } catch {
    return null
  }
}

/** Evaluated in the page. */
function findingsInPage(name: string): unknown {
  const read = (window as unknown as Record<string, (() => unknown) | undefined>)[name]
  return read?.() ?? null
}

interface Scripting {
  registerContentScripts(scripts: readonly object[]): Promise<void>
  unregisterContentScripts(filter: { ids: readonly string[] }): Promise<void>
}

/** Whatever a worker that has died left registered goes first. */
async function registerProbe(): Promise<void> {
  await unregisterProbe()
  await (browser.scripting as unknown as Scripting).registerContentScripts([
    {
      id: FIELD_PROBE_SCRIPT,
      matches: [...CCP_MATCH_PATTERNS],
      js: [FIELD_PROBE_FILE],
      runAt: 'document_start',
      world: 'MAIN',
      allFrames: false,
      persistAcrossSessions: false,
    },
  ])
}

/** Takes the probe away; there may be none. */
export async function unregisterProbe(): Promise<void> {
  await (browser.scripting as unknown as Scripting)
    .unregisterContentScripts({ ids: [FIELD_PROBE_SCRIPT] })
    .catch(() => undefined)
}

/** The paths of a tab's documents, and how deep each lies, as far as the browser lets us into them. */
export async function framePaths(tabId: number): Promise<{ depth: number; path: string }[]> {
  try {
    const answers = await browser.scripting.executeScript({ target: { tabId, allFrames: true }, func: whereInPage })
    return answers.map(({ result }) => result as { depth: number; path: string } | null).filter((one) => one !== null)
  } catch {
    return []
  }
}

/** Evaluated in each frame. */
function whereInPage(): { depth: number; path: string } {
  let depth = 0
  for (let frame: Window = window; frame !== frame.parent && depth < 10; frame = frame.parent) depth += 1
  return { depth, path: location.pathname }
}
