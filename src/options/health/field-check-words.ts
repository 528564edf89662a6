/** The words of the field check. Records are exhaustive: a new axis, reason or part does not compile without its words. */
import type { Refusal } from '../../domain/field-check/admission'
import type { FieldAxis } from '../../domain/field-check/axes'
import type { StopReason } from '../../domain/field-check/check'
import type { CloseKind, CloseRecord } from '../../domain/field-check/observations'
import type { Part } from '../../domain/field-check/steps'
import type { FieldVerdict, Meaning } from '../../domain/field-check/verdicts'
import type { GlyphName } from '../../ui/glyph'
import type { MessageKey } from '../../ui/i18n'
import type { Tone } from '../../ui/words'

export const PART_WORDS: Readonly<Record<Part, { title: MessageKey; text: MessageKey }>> = {
  read: { title: 'fieldPart_read', text: 'fieldPartText_read' },
  statuses: { title: 'fieldPart_statuses', text: 'fieldPartText_statuses' },
  closes: { title: 'fieldPart_closes', text: 'fieldPartText_closes' },
  kill: { title: 'fieldPart_kill', text: 'fieldPartText_kill' },
}

export const STOPPED_WORDS: Readonly<Record<StopReason, MessageKey>> = {
  asked: 'fieldStopped_asked',
  page_closed: 'fieldStopped_page_closed',
  worker_died: 'fieldStopped_worker_died',
  browser_ended: 'fieldStopped_browser_ended',
  contact: 'fieldStopped_contact',
  other_agent: 'fieldStopped_other_agent',
  inbound_queue: 'fieldStopped_inbound_queue',
  signed_out: 'fieldStopped_signed_out',
  refused: 'fieldStopped_refused',
  no_answer: 'fieldStopped_no_answer',
  no_ccp: 'fieldStopped_no_ccp',
  no_state: 'fieldStopped_no_state',
  failed: 'fieldStopped_failed',
}

export const REFUSED_WORDS: Readonly<Record<Refusal, MessageKey>> = {
  off: 'fieldRefused_off',
  not_named: 'fieldRefused_not_named',
  unconfirmed: 'fieldRefused_unconfirmed',
  agent_unknown: 'fieldRefused_agent_unknown',
  contact: 'fieldRefused_contact',
  other_cookies: 'fieldRefused_other_cookies',
  running: 'fieldRefused_running',
}

export const VERDICT_WORDS: Readonly<Record<FieldVerdict, { word: MessageKey; tone: Tone; glyph: GlyphName }>> = {
  pass: { word: 'fieldPass', tone: 'good', glyph: 'check' },
  fail: { word: 'fieldFail', tone: 'bad', glyph: 'cross' },
  not_tried: { word: 'fieldNotTried', tone: 'neutral', glyph: 'dash' },
}

export const AXIS_WORDS: Readonly<Record<FieldAxis, MessageKey>> = {
  startTimes: 'fieldAxis_startTimes',
  availability: 'fieldAxis_availability',
  stateArns: 'fieldAxis_stateArns',
  listedStarts: 'fieldAxis_listedStarts',
  showsAfterMs: 'fieldAxis_showsAfterMs',
  puts: 'fieldAxis_puts',
  freshTokens: 'fieldAxis_freshTokens',
  endpoint: 'fieldAxis_endpoint',
  expiration: 'fieldAxis_expiration',
  connectGlobal: 'fieldAxis_connectGlobal',
  polling: 'fieldAxis_polling',
  http: 'fieldAxis_http',
  unload: 'fieldAxis_unload',
  extensionOrigin: 'fieldAxis_extensionOrigin',
  nulls: 'fieldAxis_nulls',
  unknownFields: 'fieldAxis_unknownFields',
  contactStates: 'fieldAxis_contactStates',
  workType: 'fieldAxis_workType',
}

export const MEANING_WORDS: Readonly<Record<Meaning, MessageKey>> = {
  fine: 'fieldMeaning_fine',
  untried: 'fieldMeaning_untried',
  needs_contact: 'fieldMeaning_needs_contact',
  late: 'fieldMeaning_late',
  lost_puts: 'fieldMeaning_lost_puts',
  young_tokens: 'fieldMeaning_young_tokens',
  global_gone: 'fieldMeaning_global_gone',
  no_endpoint: 'fieldMeaning_no_endpoint',
  pushed: 'fieldMeaning_pushed',
  no_unload: 'fieldMeaning_no_unload',
  extension_refused: 'fieldMeaning_extension_refused',
  other_value: 'fieldMeaning_other_value',
}

export const CLOSE_WORDS: Readonly<Record<CloseKind, { title: MessageKey; ask: MessageKey }>> = {
  tab: { title: 'fieldClose_tab', ask: 'fieldAsk_tab' },
  last_window: { title: 'fieldClose_last_window', ask: 'fieldAsk_last_window' },
  reload: { title: 'fieldClose_reload', ask: 'fieldAsk_reload' },
  log_out: { title: 'fieldClose_log_out', ask: 'fieldAsk_log_out' },
  kill: { title: 'fieldClose_kill', ask: 'fieldAsk_kill' },
}

export const SHOWN_WORDS: Readonly<Record<NonNullable<CloseRecord['shown']> | 'none', MessageKey>> = {
  offline: 'fieldShown_offline',
  routable: 'fieldShown_routable',
  other: 'fieldShown_another',
  none: 'fieldShown_none',
}
