import { instanceKey } from '../domain/agent'
import type { TabStatus } from '../domain/closes/events'
import type { CcpDocument } from '../domain/closes/ccp-document'
import type { CloseState } from '../domain/closes/state'
import { CCP_MATCH_PATTERNS, isCcpUrl } from '../protocol/ccp-urls'
import type { BackgroundMessage } from '../protocol/document-messages'
import { browser } from '../platform/browser'

/** The status of a tab. */
export async function tabStatus(tabId: number): Promise<TabStatus> {
  try {
    const tab = await browser.tabs.get(tabId)
    return tab.status === 'loading' ? 'loading' : 'complete'
  } catch {
    return 'missing'
  }
}

/** For how long a CCP framed in another site's page is assumed to be there: its tab shows nothing of it. */
const FRAME_BELIEF_MS = 60_000

/** Whether a tab still shows a document of an earlier run, as far as the browser lets the extension see. */
export async function isHeld({ place, url, orphanedAt }: CcpDocument): Promise<boolean> {
  if (place === null) return false
  try {
    const tab = await browser.tabs.get(place.tabId)
    if (tab.discarded) return false
    if (place.frameId !== 0) return Date.now() - (orphanedAt ?? 0) < FRAME_BELIEF_MS
    return tab.url !== undefined && isCcpUrl(tab.url) && new URL(tab.url).origin === new URL(url).origin
  } catch {
    return false
  }
}

/** The ids of the tabs whose page is a CCP, as far as the browser lets the extension see them. */
export async function ccpTabIds(): Promise<number[]> {
  const tabs = await browser.tabs.query({ url: [...CCP_MATCH_PATTERNS] })
  return tabs.filter((tab) => !tab.discarded).flatMap((tab) => tab.id ?? [])
}

/** How many tabs show a CCP from which no content script has said hello. */
export async function unreachedTabs({ documents, recovery }: CloseState): Promise<number> {
  const open = Object.values(documents).filter(({ gone }) => gone === null)
  const reached = new Set([...open.map(({ place }) => place?.tabId), recovery?.tabId])
  return (await ccpTabIds()).filter((tabId) => !reached.has(tabId)).length
}

/** An instance has two hosts: its agents come back by either. */
const isSameInstance = (url: string, host: string): boolean => instanceKey(new URL(url).hostname) === instanceKey(host)

/** Whether a tab is loading a CCP of the instance, as after a start that restores the last session. */
export async function isCcpLoading(instance: string): Promise<boolean> {
  const tabs = await browser.tabs.query({ url: [...CCP_MATCH_PATTERNS], status: 'loading' })
  return tabs.some(({ url, discarded }) => !discarded && url !== undefined && isSameInstance(url, instance))
}

/** Sends a document a message; resolves with null where it is not there to answer. */
export async function sendToDocument(doc: CcpDocument, message: BackgroundMessage): Promise<unknown> {
  if (doc.place === null) return null
  try {
    return await browser.tabs.sendMessage(doc.place.tabId, message, { frameId: doc.place.frameId })
  } catch {
    return null
  }
}

/** Opens a CCP, or brings to the front the tab that shows it already. */
export async function openCcp(state: CloseState, instance: string, url: string): Promise<void> {
  const open = Object.values(state.documents).filter(
    (doc) => doc.gone === null && doc.instance === instance && !doc.framed,
  )
  for (const doc of open) {
    // The tab of an earlier run may be gone with its browser.
    if (doc.place === null || (doc.orphanedAt !== null && !(await isHeld(doc)))) continue
    const tab = await browser.tabs.update(doc.place.tabId, { active: true })
    if (tab.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true })
    return
  }
  await browser.tabs.create({ url })
}
