/** The popup's actions. */
import { browser } from '../platform/browser'
import type { OfflineAnswer, Status } from '../protocol/ui-messages'
import type { Ask } from '../ui/ask'
import type { FlagActions } from '../ui/flag-view'
import { t } from '../ui/i18n'
import { requestHosts } from '../ui/request-host'

export interface Actions extends FlagActions {
  /** By document: the background's last answer to the agent's wish to go Offline. */
  readonly wishes: ReadonlyMap<string, OfflineAnswer>
  /** Drops wishes that the status reports on, or that are no longer offered. */
  readonly noteStatus: (status: Status) => void
  /** Asks for the CCP's sites. Resolves to whether they were given. To be called in the user's own click. */
  readonly requestHosts: () => Promise<boolean>
  /** The agent wants the status of before their last close. */
  readonly takeReturn: (docId: string) => void
  /** The agent has read what the popup is. */
  readonly noteIntroduced: () => void
  readonly refresh: () => void
}

/** @param say puts words into the live region. */
export function makeActions(
  ask: Ask,
  refresh: () => void,
  fail: (error: unknown) => void,
  say: (text: string) => void,
): Actions {
  const wishes = new Map<string, OfflineAnswer>()
  return {
    openCcp: (closeId) => {
      // The popup makes room for the CCP.
      ask('open_ccp', { closeId }).then(() => window.close(), fail)
    },
    recover: (closeId) => {
      ask('recover', { closeId }).then(refresh, fail)
    },
    retry: (closeId) => {
      ask('retry_flag', { closeId }).then(refresh, fail)
    },
    goOffline: (docId) => {
      // Show it as asked from the click on, so that a second click does not ask twice.
      wishes.set(docId, 'asked')
      refresh()
      ask('go_offline', { docId })
        .then((answer) => {
          wishes.set(docId, answer)
          if (answer !== 'asked') say(t(answer === 'declined' ? 'popupGoOfflineDeclined' : 'popupGoOfflineSilent'))
          refresh()
        })
        .catch((error: unknown) => {
          wishes.delete(docId)
          fail(error)
        })
    },
    takeReturn: (docId) => {
      ask('take_return', { docId }).then(refresh, fail)
    },
    wishes,
    noteStatus: ({ documents }) => {
      for (const { docId, offlineNow } of documents) if (offlineNow.is !== 'offered') wishes.delete(docId)
    },
    dismiss: (closeId) => {
      ask('dismiss_flag', { closeId }).then(refresh, fail)
    },
    requestHosts,
    noteIntroduced: () => {
      ask('note_introduced').then(refresh, fail)
    },
    refresh,
  }
}

/** Opens the footer's links in a tab of their own and closes the popup, which Firefox would leave open. */
export function openLinksInTabs(page: Document): void {
  for (const link of page.querySelectorAll<HTMLAnchorElement>('footer a')) {
    link.addEventListener('click', (event) => {
      event.preventDefault()
      void browser.tabs.create({ url: link.href }).then(() => window.close())
    })
  }
}
