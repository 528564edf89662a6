/** The words of our own that a support file may have as they are: whatever else stands in their place is not told. */
import { AWAY_KINDS } from '../../domain/close-report'
import type { CloseEvent } from '../../domain/close-report'
import type { Exposure } from '../../domain/exposure'
import type { Evidence } from '../../domain/log-entry'
import type { Outlook } from '../../domain/outlook'
import type { GoneBy } from '../../domain/sessions/ccp-document'
import { WOULDS } from '../../ui/log-words'
import {
  BACKGROUND_PATHS,
  CAUSES,
  DEAD_MANS_SWITCHES,
  DIRECT_PATHS,
  OUTCOMES,
  PROTECTIONS,
  REASONS,
  STATE_TYPES,
  SURFACES,
  TIMELINE_EVENTS,
} from '../../ui/words'

const EVIDENCES: Readonly<Record<Evidence, true>> = {
  call_answered: true,
  snapshot: true,
  asked: true,
  set_by_background: true,
  set_by_recovery: true,
  none: true,
}
const EVENTS: Readonly<Record<Exclude<CloseEvent, (typeof AWAY_KINDS)[number]>, true>> = {
  beforeunload: true,
  pagehide: true,
  logout: true,
  try_again: true,
  asked: true,
}
const OUTLOOKS: Readonly<Record<Outlook['is'], true>> = {
  unprotected: true,
  waiting: true,
  agent_unknown: true,
  sets: true,
  sets_later: true,
  after_contact: true,
  other_ccp: true,
  observes: true,
  off: true,
  already_offline: true,
  takes_no_contacts: true,
  other_state: true,
  kept: true,
  cannot: true,
}
const CERTAINTIES: Readonly<Record<Exposure['certainty'], true>> = { exact: true, at_most: true, open: true }
const GONE: Readonly<Record<GoneBy, true>> = {
  pagehide: true,
  disconnect: true,
  tab_removed: true,
  successor: true,
  no_answer: true,
  run_ended: true,
}
const FLAGS = ['close', 'no_ccp', ...AWAY_KINDS]
/** What steps of a timeline say of what a page did. */
const DEEDS = ['attempted', 'left', 'none', 'cannot', 'sync', 'keepalive', 'offline', 'failed', 'ended', 'set_offline']
/** Connect's own words for contacts; not all there are. */
const CONTACTS = [
  ...['voice', 'chat', 'task', 'email', 'queue_callback'],
  ...['init', 'incoming', 'pending', 'connecting', 'connected', 'paused', 'ended', 'missed', 'rejected', 'error'],
]

const CODES = new Set<string>([
  ...[OUTCOMES, CAUSES, REASONS, STATE_TYPES, SURFACES, TIMELINE_EVENTS, PROTECTIONS, WOULDS].flatMap(Object.keys),
  ...[DIRECT_PATHS, DEAD_MANS_SWITCHES, BACKGROUND_PATHS, EVIDENCES, EVENTS, OUTLOOKS, CERTAINTIES, GONE].flatMap(
    Object.keys,
  ),
  ...FLAGS,
  ...DEEDS,
  ...CONTACTS,
])

export const OTHER = '[other]'

export function isCode(word: string): boolean {
  return CODES.has(word)
}

/** The word, where it is one of ours. */
export function code(word: string | null | undefined): string | null {
  if (word === null || word === undefined) return null
  return isCode(word) ? word : OTHER
}

/** A version as numbers; a page can call its Streams what it likes. */
export function versionNumber(text: string | null): string | null {
  return text === null || /^\d{1,5}(\.\d{1,5}){0,3}$/.test(text) ? text : OTHER
}
