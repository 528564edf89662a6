import { agentKey, hasLiveContact } from '../domain/agent'
import type { Claim } from '../domain/notice-slots'
import { noticeSlots } from '../domain/notice-slots'
import { keyOf } from '../domain/closes/ccp-document'
import { flagsOf } from '../domain/closes/flags'
import { recoveryFor } from '../domain/closes/recovery'
import type { Flag, CloseState } from '../domain/closes/state'
import { browser } from '../platform/browser'
import { notify } from '../platform/notify'
import { offerWords, plainWords, sumWords } from './flag-notice-words'

const PREFIX = 'close:'
const SUM = 'closes'

const ANNOUNCED_KEY = 'announced'

/** What has been announced in this run of the browser; `summed`: agents who have no notification of their own. */
interface Announced {
  readonly names: readonly string[]
  readonly summed: readonly string[]
  /** The count in the sum when it was last shown; 0 where it was not. */
  readonly sum: number
}

/** What a notification says of a flag. `name` changes with what can be done. */
interface Tale extends Claim {
  readonly flag: Flag
  readonly name: string
  readonly kind: 'offer' | 'plain'
}

/** There is no notification while a recovery CCP is at work, nor where the close was only observed. */
function talesOf(state: CloseState): Tale[] {
  return flagsOf(state).flatMap((flag) => {
    const { closeId, instance, why, isObserved } = flag
    // An absent agent reads nothing, and one who works elsewhere needs nothing: they are shown in the popup, and notified when
    // they are back.
    if (isObserved || !(why === 'close' || why === 'asked' || why === 'unprotected')) return []
    const status = recoveryFor(state, flag)?.recovery.status
    if (status === 'wanted' || status === 'under_way') return []
    const isOffer = status === 'offered'
    const name = isOffer ? `${closeId} offer` : closeId
    return [{ id: closeId, instance, flag, name, kind: isOffer ? ('offer' as const) : ('plain' as const) }]
  })
}

/**
 * Notifies the agent of each flag, once in a run of the browser. Where a worker died before it could notify, the next one does,
 * and the next start notifies again of all that is still so. A notification that still stands changes with what can be done; one
 * that was dismissed does not come back. An agent with a contact is notified when it has ended. Of many flags the first have a
 * notification each; one sums up the others.
 */
export async function announceNew(state: CloseState): Promise<void> {
  const announced = await readAnnounced()
  const isNotified = (id: string) => announced.names.includes(id) || announced.names.includes(`${id} offer`)
  const isLater = ({ flag }: Tale) => isBusy(state, flag)
  const tales = talesOf(state).filter((tale) => isNotified(tale.id) || !isLater(tale))
  const hadSummed = new Set(announced.summed)
  const hadOwn = new Set(tales.filter(({ id }) => isNotified(id) && !hadSummed.has(id)).map(({ id }) => id))
  const { own, summed } = noticeSlots(tales, hadOwn, hadSummed)
  const fresh = tales.filter((tale) => !announced.names.includes(tale.name) && !isLater(tale))
  if (fresh.length === 0 && summed.size === announced.sum) return

  const standing = new Set(Object.keys(await browser.notifications.getAll()))
  const isOneOfSeveral = new Set(tales.map(({ flag }) => agentKey(flag.instance, flag))).size > 1
  for (const id of summed) if (standing.has(PREFIX + id)) await browser.notifications.clear(PREFIX + id)
  for (const { id, flag, kind } of fresh) {
    if (!own.has(id) || (isNotified(id) && !standing.has(PREFIX + id))) continue
    await notify({ id: PREFIX + id, ...(kind === 'offer' ? offerWords : plainWords)(flag, isOneOfSeveral) })
  }
  // A sum that was dismissed does not come back until all that it stood for is over.
  const isSumShown = announced.sum > 0
  if (summed.size !== announced.sum && summed.size > 0 && (!isSumShown || standing.has(SUM))) {
    await notify({ id: SUM, ...sumWords(summed.size) })
  }
  // The form of each that was announced last: an offer may end, and the earlier form comes back.
  const renewed = new Set(fresh.flatMap(({ id }) => [id, `${id} offer`]))
  const notified = [...announced.names.filter((name) => !renewed.has(name)), ...fresh.map(({ name }) => name)]
  const open = new Set(tales.flatMap(({ id }) => [id, `${id} offer`]))
  await writeAnnounced({ names: notified.filter((name) => open.has(name)), summed: [...summed], sum: summed.size })
}

/** Whether the agent of a flag has a contact in a CCP that is open here. */
function isBusy(state: CloseState, flag: Flag): boolean {
  const key = agentKey(flag.instance, flag)
  return Object.values(state.documents).some(
    (doc) => doc.gone === null && keyOf(doc) === key && doc.agent !== null && hasLiveContact(doc.agent),
  )
}

async function readAnnounced(): Promise<Announced> {
  const { [ANNOUNCED_KEY]: stored } = await browser.storage.session.get(ANNOUNCED_KEY)
  const { names, summed, sum } = (stored ?? {}) as Partial<Record<keyof Announced, unknown>>
  return { names: texts(names), summed: texts(summed), sum: typeof sum === 'number' ? sum : 0 }
}

function texts(stored: unknown): string[] {
  return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : []
}

function writeAnnounced(announced: Announced): Promise<void> {
  return browser.storage.session.set({ [ANNOUNCED_KEY]: announced })
}

/** Withdraws the notifications that no longer apply. */
export async function withdraw(state: CloseState): Promise<void> {
  const standing = new Set(talesOf(state).map(({ id }) => id))
  const { summed } = await readAnnounced()
  const isSumOver = !summed.some((id) => standing.has(id))
  const shown = Object.keys(await browser.notifications.getAll())
  const over = shown.filter(
    (id) => (id === SUM && isSumOver) || (id.startsWith(PREFIX) && !standing.has(id.slice(PREFIX.length))),
  )
  await Promise.all(over.map((id) => browser.notifications.clear(id)))
}

/**
 * Listens for a click on a notification, or on its button.
 * @param onClick for the notification of one agent.
 * @param onSumClick for the sum.
 */
export function listenForNoticeClicks(onClick: (closeId: string) => void, onSumClick: () => void): void {
  const handle = (id: string): void => {
    if (id === SUM) onSumClick()
    else if (id.startsWith(PREFIX)) onClick(id.slice(PREFIX.length))
  }
  browser.notifications.onClicked.addListener(handle)
  // Firefox has no buttons on notifications, and no event for them.
  ;(browser.notifications as Partial<typeof browser.notifications>).onButtonClicked?.addListener(handle)
}
