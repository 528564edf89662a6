import type { DocumentStatus, Status } from '../protocol/ui-messages'
import { t } from '../ui/i18n'
import { targetName } from '../ui/words'

/**
 * What whoever cannot see the popup must hear of a change in it: how going Offline went, a CCP that is protected no more,
 * and an agent who may still be Available. Null where nothing of that is new.
 */
export function newsOf(before: Status, after: Status): string | null {
  const known = new Map(before.documents.map((doc) => [doc.docId, doc]))
  const said = [
    ...after.documents.flatMap((doc) => newsOfDocument(known.get(doc.docId), doc)),
    ...after.flags
      .filter(({ closeId, isObserved }) => !isObserved && before.flags.every((flag) => flag.closeId !== closeId))
      .map(({ agentName, username, stateBefore }) =>
        t('flagTitle', agentName || username, stateBefore.name || t('stateNameAvailable')),
      ),
  ]
  // Two pages of one agent say the same.
  return said.length === 0 ? null : [...new Set(said)].join(' ')
}

function newsOfDocument(before: DocumentStatus | undefined, doc: DocumentStatus): string[] {
  const { agent, offlineNow, protection } = doc
  const wasUnprotected = before === undefined || before.protection.status === 'unprotected'
  const lost = protection.status === 'unprotected' && !wasUnprotected ? [t('protectionUnprotected')] : []
  if (before === undefined) return lost
  const was = before.offlineNow
  if (offlineNow.is === 'confirmed' && was.is !== 'confirmed') {
    return [...lost, t('popupGoOfflineConfirmed', targetName(offlineNow.target))]
  }
  const wasRefused = was.is === 'under_way' && was.error !== null
  if (offlineNow.is === 'under_way' && offlineNow.error !== null && !wasRefused) {
    return [...lost, t('popupGoOfflineRefused', offlineNow.error.type, agent?.state.name ?? '')]
  }
  return lost
}
