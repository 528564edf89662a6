/** Notifies an agent who opens a CCP again soon after a close that they are Offline, and lets them have their status back. */
import type { CcpDocument } from '../domain/closes/ccp-document'
import type { ReturnStatus } from '../domain/closes/return-offer'
import { isSoonAfter } from '../domain/closes/return-offer'
import type { CloseState } from '../domain/closes/state'
import type { Settings } from '../domain/settings'
import { browser } from '../platform/browser'
import { notify } from '../platform/notify'
import { returnWords } from './flag-notice-words'
import { returnOf } from './page-config-for'

/** Before the id of the document to which the agent has come back. */
const PREFIX = 'return:'
/** The closes whose agents were notified in this run of the browser. */
const NOTIFIED_KEY = 'notifiedReturns'

interface Offered {
  readonly doc: CcpDocument
  readonly offer: ReturnStatus
}

/** One for each close: an agent may have opened several CCPs. */
function offersIn(state: CloseState, settings: Settings, now: number): Offered[] {
  const offers = new Map<string, Offered>()
  for (const doc of Object.values(state.documents)) {
    const offer = returnOf(state, doc, settings, now)
    if (offer?.is === 'offered' && isSoonAfter(doc, offer)) offers.set(offer.closeId, { doc, offer })
  }
  return [...offers.values()]
}

/** Notifies of each offer once, where the settings allow notifications, and withdraws those that no longer stand. */
export async function notifyReturns(state: CloseState, settings: Settings, now = Date.now()): Promise<void> {
  const offers = offersIn(state, settings, now)
  const standing = new Set(offers.map(({ doc }) => PREFIX + doc.docId))
  const notified = await readNotified()
  if (standing.size === 0 && notified.length === 0) return
  for (const id of Object.keys(await browser.notifications.getAll())) {
    if (id.startsWith(PREFIX) && !standing.has(id)) await browser.notifications.clear(id)
  }
  const fresh = offers.filter(({ offer }) => !notified.includes(offer.closeId))
  if (fresh.length === 0 || !settings.notify) return
  await browser.storage.session.set({ [NOTIFIED_KEY]: [...notified, ...fresh.map(({ offer }) => offer.closeId)] })
  for (const { doc, offer } of fresh) await notify({ id: PREFIX + doc.docId, ...returnWords(offer, doc) })
}

async function readNotified(): Promise<readonly string[]> {
  const { [NOTIFIED_KEY]: stored } = await browser.storage.session.get(NOTIFIED_KEY)
  return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : []
}

/** Listens for a click on such a notification, or on its button. @param take gets the document whose agent takes the offer. */
export function listenForReturnClicks(take: (docId: string) => void): void {
  const handle = (id: string): void => {
    if (!id.startsWith(PREFIX)) return
    void browser.notifications.clear(id)
    take(id.slice(PREFIX.length))
  }
  browser.notifications.onClicked.addListener(handle)
  // Firefox has no buttons on notifications, and no event for them.
  ;(browser.notifications as Partial<typeof browser.notifications>).onButtonClicked?.addListener(handle)
}
