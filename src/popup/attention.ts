import type { Flag } from '../domain/sessions/state'
import type { Status } from '../protocol/ui-messages'
import { h } from '../ui/dom'
import { flagButtons, flagText, flagTitle, flagTone, remedyOf } from '../ui/flags'
import { t } from '../ui/i18n'
import { hostsNotice, problemsNotice, unreachedNotice } from '../ui/notices'
import { notice } from '../ui/parts'
import { problemNotices } from '../ui/setting-problems'
import { targetName } from '../ui/words'
import type { Actions } from './actions'

/** What somebody has to look at, the most pressing first. */
export function attentionNotices(status: Status, actions: Actions, now: number): HTMLElement[] {
  return [
    ...status.flags.map((flag) => flagNotice(flag, status, actions, now)),
    ...(status.hostsGranted ? [] : [hostsNotice(actions.requestHosts, actions.refresh)]),
    ...(status.unreachedTabs > 0 ? [unreachedNotice(status.unreachedTabs)] : []),
    ...(status.problems.length > 0 ? [problemsNotice(status.problems)] : []),
    ...problemNotices(status.settingProblems),
  ]
}

function flagNotice(flag: Flag, status: Status, actions: Actions, now: number): HTMLElement {
  const remedy = remedyOf(flag, status)
  // The row of that CCP says what becomes of it.
  const isWished = remedy?.kind === 'go_offline' && actions.wishes.get(remedy.docId) === 'asked'
  return notice(
    flagTone(flag),
    flagTitle(flag),
    h('p', {}, flagText(flag, now)),
    h('p', { class: 'muted' }, flag.instance),
    remedy?.kind === 'asking' ? h('p', { class: 'muted' }, t('flagAsking')) : null,
    flagButtons(flag, isWished ? null : remedy, t('setMeOffline', targetName(flag.target)), actions),
  )
}
