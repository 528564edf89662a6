/** Agents who may still be Available, with the texts and buttons that every page uses for them. */
import { agentKey } from '../domain/agent'
import { mayStillBe } from '../domain/closes/flags'
import type { Flag } from '../domain/closes/state'
import type { Status } from '../protocol/ui-messages'
import { contactStatusText, statusText } from './status-text'
import { h } from './dom'
import { formatAgo } from './format'
import type { MessageKey } from './i18n'
import { t } from './i18n'
import type { Tone } from './words'
import { targetName } from './words'

export interface FlagActions {
  readonly openCcp: (closeId: string) => void
  /** Has a CCP opened for a moment that sets the agent Offline. */
  readonly recover: (closeId: string) => void
  /** Has Connect asked again about a close. */
  readonly retry: (closeId: string) => void
  /** Has the CCP of a document set its agent Offline. */
  readonly goOffline: (docId: string) => void
  readonly dismiss: (closeId: string) => void
}

/** Who may still be Available, and since when; for a close that is not confirmed, its outcome says more. */
const TEXTS: Readonly<Record<Exclude<Flag['why'], 'close'>, MessageKey>> = {
  no_ccp: 'flagNoCcp',
  unprotected: 'flagUnprotected',
  locked: 'flagLocked',
  idle: 'flagIdle',
  slept: 'flagSlept',
  asked: 'flagAsked',
}

export function flagTone({ isObserved, outcome }: Flag): Tone {
  return isObserved ? 'neutral' : outcome === 'failed' ? 'bad' : 'warn'
}

export function flagTitle(flag: Flag): string {
  if (flag.why === 'unprotected') return t('flagUnprotectedTitle', flag.instance)
  const who = flag.agentName || flag.username
  const left = mayStillBe(flag)
  if (flag.isObserved) return t('flagObservedTitle', who, statusText(left))
  const contact = contactStatusText(left)
  if (contact !== null) return t('flagTitleContact', who, targetName(flag.target), contact)
  return t('flagTitle', who, statusText(left))
}

/** Since when, and why. */
export function flagText(flag: Flag, now: number): string {
  const closed = flag.outcome === 'failed' ? 'flagFailed' : 'flagUnconfirmed'
  const isAgentSeen = flag.why !== 'unprotected'
  const text = flag.isObserved && isAgentSeen ? 'flagObserved' : flag.why === 'close' ? closed : TEXTS[flag.why]
  return t(text, formatAgo(flag.since, now), targetName(flag.target))
}

/**
 * The one thing that may still set a flagged agent Offline: a recovery CCP, their own CCP, another check, or one that is under
 * way.
 */
export type Remedy =
  { readonly kind: 'recover' | 'retry' | 'asking' } | { readonly kind: 'go_offline'; readonly docId: string } | null

export function remedyOf(
  flag: Flag,
  { recoverable, retries, documents }: Pick<Status, 'recoverable' | 'retries' | 'documents'>,
): Remedy {
  if (recoverable.includes(flag.closeId)) return { kind: 'recover' }
  const key = agentKey(flag.instance, flag)
  const open = documents.find((doc) => doc.agent !== null && agentKey(doc.instance, doc.agent) === key)
  if (flag.why === 'asked' && open?.offlineNow.is === 'offered') return { kind: 'go_offline', docId: open.docId }
  switch (retries[flag.closeId] ?? null) {
    case 'asking':
      return { kind: 'asking' }
    case 'waiting':
      return { kind: 'retry' }
    case null:
      return null
  }
}

/**
 * What can be done about a flag.
 * @param recoverText the text of the button that has a CCP opened for a moment.
 */
export function flagButtons({ closeId }: Flag, remedy: Remedy, recoverText: string, actions: FlagActions): HTMLElement {
  const button = (text: string, focus: string, isPrimary: boolean, onclick: () => void) =>
    h(
      'button',
      { type: 'button', class: isPrimary ? 'primary' : '', 'data-focus': `${focus} ${closeId}`, onclick },
      text,
    )
  const remedyButton = (): HTMLElement | null => {
    switch (remedy?.kind) {
      case 'recover':
        return button(recoverText, 'recover', true, () => actions.recover(closeId))
      case 'go_offline':
        return button(t('retry'), 'again', true, () => actions.goOffline(remedy.docId))
      case 'retry':
        return button(t('flagRetry'), 'again', true, () => actions.retry(closeId))
      case 'asking':
      case undefined:
        return null
    }
  }
  const first = remedyButton()
  return h(
    'div',
    { class: 'buttons' },
    first,
    button(t('openCcp'), 'open', first === null, () => actions.openCcp(closeId)),
    button(t('dismiss'), 'dismiss', false, () => actions.dismiss(closeId)),
  )
}
