/** A CCP that the check opens in its own tab, with the probe in it from the document's start, and closes again. */
import * as v from 'valibot'
import { probeFindingsSchema } from '../../protocol/field-check-messages'
import { CCP_MATCH_PATTERNS } from '../../protocol/ccp-urls'
import { FIELD_PROBE, FIELD_PROBE_FILE, FIELD_PROBE_SCRIPT } from '../../protocol/field-probe'
import { browser } from '../../platform/browser'
import { noteProbeTab, takeProbeTab } from '../../storage/field-check-store'
import { runInPage } from './callers'

export type ProbeFindings = v.InferOutput<typeof probeFindingsSchema>

/** How long a CCP may take to start, and how often the probe is read, in ms. */
const START_MS = 30_000
const LOOK_MS = 500
/** How long to wait after the start, in ms: by then a page has made its changes to its globals. */
const SETTLE_MS = 2_000

/**
 * Opens the CCP in a background tab, and reads what the probe has seen.
 * @param pause rejects where the check is to end meanwhile
 * @returns null where the probe has reported nothing
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

/** Closes the check's tab, even if a worker has left it open that died meanwhile. */
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

/** Runs in the page. */
function findingsInPage(name: string): unknown {
  const read = (window as unknown as Record<string, (() => unknown) | undefined>)[name]
  return read?.() ?? null
}

interface Scripting {
  registerContentScripts(scripts: readonly object[]): Promise<void>
  unregisterContentScripts(filter: { ids: readonly string[] }): Promise<void>
}

/** Registers the probe, after removing one that a worker may have left registered when it died. */
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

/** Unregisters the probe, if it is registered. */
export async function unregisterProbe(): Promise<void> {
  await (browser.scripting as unknown as Scripting)
    .unregisterContentScripts({ ids: [FIELD_PROBE_SCRIPT] })
    .catch(() => undefined)
}

/** The paths of a tab's documents and their depth as frames, as far as the browser allows access to them. */
export async function framePaths(tabId: number): Promise<{ depth: number; path: string }[]> {
  try {
    const answers = await browser.scripting.executeScript({ target: { tabId, allFrames: true }, func: whereInPage })
    return answers.map(({ result }) => result as { depth: number; path: string } | null).filter((one) => one !== null)
  } catch {
    return []
  }
}

/** Runs in each frame. */
function whereInPage(): { depth: number; path: string } {
  let depth = 0
  for (let frame: Window = window; frame !== frame.parent && depth < 10; frame = frame.parent) depth += 1
  return { depth, path: location.pathname }
}
