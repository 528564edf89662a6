import type { Flag } from '../domain/closes/state'
import type { Status } from '../protocol/ui-messages'
import { h } from '../ui/dom'
import { flagButtons, flagText, flagTitle, flagTone, remedyOf } from '../ui/flag-view'
import { t } from '../ui/i18n'
import { hostsNotice, problemsNotice, unreachedNotice } from '../ui/notices'
import { notice } from '../ui/parts'
import { problemNotices } from '../ui/setting-problems'
import { targetName } from '../ui/words'
import type { Actions } from './actions'

/** What needs attention, the most urgent first. */
export function attentionNotices(status: Status, actions: Actions, now: number): HTMLElement[] {
  return [
    ...status.flags.map((flag) => flagNotice(flag, status, actions, now)),
    ...(status.hostsGranted ? [] : [hostsNotice(actions.requestHosts, actions.refresh)]),
    ...(status.unreachedTabs > 0 ? [unreachedNotice(status.unreachedTabs)] : []),
    ...(status.problems.length > 0 ? [problemsNotice(status.problems)] : []),
    // Errors in a policy are shown to administrators: in Health, the settings, the support file and the collector.
    ...problemNotices(status.settingProblems.filter(({ source }) => source === 'user')),
  ]
}

function flagNotice(flag: Flag, status: Status, actions: Actions, now: number): HTMLElement {
  const remedy = remedyOf(flag, status)
  // The card of that CCP shows the result.
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
