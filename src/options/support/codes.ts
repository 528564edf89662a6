/** The extension's own codes, which a support file may contain unchanged; anything else in their place is left out. */
import { AWAY_KINDS } from '../../domain/close-report'
import type { CloseEvent } from '../../domain/close-report'
import type { Exposure } from '../../domain/exposure'
import type { Evidence } from '../../domain/log-entry'
import type { Outlook } from '../../domain/outlook'
import type { Protection } from '../../domain/closes/ccp-document'
import type { GoneBy } from '../../domain/closes/ccp-document'
import { WOULDS } from '../../ui/log-words'
import {
  BACKGROUND_PATHS,
  CAUSES,
  CRASH_PROTECTIONS,
  DIRECT_PATHS,
  OUTCOMES,
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
const FLAGS = ['close', 'no_ccp', 'unprotected', ...AWAY_KINDS]
/** Details of timeline steps about what a page did. */
const DEEDS = ['attempted', 'left', 'none', 'cannot', 'sync', 'keepalive', 'offline', 'failed', 'ended', 'set_offline']
/** Some of Connect's own words for contacts. */
const CONTACTS = [
  ...['voice', 'chat', 'task', 'email', 'queue_callback'],
  ...['init', 'incoming', 'pending', 'connecting', 'connected', 'paused', 'ended', 'missed', 'rejected', 'error'],
]

const PROTECTIONS: Readonly<Record<Protection['status'], true>> = { waiting: true, protected: true, unprotected: true }

const CODES = new Set<string>([
  ...[OUTCOMES, CAUSES, REASONS, STATE_TYPES, SURFACES, TIMELINE_EVENTS, WOULDS].flatMap(Object.keys),
  ...[
    DIRECT_PATHS,
    CRASH_PROTECTIONS,
    BACKGROUND_PATHS,
    EVIDENCES,
    EVENTS,
    OUTLOOKS,
    PROTECTIONS,
    CERTAINTIES,
    GONE,
  ].flatMap(Object.keys),
  ...FLAGS,
  ...DEEDS,
  ...CONTACTS,
])

export const OTHER = '[other]'

export function isCode(word: string): boolean {
  return CODES.has(word)
}

/** The code, where it is one of the extension's own. */
export function code(word: string | null | undefined): string | null {
  if (word === null || word === undefined) return null
  return isCode(word) ? word : OTHER
}

/** A version, if it consists of numbers: a page can name its Streams anything. */
export function versionNumber(text: string | null): string | null {
  return text === null || /^\d{1,5}(\.\d{1,5}){0,3}$/.test(text) ? text : OTHER
}
