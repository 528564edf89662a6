/** The words for every code of the domain. Records and switches are exhaustive: a new code does not compile without its word. */
import type { AgentStateType } from '../domain/agent'
import type { BackgroundPathHealth, CrashProtectionHealth, DirectPathHealth } from '../domain/capabilities'
import type { Cause, LogEntry, Outcome, Surface, TimelineEvent } from '../domain/log-entry'
import type { GlyphName } from './glyph'
import type { MessageKey } from './i18n'
import { t } from './i18n'
import type { UnprotectedReason } from '../domain/reasons'

/** What a colour stands for. It always comes with a word. */
export type Tone = 'good' | 'warn' | 'bad' | 'neutral' | 'trial' | 'off'

/** How an entry's outcome is shown. A trial has one of its own: it says that the agent was left as they were, not that all is well. */
export type ShownOutcome = Outcome | 'trial'

export function shownOutcome({ outcome, would }: Pick<LogEntry, 'outcome' | 'would'>): ShownOutcome {
  return would === undefined ? outcome : 'trial'
}

export const OUTCOMES: Readonly<Record<ShownOutcome, { word: MessageKey; tone: Tone; glyph: GlyphName }>> = {
  confirmed: { word: 'outcomeConfirmed', tone: 'good', glyph: 'check' },
  accepted: { word: 'outcomeAccepted', tone: 'neutral', glyph: 'check' },
  unconfirmed: { word: 'outcomeUnconfirmed', tone: 'warn', glyph: 'question' },
  failed: { word: 'outcomeFailed', tone: 'bad', glyph: 'cross' },
  not_needed: { word: 'outcomeNotNeeded', tone: 'neutral', glyph: 'dash' },
  trial: { word: 'popupModeObserve', tone: 'trial', glyph: 'pause' },
  left_available: { word: 'outcomeLeftAvailable', tone: 'warn', glyph: 'warning' },
  unprotected: { word: 'outcomeUnprotected', tone: 'bad', glyph: 'warning' },
}

export const CAUSES: Readonly<Record<Cause, MessageKey>> = {
  tab_closed: 'causeTabClosed',
  window_closed: 'causeWindowClosed',
  navigated_away: 'causeNavigatedAway',
  reloaded: 'causeReloaded',
  logged_out: 'causeLoggedOut',
  frame_removed: 'causeFrameRemoved',
  crashed: 'causeCrashed',
  browser_ended: 'causeBrowserEnded',
  stayed: 'causeStayed',
  unknown: 'causeUnknown',
  locked: 'causeLocked',
  idle: 'causeIdle',
  slept: 'causeSlept',
  asked: 'causeAsked',
  none: 'causeNone',
}

export const REASONS: Readonly<Record<NonNullable<LogEntry['reason']>, MessageKey>> = {
  not_routable: 'reasonNotRoutable',
  mode_observe: 'reasonModeObserve',
  mode_off: 'reasonModeOff',
  state_excluded: 'reasonStateExcluded',
  instance_excluded: 'reasonInstanceExcluded',
  surface_excluded: 'reasonSurfaceExcluded',
  routing_profile_excluded: 'reasonRoutingProfileExcluded',
  desk_phone: 'reasonDeskPhone',
  contact_kept: 'reasonContactKept',
  reload: 'reasonReload',
  other_ccp: 'reasonOtherCcp',
  contact_first: 'reasonContactFirst',
  no_offline_state: 'reasonNoOfflineState',
  not_configured: 'reasonNotConfigured',
  nothing_tried: 'reasonNothingTried',
  signed_out: 'reasonSignedOut',
  other_agent: 'reasonOtherAgent',
  refused: 'reasonRefused',
  no_answer: 'reasonNoAnswer',
  contact: 'reasonContact',
  agent_present: 'reasonAgentPresent',
  state_changed: 'reasonStateChanged',
  separate_cookies: 'reasonSeparateCookies',
  forbidden: 'reasonForbidden',
  observed: 'reasonObserved',
  stuck: 'reasonStuck',
  not_shown: 'reasonNotShown',
  superseded: 'reasonSuperseded',
  only_flagged: 'reasonOnlyFlagged',
  page_silent: 'reasonPageSilent',
  no_connect: 'reasonNoConnect',
  no_agent: 'reasonNoAgent',
  streams_hidden: 'reasonStreamsHidden',
  no_bridge: 'reasonNoBridge',
}

/** `word`: what the status means, where its name does not say so. */
export const STATE_TYPES: Readonly<Record<AgentStateType, { word: MessageKey | null; tone: Tone }>> = {
  routable: { word: null, tone: 'good' },
  not_routable: { word: 'stateNotRoutable', tone: 'warn' },
  offline: { word: null, tone: 'neutral' },
  system: { word: 'stateSystem', tone: 'neutral' },
  error: { word: 'stateError', tone: 'bad' },
  init: { word: 'stateInit', tone: 'neutral' },
  unknown: { word: 'stateUnknown', tone: 'neutral' },
}

export const SURFACES: Readonly<Record<Surface, MessageKey>> = {
  'ccp-v1': 'surfaceCcpV1',
  'ccp-v2': 'surfaceCcpV2',
  'agent-workspace': 'surfaceAgentWorkspace',
}

