import { unprotectedBecause } from '../domain/closes/ccp-document'
import type { DocumentStatus, Status } from '../protocol/ui-messages'
import { statusText } from '../ui/status-text'
import { flagTitle } from '../ui/flag-view'
import { t } from '../ui/i18n'
import { targetName } from '../ui/words'

/**
 * What people who cannot see the popup must learn when it changes: how going Offline went, a CCP that is no longer protected,
 * and an agent who may still be Available. Null where none of these is new.
 */
export function announcementOf(before: Status, after: Status): string | null {
  const known = new Map(before.documents.map((doc) => [doc.docId, doc]))
  const said = [
    ...after.documents.flatMap((doc) => eventOfDocument(known.get(doc.docId), doc)),
    ...after.flags
      .filter(({ closeId, isObserved }) => !isObserved && before.flags.every((flag) => flag.closeId !== closeId))
      .map(flagTitle),
  ]
  // Two pages of one agent give the same text.
  return said.length === 0 ? null : [...new Set(said)].join(' ')
}

function eventOfDocument(before: DocumentStatus | undefined, doc: DocumentStatus): string[] {
  const { agent, offlineNow, protection } = doc
  const wasUnprotected = before === undefined || unprotectedBecause(before.protection) !== null
  const lost = unprotectedBecause(protection) !== null && !wasUnprotected ? [t('protectionUnprotected')] : []
  if (before === undefined) return lost
  const was = before.offlineNow
  if (offlineNow.is === 'confirmed' && was.is !== 'confirmed') {
    return [...lost, t('popupGoOfflineConfirmed', targetName(offlineNow.target))]
  }
  const wasRefused = was.is === 'under_way' && was.error !== null
  if (offlineNow.is === 'under_way' && offlineNow.error !== null && !wasRefused) {
    return [...lost, t('popupGoOfflineRefused', offlineNow.error.type, agent === null ? '' : statusText(agent.state))]
  }
  return lost
}
