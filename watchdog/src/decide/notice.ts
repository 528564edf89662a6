/** Whom people are notified of, and when. Each kind once for a case. */
import type { Options } from './options'
import type { Case, Outcome } from './rows'

export type NoticeKind = Outcome | 'not_confirmed' | 'contact' | 'unknown' | 'ingest'

/**
 * People are notified of agents about whom nothing is known this long after the last heartbeat, in ms: within two minutes, look
 * by look.
 */
const UNSETTLED_MS = 105_000
/** How soon Connect shows what was set: after that people are notified that it does not, in ms. */
const CONFIRMED_MS = 10_000

/** What is to be reported of a case now; null: nothing, or it was reported. */
export function noticeOf(found: Case, options: Options, now: number): NoticeKind | null {
  const kind = kindOf(found, options, now)
  return kind === null || found.notified.includes(kind) ? null : kind
}

export function afterNotice(found: Case, kind: NoticeKind): Case {
  return { ...found, notified: [...found.notified, kind] }
}

function kindOf(found: Case, options: Options, now: number): NoticeKind | null {
  if (found.outcome !== null) return isWorthTelling(found.outcome) ? found.outcome : null
  const isUnsettled = now - found.since >= UNSETTLED_MS
  switch (found.waiting) {
    case 'contact':
      return now - found.waitingSince >= options.contactAlarmMs ? 'contact' : null
    case 'confirmation':
      return isUnsettled && found.firstPutAt !== null && now - found.firstPutAt >= CONFIRMED_MS ? 'not_confirmed' : null
    case 'look':
    case 'unknown':
      return isUnsettled ? 'unknown' : null
    case 'ingest':
      return isUnsettled ? 'ingest' : null
    // The brake reports at once all whom it holds.
    case 'brake':
    case 'after_contact_work':
      return null
  }
}

function isWorthTelling(outcome: Outcome): boolean {
  switch (outcome) {
    case 'set_offline':
    case 'unconfirmed':
    case 'refused':
    case 'observed':
    case 'state_changed':
      return true
    case 'not_needed':
    case 'back':
    case 'out_of_scope':
      return false
  }
}
