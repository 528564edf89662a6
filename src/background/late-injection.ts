import type { TabPlace } from '../domain/closes/ccp-document'
import { browser } from '../platform/browser'
import { isCcpUrl } from '../protocol/ccp-urls'
import { loadCloses } from '../storage/close-store'

type Target = { tabId: number; allFrames: true } | { tabId: number; frameIds: number[] }

/**
 * Injects the scripts into CCPs that are open already, when the extension is installed or updated. Every tab is tried, since a
 * CCP may be framed in any site's page. Firefox then reaches the CCP's frame; Chromium does so only where the frame is named,
 * which is possible where the scripts were in it before an update.
 */
export async function injectIntoOpenTabs(): Promise<void> {
  const tabs = await browser.tabs.query({})
  const tabIds = tabs.filter((tab) => !tab.discarded).flatMap((tab) => tab.id ?? [])
  const frames = await knownFrames()
  // A tab that loads, or is frozen, must not keep the others waiting.
  await Promise.all([
    ...frames.map(({ tabId, frameId }) => inject({ tabId, frameIds: [frameId] })),
    ...tabIds.map((tabId) => inject({ tabId, allFrames: true })),
  ])
}

async function knownFrames(): Promise<TabPlace[]> {
  const { state } = await loadCloses(() => undefined)
  return Object.values(state.documents).flatMap(({ place, gone }) =>
    place === null || place.frameId === 0 || gone !== null ? [] : [place],
  )
}

async function inject(target: Target): Promise<void> {
  try {
    const answers = await browser.scripting.executeScript({ target, func: addressToEnter })
    // All frames of a tab answer; only CCPs are wanted.
    const wanted = answers.filter(({ result }) => typeof result === 'string' && isCcpUrl(result))
    const frameIds = wanted.map(({ frameId }) => frameId)
    if (frameIds.length === 0) return
    const { tabId } = target
    // The bridge in the page's world comes first; the types of the polyfill do not know `world` yet.
    const bridge = { target: { tabId, frameIds }, files: ['page.js'], world: 'MAIN' as const }
    await browser.scripting.executeScript(bridge)
    await browser.scripting.executeScript({ target: { tabId, frameIds }, files: ['content.js'] })
  } catch {
    // The extension may not enter the tab, or the tab is gone.
  }
}

/**
 * Evaluated in the content scripts' world, where they leave a mark: null where they are there. Firefox has injected them into
 * open pages itself, and a second bridge would retire the first.
 */
function addressToEnter(): string | null {
  return (globalThis as { ccpSignoffRelay?: true }).ccpSignoffRelay === true ? null : location.href
}
