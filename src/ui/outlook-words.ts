import type { AgentFacts } from '../domain/agent'
import type { KeptReason, Outlook } from '../domain/outlook'
import { statusText } from './status-text'
import { formatNumber } from './format'
import type { GlyphName } from './glyph'
import type { MessageKey } from './i18n'
import { t } from './i18n'
import type { Tone } from './words'
import { targetName, UNPROTECTED_REASONS } from './words'

/** What closing the CCP will do now, in a sentence for the agent. */
export function outlookSentence(outlook: Outlook, agent: AgentFacts | null): { text: string; glyph: GlyphName } {
  const status = agent === null ? '' : statusText(agent.state, agent.contacts)
  switch (outlook.is) {
    case 'unprotected':
      return { text: t(UNPROTECTED_REASONS[outlook.reason]), glyph: 'warning' }
    case 'waiting':
      return { text: t('closeWaiting'), glyph: 'clock' }
    case 'agent_unknown':
      return { text: t('closeAgentUnknown'), glyph: 'clock' }
    case 'sets':
      return { text: t('closeSetsOffline', outlook.target), glyph: 'power' }
    case 'sets_later':
      return { text: t('closeSetsLater', outlook.target), glyph: 'power' }
    case 'after_contact':
      return { text: afterContactSentence(outlook), glyph: 'clock' }
    case 'other_ccp':
      return { text: t('closeOtherCcp'), glyph: 'dash' }
    case 'observes':
      return { text: observedSentence(outlook), glyph: 'pause' }
    case 'off':
      return { text: t('closeModeOff'), glyph: 'pause' }
    case 'already_offline':
      return { text: t('closeAlreadyOffline', status), glyph: 'dash' }
    case 'takes_no_contacts':
      return { text: t('closeKeepsState', status), glyph: 'dash' }
    case 'other_state':
      return { text: t('closeOtherState', status), glyph: 'dash' }
    case 'kept':
      return { text: t(KEPT[outlook.reason], status), glyph: 'dash' }
    case 'cannot':
      return { text: t('closeCannot'), glyph: 'warning' }
  }
}

function afterContactSentence({ target, withinMinutes }: Extract<Outlook, { is: 'after_contact' }>): string {
  if (withinMinutes === null) return t('closeContactFirst', targetName(target))
  return t('closeWorkFirst', targetName(target), formatNumber(withinMinutes))
}

function observedSentence({ would }: Extract<Outlook, { is: 'observes' }>): string {
  switch (would) {
    case 'sets':
      return t('closeWouldSet')
    case 'after_contact':
      return t('closeWouldWait')
    case null:
      return t('closeObserved')
  }
}

const KEPT: Readonly<Record<KeptReason, MessageKey>> = {
  state_excluded: 'closeKeptState',
  instance_excluded: 'closeKeptInstance',
  surface_excluded: 'closeKeptSurface',
  routing_profile_excluded: 'closeKeptProfile',
  desk_phone: 'closeKeptDeskPhone',
  contact_kept: 'closeKeptContact',
}

/** The pill of a CCP: in one word, whether closing it will set the agent Offline. */
export function outlookPill(outlook: Outlook): { word: MessageKey; tone: Tone; glyph: GlyphName } {
  switch (outlook.is) {
    case 'sets':
    case 'sets_later':
    case 'after_contact':
      return { word: 'protectionProtected', tone: 'good', glyph: 'shield' }
    case 'observes':
      return { word: 'popupModeObserve', tone: 'trial', glyph: 'pause' }
    case 'off':
      return { word: 'popupModeOff', tone: 'off', glyph: 'pause' }
    case 'unprotected':
    case 'cannot':
      return { word: 'protectionUnprotected', tone: 'bad', glyph: 'warning' }
    case 'kept':
      return { word: 'protectionUnprotected', tone: 'warn', glyph: 'warning' }
    case 'waiting':
    case 'agent_unknown':
      return { word: 'protectionWaiting', tone: 'neutral', glyph: 'clock' }
    case 'other_ccp':
      return { word: 'protectionOtherCcp', tone: 'neutral', glyph: 'dash' }
    case 'already_offline':
    case 'takes_no_contacts':
    case 'other_state':
      return { word: 'protectionNotNeeded', tone: 'neutral', glyph: 'dash' }
  }
}
