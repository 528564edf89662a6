import type { KeptReason, Outlook } from '../domain/outlook'
import type { GlyphName } from './glyph'
import type { MessageKey } from './i18n'
import { t } from './i18n'
import { targetName, UNPROTECTED_REASONS } from './words'

/** What a close will do now, in a sentence for the agent. */
export function outlookSentence(outlook: Outlook): { text: string; glyph: GlyphName } {
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
      return { text: t('closeContactFirst', targetName(outlook.target)), glyph: 'clock' }
    case 'other_ccp':
      return { text: t('closeOtherCcp'), glyph: 'dash' }
    case 'observes':
      return { text: observedSentence(outlook), glyph: 'pause' }
    case 'off':
      return { text: t('closeModeOff'), glyph: 'pause' }
    case 'already_offline':
      return { text: t('closeAlreadyOffline', outlook.state), glyph: 'dash' }
    case 'takes_no_contacts':
      return { text: t('closeKeepsState', outlook.state), glyph: 'dash' }
    case 'other_state':
      return { text: t('closeOtherState', outlook.state), glyph: 'dash' }
    case 'kept':
      return { text: t(KEPT[outlook.reason], outlook.state), glyph: 'dash' }
    case 'cannot':
      return { text: t('closeCannot'), glyph: 'warning' }
  }
}

function observedSentence({ would, target }: Extract<Outlook, { is: 'observes' }>): string {
  switch (would) {
    case 'sets':
      return t('closeWouldSet', targetName(target))
    case 'after_contact':
      return t('closeWouldWait', targetName(target))
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
