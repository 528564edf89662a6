/** When people are notified of a case. Each kind of notice is sent once for a case. */
import type { Options } from './options'
import type { Case, Outcome } from './rows'

export type NoticeKind = Outcome | 'not_confirmed' | 'contact' | 'unknown' | 'ingest'

/**
 * People are notified of agents whose status is still unknown this long after the last heartbeat, in ms. With a look
 * every
 * 15 s, the notice comes within two minutes.
 */
const UNSETTLED_MS = 105_000
/** How long Connect may take to show the status that was set, before people are notified, in ms. */
const CONFIRMED_MS = 10_000

/** The notice that is due for a case now; null where none is due, or it was sent already. */
export function noticeOf(found: Case, options: Options, now: number): NoticeKind | null {
  const kind = kindOf(found, options, now)
  return kind === null || found.notified.includes(kind) ? null : kind
}

/** The case with this notice noted as sent. */
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
    // One notice reports all agents whom a brake holds, when it is put on.
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
