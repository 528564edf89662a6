/** Notifies an agent who opens a CCP again soon after a close that they are Offline, and lets them have their status back. */
import type { CcpDocument } from '../domain/closes/ccp-document'
import type { ReturnStatus } from '../domain/closes/return-offer'
import { closesWithOffer, isRecent } from '../domain/closes/return-offer'
import type { CloseState } from '../domain/closes/state'
import type { Settings } from '../domain/settings'
import { browser } from '../platform/browser'
import { notify } from '../platform/notify'
import { returnWords } from './flag-notice-words'
import { returnOf } from './page-config-for'

/** Before the id of the close. */
const PREFIX = 'return:'
/** The closes whose agents were notified in this run of the browser, while their offers stand. */
const NOTIFIED_KEY = 'notifiedReturns'

interface Offered {
  readonly doc: CcpDocument
  readonly offer: ReturnStatus
}

/** By close: an agent may have opened several CCPs. */
function offersIn(state: CloseState, settings: Settings, now: number): ReadonlyMap<string, Offered> {
  const offers = new Map<string, Offered>()
  for (const doc of Object.values(state.documents)) {
    const offer = returnOf(state, doc, settings, now)
    if (offer?.is === 'offered') offers.set(offer.closeId, { doc, offer })
  }
  return offers
}

/** The document through which the offer of a close can be taken; null where it no longer stands. */
export function documentToReturn(state: CloseState, settings: Settings, closeId: string): CcpDocument | null {
  return offersIn(state, settings, Date.now()).get(closeId)?.doc ?? null
}

/** Notifies of each offer once, where the settings allow notifications, and withdraws those that no longer stand. */
export async function notifyReturns(state: CloseState, settings: Settings, now = Date.now()): Promise<void> {
  const known = await readNotified()
  const offers = offersIn(state, settings, now)
  if (offers.size === 0 && known.length === 0) return
  for (const id of Object.keys(await browser.notifications.getAll())) {
    if (id.startsWith(PREFIX) && !offers.has(id.slice(PREFIX.length))) await browser.notifications.clear(id)
  }
  const standing = closesWithOffer(state)
  const fresh = [...offers.values()].filter(({ offer }) => {
    return settings.notify && isRecent(offer, now) && !known.includes(offer.closeId)
  })
  const notified = [...known.filter((id) => standing.has(id)), ...fresh.map(({ offer }) => offer.closeId)]
  if (notified.join() !== known.join()) await browser.storage.session.set({ [NOTIFIED_KEY]: notified })
  for (const { doc, offer } of fresh) await notify({ id: PREFIX + offer.closeId, ...returnWords(offer, doc) })
}

async function readNotified(): Promise<readonly string[]> {
  const { [NOTIFIED_KEY]: stored } = await browser.storage.session.get(NOTIFIED_KEY)
  return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : []
}

/**
 * Listens for clicks on such notifications.
 * @param take gets the close whose offer is taken, by the button: a click beside it may be meant to dismiss the notification. In
 * Firefox, which has no buttons, the text says what a click does.
 * @param show gets the close whose CCP is to be shown.
 */
export function listenForReturnClicks(take: (closeId: string) => void, show: (closeId: string) => void): void {
  const handle =
    (act: (closeId: string) => void) =>
    (id: string): void => {
      if (!id.startsWith(PREFIX)) return
      void browser.notifications.clear(id)
      act(id.slice(PREFIX.length))
    }
  const { onClicked, onButtonClicked } = browser.notifications as Partial<typeof browser.notifications>
  onButtonClicked?.addListener(handle(take))
  onClicked?.addListener(handle(onButtonClicked === undefined ? take : show))
}
