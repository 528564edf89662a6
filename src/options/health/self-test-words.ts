/** The words of the self-test. Records are exhaustive: a new step or finding does not compile without its words. */
import type { Finding, FindingCode, SelfTestStep, Verdict } from '../../domain/self-test-steps'
import { h } from '../../ui/dom'
import { formatAgo, formatDuration } from '../../ui/format'
import type { GlyphName } from '../../ui/glyph'
import type { MessageKey } from '../../ui/i18n'
import { t } from '../../ui/i18n'
import type { Tone } from '../../ui/words'

export const STEP_TITLES: Readonly<Record<SelfTestStep, MessageKey>> = {
  background: 'selfTestBackground',
  settings: 'selfTestSettings',
  local: 'selfTestLocal',
  session: 'selfTestSession',
  log: 'selfTestLog',
  alarms: 'selfTestAlarms',
  notifications: 'selfTestNotifications',
  hosts: 'selfTestHosts',
  pages: 'selfTestPages',
  direct: 'selfTestDirect',
  problems: 'selfTestProblems',
}

export const VERDICTS: Readonly<Record<Verdict, { word: MessageKey; tone: Tone; glyph: GlyphName }>> = {
  ok: { word: 'verdictOk', tone: 'good', glyph: 'check' },
  unknown: { word: 'verdictUnknown', tone: 'neutral', glyph: 'dash' },
  warn: { word: 'verdictWarn', tone: 'warn', glyph: 'warning' },
  bad: { word: 'verdictBad', tone: 'bad', glyph: 'cross' },
}

const FINDINGS: Readonly<Record<FindingCode, MessageKey>> = {
  answers: 'findingAnswers',
  failed: 'findingFailed',
  works: 'findingWorks',
  alarm_set: 'findingAlarmSet',
  not_kept: 'findingNotKept',
  settings_read: 'findingSettingsRead',
  policy_read: 'findingPolicyRead',
  policy_kept: 'findingPolicyKept',
  policy_waiting: 'policyWaiting',
  policy_value: 'settingProblemPolicy',
  user_value: 'settingProblemValue',
  unknown_key: 'settingProblemKey',
  held_to_observe: 'settingProblemObserve',
  notices_granted: 'findingNoticesGranted',
  notices_denied: 'findingNoticesDenied',
  notices_untold: 'findingNoticesUntold',
  notices_off: 'findingNoticesOff',
  host_granted: 'findingHostGranted',
  host_missing: 'findingHostMissing',
  no_pages: 'healthEmptyTitle',
  page_ready: 'findingPageReady',
  page_silent: 'findingPageSilent',
  page_unconfigured: 'findingPageUnconfigured',
  page_without_bridge: 'findingPageWithoutBridge',
  page_unprotected: 'findingPageUnprotected',
  tabs_unreached: 'findingTabsUnreached',
  direct_untried: 'findingDirectUntried',
  direct_works: 'findingDirectWorks',
  direct_failed: 'findingDirectFailed',
  direct_no_token: 'findingDirectNoToken',
  direct_expired: 'findingDirectExpired',
  direct_forbidden: 'findingDirectForbidden',
  no_problems: 'findingNoProblems',
  problem: 'findingProblem',
}

/** The finding in a sentence, and when it was tried. */
export function findingLine({ code, verdict, values, tried }: Finding): HTMLElement {
  const { roundTripMs = null, at = null } = tried ?? {}
  const when = [
    roundTripMs === null ? null : formatDuration(roundTripMs),
    at === null ? null : formatAgo(at, Date.now()),
  ].filter((part) => part !== null)
  return h(
    'li',
    { class: verdict },
    t(FINDINGS[code], ...values),
    when.length === 0 ? null : h('span', { class: 'muted' }, ` ${t('findingTried', when.join(', '))}`),
  )
}
