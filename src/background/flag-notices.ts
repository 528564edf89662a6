import { agentKey, hasLiveContact } from '../domain/agent'
import type { Cause } from '../domain/log-entry'
import { recoveryFor } from '../domain/sessions/recovery'
import type { Flag, SessionsState } from '../domain/sessions/state'
import { keyOf } from '../domain/sessions/ccp-document'
import { browser } from '../platform/browser'
import type { Notice } from '../platform/notify'
import { notify } from '../platform/notify'

const PREFIX = 'close:'

const ANNOUNCED_KEY = 'announced'

/** What there is to tell of a flag: nothing while a CCP that was opened for it is at work, or where it was only observed. */
interface Tale {
  readonly flag: Flag
  readonly name: string
  readonly kind: 'offer' | 'plain' | 'none'
}

function taleOf(state: SessionsState, flag: Flag): Tale {
  // Who is not there reads nothing, and who works elsewhere needs nothing: they are shown, and told of when they are back.
  const isTold = flag.why === 'close' || flag.why === 'asked'
  if (flag.isObserved || !isTold) return { flag, name: flag.closeId, kind: 'none' }
  const status = recoveryFor(state, flag)?.recovery.status
  if (status === 'wanted' || status === 'under_way') return { flag, name: flag.closeId, kind: 'none' }
  return status === 'offered'
    ? { flag, name: `${flag.closeId} offer`, kind: 'offer' }
    : { flag, name: flag.closeId, kind: 'plain' }
}

/**
 * Tells the agent of each flag, once in a run of the browser: a worker that died before it could tell is made up for, and
 * what is still so at the next start is told again. A notification that still stands changes with what can be done; one
 * that was put away stays away. Nobody is told of anything while they have a contact: it comes when that has ended.
 */
export async function announceNew(state: SessionsState): Promise<void> {
  const { [ANNOUNCED_KEY]: stored } = await browser.storage.session.get(ANNOUNCED_KEY)
  const announced: unknown[] = Array.isArray(stored) ? stored : []
  const tales = state.flags.map((flag) => taleOf(state, flag)).filter(({ kind }) => kind !== 'none')
  const fresh = tales.filter(({ flag, name }) => !announced.includes(name) && !isBusy(state, flag))
  if (fresh.length === 0) return
  const standing = new Set(Object.keys(await browser.notifications.getAll()))
  for (const { flag, name, kind } of fresh) {
    const { closeId } = flag
    const isFirst = !announced.some((told) => told === closeId || told === `${closeId} offer`)
    if (isFirst || standing.has(PREFIX + closeId)) await notify(kind === 'offer' ? offerOf(flag) : plainOf(flag))
    announced.push(name)
  }
  const open = new Set(tales.flatMap(({ flag: { closeId } }) => [closeId, `${closeId} offer`]))
  await browser.storage.session.set({ [ANNOUNCED_KEY]: announced.filter((name) => open.has(String(name))) })
}

/** Whether the agent of a flag has a contact in a CCP that is open here. */
function isBusy(state: SessionsState, flag: Flag): boolean {
  const key = agentKey(flag.instance, flag)
  return Object.values(state.documents).some(
    (doc) => doc.gone === null && keyOf(doc) === key && doc.agent !== null && hasLiveContact(doc.agent),
  )
}

const text = (key: string, ...values: string[]): string => browser.i18n.getMessage(key, values)

function namesOf({ stateBefore, target }: Flag): { left: string; wanted: string } {
  return { left: stateBefore.name || text('stateNameAvailable'), wanted: target ?? text('stateNameOffline') }
}

function offerOf(flag: Flag): Notice {
  const { left, wanted } = namesOf(flag)
  return {
    id: PREFIX + flag.closeId,
    title: text('notifyTitleRecovery', left),
    message: text('notifyBodyRecovery', whatHappened(flag.cause), wanted),
    button: text('setMeOffline', wanted),
  }
}

function plainOf(flag: Flag): Notice {
  const { left, wanted } = namesOf(flag)
  const isFailed = flag.outcome === 'failed'
  const body = isFailed ? 'notifyBodyFailed' : 'notifyBodyUnconfirmed'
  return {
    id: PREFIX + flag.closeId,
    title: isFailed ? text('notifyTitleFailed', left) : text('notifyTitleUnconfirmed'),
    message: flag.why === 'asked' ? text('notifyBodyAsked', wanted) : text(body, whatHappened(flag.cause), wanted),
    button: text('notifyOpenCcp'),
  }
}

/** What happened to the window or the computer, in a sentence: never what anybody did. */
function whatHappened(cause: Cause | undefined): string {
  switch (cause) {
    case 'tab_closed':
      return text('notifyTabClosed')
    case 'window_closed':
      return text('notifyWindowClosed')
    case 'navigated_away':
      return text('notifyNavigatedAway')
    case 'reloaded':
      return text('notifyReloaded')
    case 'logged_out':
      return text('notifyLoggedOut')
    case 'frame_removed':
      return text('notifyFrameRemoved')
    case 'crashed':
      return text('notifyCrashed')
    case 'browser_ended':
      return text('notifyBrowserEnded')
    case 'stayed':
    case 'unknown':
    case 'locked':
    case 'idle':
    case 'slept':
    case 'asked':
    case 'none':
    case undefined:
      return text('notifyGone')
  }
}

/** Takes back the notifications that tell nothing any more. */
export async function withdraw(state: SessionsState): Promise<void> {
  const standing = state.flags.filter((flag) => taleOf(state, flag).kind !== 'none')
  const wanted = new Set(standing.map((flag) => PREFIX + flag.closeId))
  const shown = Object.keys(await browser.notifications.getAll())
  await Promise.all(
    shown.filter((id) => id.startsWith(PREFIX) && !wanted.has(id)).map((id) => browser.notifications.clear(id)),
  )
}

/** Listens for a click on a notification, or on its button. */
export function listenForNoticeClicks(onClick: (closeId: string) => void): void {
  const handle = (id: string): void => {
    if (id.startsWith(PREFIX)) onClick(id.slice(PREFIX.length))
  }
  browser.notifications.onClicked.addListener(handle)
  // Firefox has no buttons, and no event of them.
  ;(browser.notifications as Partial<typeof browser.notifications>).onButtonClicked?.addListener(handle)
}