export const TIMELINE_EVENTS: Readonly<Record<TimelineEvent, MessageKey>> = {
  opened: 'stepOpened',
  closing: 'stepClosing',
  call_succeeded: 'stepCallSucceeded',
  call_failed: 'stepCallFailed',
  stayed: 'stepStayed',
  gone: 'stepGone',
  tab_removed: 'stepTabRemoved',
  window_removed: 'stepWindowRemoved',
  browser_ended: 'stepBrowserEnded',
  agent_seen_offline: 'stepSeenOffline',
  verified_offline: 'stepVerifiedOffline',
  set_by_background: 'stepSetByBackground',
  not_verified: 'stepNotVerified',
  observed: 'stepObserved',
  recovery_asked: 'stepRecoveryAsked',
  recovery_opened: 'stepRecoveryOpened',
  recovery_closed: 'stepRecoveryClosed',
  agent_returned: 'stepAgentReturned',
  undone: 'stepUndone',
  given_back: 'stepGivenBack',
  acw_ended: 'stepAcwEnded',
  missed_ended: 'stepMissedEnded',
  stuck_ended: 'stepStuckEnded',
  agent_back: 'stepAgentBack',
  protected: 'stepProtected',
  logged_out: 'stepLoggedOut',
  log_out_failed: 'stepLogOutFailed',
  set_by_watchdog: 'stepSetByWatchdog',
  asked_by_watchdog: 'stepAskedByWatchdog',
}

export const UNPROTECTED_REASONS: Readonly<Record<UnprotectedReason, MessageKey>> = {
  no_connect: 'unprotectedNoConnect',
  no_agent: 'unprotectedNoAgent',
  streams_hidden: 'unprotectedNoConnect',
  no_bridge: 'unprotectedNoConnect',
}

/** How something works, and what that means when a CCP closes. */
export interface HealthWords {
  readonly word: MessageKey
  readonly help: MessageKey
  readonly tone: Tone
  readonly glyph: GlyphName
}

export const DIRECT_PATHS: Readonly<Record<DirectPathHealth['status'], HealthWords>> = {
  untried: { word: 'directUntried', help: 'directUntriedHelp', tone: 'neutral', glyph: 'clock' },
  works: { word: 'directWorks', help: 'directWorksHelp', tone: 'good', glyph: 'check' },
  failed: { word: 'directFailed', help: 'directFailedHelp', tone: 'warn', glyph: 'cross' },
  no_token: { word: 'directNoToken', help: 'directNoTokenHelp', tone: 'warn', glyph: 'reload' },
  expired: { word: 'directExpired', help: 'directExpiredHelp', tone: 'warn', glyph: 'clock' },
  forbidden: { word: 'directForbidden', help: 'directForbiddenHelp', tone: 'neutral', glyph: 'dash' },
}

export const CRASH_PROTECTIONS: Readonly<Record<CrashProtectionHealth, HealthWords>> = {
  armed: { word: 'switchArmed', help: 'switchArmedHelp', tone: 'good', glyph: 'shield' },
  ready: { word: 'switchReady', help: 'switchReadyHelp', tone: 'good', glyph: 'check' },
  unsupported: { word: 'switchUnsupported', help: 'switchUnsupportedHelp', tone: 'neutral', glyph: 'dash' },
  refused: { word: 'switchRefused', help: 'switchRefusedHelp', tone: 'warn', glyph: 'cross' },
  forbidden: { word: 'switchForbidden', help: 'switchForbiddenHelp', tone: 'neutral', glyph: 'dash' },
}

/** `untried` stands for a path of which nothing is known. */
export const BACKGROUND_PATHS: Readonly<Record<BackgroundPathHealth['status'] | 'untried', HealthWords>> = {
  untried: { word: 'backgroundUntried', help: 'backgroundUntriedHelp', tone: 'neutral', glyph: 'clock' },
  works: { word: 'backgroundWorks', help: 'backgroundWorksHelp', tone: 'good', glyph: 'check' },
  refused: { word: 'backgroundRefused', help: 'backgroundRefusedHelp', tone: 'warn', glyph: 'cross' },
  signed_out: { word: 'backgroundSignedOut', help: 'backgroundSignedOutHelp', tone: 'warn', glyph: 'warning' },
  no_answer: { word: 'backgroundNoAnswer', help: 'backgroundNoAnswerHelp', tone: 'warn', glyph: 'question' },
}

/** The words for a page that has not reported anything yet. */
export const NOT_REPORTED: HealthWords = {
  word: 'healthNotTold',
  help: 'healthNotToldHelp',
  tone: 'neutral',
  glyph: 'clock',
}

/** How an outcome is known. Without evidence, the words depend on the outcome. */
export function evidenceWord(entry: Pick<LogEntry, 'evidence' | 'outcome'>): MessageKey {
  switch (entry.evidence) {
    case 'call_answered':
      return 'evidenceCallAnswered'
    case 'snapshot':
      return 'evidenceSnapshot'
    case 'asked':
      return 'evidenceAsked'
    case 'set_by_background':
      return 'evidenceSetByBackground'
    case 'set_by_recovery':
      return entry.outcome === 'accepted' ? 'evidenceAcceptedByRecovery' : 'evidenceSetByRecovery'
    case 'none':
      switch (entry.outcome) {
        case 'not_needed':
          return 'evidenceNothingToDo'
        case 'failed':
          return 'evidenceNotTried'
        case 'left_available':
          return 'evidenceLeftAvailable'
        case 'unprotected':
          return 'evidenceUnprotected'
        case 'confirmed':
        case 'accepted':
        case 'unconfirmed':
          return 'evidenceNoAnswer'
      }
  }
}

/** The name of the status that closing sets, in the agent's own list, or else "Offline". */
export function targetName(name: string | null | undefined): string {
  return name || t('stateNameOffline')
}
