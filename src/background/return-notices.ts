/** Notifies an agent who opens a CCP again soon after a close that they are Offline, and lets them have their status back. */
import type { CcpDocument } from '../domain/closes/ccp-document'
import type { CcpEvent } from '../domain/closes/events'
import type { ReturnStatus } from '../domain/closes/return-offer'
import { closesWithOffer, isRecent } from '../domain/closes/return-offer'
import type { CloseState } from '../domain/closes/state'
import type { Settings } from '../domain/settings'
import { browser } from '../platform/browser'
import { notify } from '../platform/notify'
import { openCcp } from './ccp-tabs'
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

/** The machine's handle on the close state, as far as a click needs it. */
interface Machine {
  readonly state: () => Promise<CloseState>
  readonly settings: () => Promise<Settings>
  readonly dispatch: (event: CcpEvent) => Promise<unknown>
}

/**
 * Listens for clicks on such notifications. The button takes the offer; a click beside it, which may be meant to dismiss the
 * notification, only shows the CCP. Firefox has no buttons: its text says that a click takes the offer.
 * @param onceStarted runs a task when the worker has started.
 */
export function listenForReturnClicks(machine: Machine, onceStarted: (task: () => Promise<unknown>) => void): void {
  const handle =
    (act: (state: CloseState, doc: CcpDocument) => Promise<unknown>) =>
    (id: string): void => {
      if (!id.startsWith(PREFIX)) return
      void browser.notifications.clear(id)
      onceStarted(async () => {
        const [state, settings] = await Promise.all([machine.state(), machine.settings()])
        const offered = offersIn(state, settings, Date.now()).get(id.slice(PREFIX.length))
        if (offered !== undefined) await act(state, offered.doc)
      })
    }
  const take = handle((_state, { docId }) => machine.dispatch({ type: 'return_taken', at: Date.now(), docId }))
  const show = handle((state, { instance, url }) => openCcp(state, instance, url))
  const { onClicked, onButtonClicked } = browser.notifications as Partial<typeof browser.notifications>
  onButtonClicked?.addListener(take)
  onClicked?.addListener(onButtonClicked === undefined ? take : show)
}
