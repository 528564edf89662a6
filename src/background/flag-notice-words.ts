/** The notifications about agents who may still be Available, or who are back and Offline, as texts. Names that an instance has chosen are cut and quoted. */
import { foreignText } from '../domain/foreign-text'
import type { Cause } from '../domain/log-entry'
import { statusWord } from '../domain/status-word'
import type { CcpDocument } from '../domain/closes/ccp-document'
import { mayStillBe } from '../domain/closes/flags'
import type { ReturnStatus } from '../domain/closes/return-offer'
import type { Flag } from '../domain/closes/state'
import { browser } from '../platform/browser'
import type { Notice } from '../platform/notify'
import { text } from '../platform/text'

type Words = Omit<Notice, 'id'>

/**
 * A CCP that is opened for a moment can set the agent Offline: the agent is asked.
 * @param isOneOfSeveral whether there are notifications for other agents on this computer: then the text names the agent.
 */
export function offerWords(flag: Flag, isOneOfSeveral: boolean): Words {
  const wanted = wantedName(flag)
  return {
    title: titleOf(flag, isOneOfSeveral),
    message: text('notifyBodyRecovery', whatHappened(flag.cause), wanted),
    button: text('setMeOffline', wanted),
  }
}

/** The agent is asked to look themselves. */
export function plainWords(flag: Flag, isOneOfSeveral: boolean): Words {
  if (flag.why === 'unprotected') return unprotectedWords(flag)
  const wanted = wantedName(flag)
  const body = flag.outcome === 'failed' ? 'notifyBodyFailed' : 'notifyBodyUnconfirmed'
  return {
    title: titleOf(flag, isOneOfSeveral),
    message: flag.why === 'asked' ? text('notifyBodyAsked', wanted) : text(body, whatHappened(flag.cause), wanted),
    button: text('notifyOpenCcp'),
  }
}

/** A page that was not protected is gone: nobody knows its agent. */
function unprotectedWords({ instance }: Flag): Words {
  return {
    title: text('notifyUnprotectedTitle'),
    message: text('notifyUnprotectedBody', foreignText(instance)),
    button: text('notifyOpenCcp'),
  }
}

/** An agent has opened a CCP again after a close, and is Offline. */
export function returnWords({ since, stateBefore }: ReturnStatus, { agent }: Pick<CcpDocument, 'agent'>): Words {
  const wanted = quoted(stateBefore.name || text('stateNameAvailable'))
  const offline = quoted(agent?.state.name ?? text('stateNameOffline'))
  return {
    title: text('awayToldTitle'),
    message: text('notifyReturnBody', timeOfDay(since), offline),
    button: text('takeReturn', wanted),
  }
}

/** One notification for all agents who have none of their own. */
export function sumWords(count: number): Words {
  return {
    title: text('notifySumTitle', String(count)),
    message: text('notifySumBody'),
    button: text('notifyShowList'),
  }
}

function titleOf(flag: Flag, isOneOfSeveral: boolean): string {
  const state = mayStillBe(flag)
  const word = statusWord(state)
  const contact = word === null ? null : text(word)
  const left = quoted(state.name || text('stateNameAvailable'))
  if (!isOneOfSeveral) {
    return contact === null ? text('notifyTitleFailed', left) : text('notifyTitleContact', wantedName(flag), contact)
  }
  const who = quoted(flag.agentName || flag.username)
  return contact === null ? text('flagTitle', who, left) : text('flagTitleContact', who, wantedName(flag), contact)
}

function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString(browser.i18n.getUILanguage(), { hour: '2-digit', minute: '2-digit' })
}

function wantedName({ target }: Flag): string {
  return quoted(target ?? text('stateNameOffline'))
}

/** The default names of every instance need no quotation marks; every other name is somebody's own text. */
function quoted(name: string): string {
  const common = ['Available', 'Offline', text('stateNameAvailable'), text('stateNameOffline')]
  return common.includes(name) ? name : text('quoted', foreignText(name))
}

/** What happened to the window or the computer, as a sentence: never what anybody did. */
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
