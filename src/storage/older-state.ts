/**
 * The state as versions without `closes` store it: what is done about a close is on the document that leads it. It is written for
 * them, so that the extension can be rolled back, and read from what they have written. The steps of a close's own timeline are
 * left out: after a roll-back the steps of its documents remain.
 */
import type { Sighting } from '../domain/exposure'
import type { AgentKey } from '../domain/agent'
import type { CcpDocument } from '../domain/closes/ccp-document'
import type { Close, Recovery, RecoveryEnd } from '../domain/closes/close'
import { agentOf, closeNamed, dutiesOf, newClose } from '../domain/closes/close'
import type { Duty } from '../domain/closes/duties'
import { withDuty } from '../domain/closes/duties'
import { flagsOf } from '../domain/closes/flags'
import type { LateRequests } from '../domain/closes/late-requests'
import type { LogOutDue } from '../domain/closes/log-out-duty'
import { logOutsOf } from '../domain/closes/log-out-duty'
import type { ExposureDuty } from '../domain/closes/open-exposures'
import type { RestoreDuty } from '../domain/closes/restore-duty'
import { leadOf } from '../domain/closes/close-facts'
import { closeOfDocument, pendingCloses, withCloses } from '../domain/closes/closes'
import type { Flag, RecoveryCcp, CloseState } from '../domain/closes/state'
import type { Check } from '../domain/check'
import { without } from '../domain/without'

/** What older versions store on a document. */
interface OlderParts {
  readonly verification: Check | null
  readonly recovery: OlderRecovery | null
  readonly seenOfflineAt: number | null
  readonly returned: Sighting | null
  readonly isDismissed: boolean
  readonly isBorne: boolean
}

/** Older versions took a recovery CCP's report for Connect's confirmation. */
type OlderRecovery = Omit<Recovery, 'end'> & { readonly end: OlderRecoveryEnd | null }
type OlderRecoveryEnd =
  | { readonly at: number; readonly confirmed: true; readonly by: 'seen' | 'set' }
  | (Extract<RecoveryEnd, { reported: null }> & { readonly confirmed: false; readonly isAccepted?: boolean })

/** The lists in which older versions store what follows from closes. */
interface OlderLists {
  readonly flags: readonly Flag[]
  readonly requests: Readonly<Record<AgentKey, Omit<LateRequests, 'kind'> & { readonly closeId: string }>>
  readonly recentCloses: readonly (Omit<RestoreDuty, 'kind'> & {
    readonly instance: string
    readonly username: string
  })[]
  readonly logOuts: readonly LogOutDue[]
  readonly exposures: readonly (Omit<ExposureDuty, 'kind'> & OfClose)[]
}

interface OfClose {
  readonly closeId: string
  readonly instance: string
  readonly username: string
}

const LISTS = ['flags', 'requests', 'recentCloses', 'logOuts', 'exposures'] as const

const NOTHING: OlderParts = {
  verification: null,
  recovery: null,
  seenOfflineAt: null,
  returned: null,
  isDismissed: false,
  isBorne: false,
}

/** A state without its closes, as an older version would have written it. */
export function asOlder(state: CloseState): object {
  const { recovery } = state
  const rest = without(state, 'closes', 'recovery')
  const documents: Record<string, CcpDocument & OlderParts> = {}
  for (const doc of Object.values(state.documents)) documents[doc.docId] = { ...doc, ...NOTHING }
  for (const close of pendingCloses(state)) {
    for (const doc of close.documents) documents[doc.docId] = { ...doc, ...olderParts(close, doc, leadOf(close)) }
  }
  return {
    ...rest,
    ...olderLists(state),
    documents,
    recovery: recovery && { ...recovery, docId: holderOf(state, recovery) },
  }
}

function olderLists(state: CloseState): OlderLists {
  const of = ({ id: closeId, instance, username }: Close): OfClose => ({ closeId, instance, username })
  const requests = dutiesOf(state, 'late_requests').map(({ close, duty }) => {
    return [agentOf(close), { closeId: close.id, ...without(duty, 'kind') }] as const
  })
  return {
    // Older versions have no word for a page that was not protected.
    flags: flagsOf(state).map((flag) => (flag.why === 'unprotected' ? { ...flag, why: 'close' } : flag)),
    requests: Object.fromEntries(requests),
    recentCloses: dutiesOf(state, 'restore').map(({ close: { instance, username }, duty }) => {
      return { instance, username, ...without(duty, 'kind') }
    }),
    logOuts: logOutsOf(state),
    exposures: dutiesOf(state, 'exposure').map(({ close, duty }) => ({ ...of(close), ...without(duty, 'kind') })),
  }
}

function olderParts(close: Close, { docId }: CcpDocument, lead: CcpDocument): OlderParts {
  const isLead = docId === lead.docId
  return {
    verification: isLead ? close.check : null,
    recovery: isLead ? olderRecovery(close.recovery) : null,
    seenOfflineAt: close.seenOffline[docId] ?? null,
    returned: close.returned,
    isDismissed: close.isDismissed,
    isBorne: close.isTakenOver,
  }
}

function olderRecovery(recovery: Recovery | null): OlderRecovery | null {
  if (recovery === null) return null
  const { end, ...rest } = recovery
  switch (end?.reported) {
    case undefined:
      return { ...rest, end: null }
    case 'seen':
    case 'set':
      return { ...rest, end: { at: end.at, confirmed: true, by: end.reported } }
    case 'accepted': {
      const unseen = { reported: null, confirmed: false, isAccepted: true, error: null, isDeclined: false } as const
      return { ...rest, end: { at: end.at, reason: rest.reason, ...unseen } }
    }
    case null:
      return { ...rest, end: { ...end, confirmed: false } }
  }
}

function liftedRecovery(recovery: OlderRecovery | null): Recovery | null {
  if (recovery === null) return null
  const { end, ...rest } = recovery
  if (end === null) return { ...rest, end }
  const { at } = end
  if (end.confirmed) return { ...rest, end: { at, reported: end.by } }
  if (end.isAccepted === true) return { ...rest, end: { at, reported: 'accepted' } }
  const { reason, error, isDeclined } = end
  return { ...rest, end: { at, reported: null, reason, error, isDeclined } }
}

/** The document on which an older version looks for the close of a recovery CCP. */
function holderOf(state: CloseState, { closeId }: RecoveryCcp): string {
  const close = pendingCloses(state).find(({ id, aliases }) => id === closeId || aliases.includes(closeId))
  return close === undefined ? closeId : leadOf(close).docId
}

/** A state that an older version has written, with its closes, read from its documents. */
export function lifted(stored: CloseState): CloseState {
  const parts = new Map(Object.entries(stored.documents as Readonly<Record<string, CcpDocument & Partial<OlderParts>>>))
  const state = withOlderDuties(withCloses({ ...withoutOlderParts(stored), closes: {} }), stored as Partial<OlderLists>)
  const closes = Object.values(state.closes).map((close) => [close.id, liftedClose(close, parts)] as const)
  const { docId = '' } = (stored.recovery ?? {}) as { docId?: string }
  const closeId = closeOfDocument(state, docId)?.id ?? stored.recovery?.closeId ?? ''
  return { ...state, closes: Object.fromEntries(closes), recovery: state.recovery && { ...state.recovery, closeId } }
}

function liftedClose(close: Close, parts: ReadonlyMap<string, Partial<OlderParts>>): Close {
  const known = close.docIds.map((docId) => [docId, parts.get(docId) ?? {}] as const)
  const first = <T>(read: (part: Partial<OlderParts>) => T | null | undefined): T | null =>
    known.map(([, part]) => read(part)).find((value) => value != null) ?? null
  const seen = known.flatMap(([docId, { seenOfflineAt }]) =>
    seenOfflineAt == null ? [] : [[docId, seenOfflineAt] as const],
  )
  return {
    ...close,
    check: first(({ verification }) => verification),
    recovery: liftedRecovery(first(({ recovery }) => recovery)),
    seenOffline: Object.fromEntries(seen),
    returned: first(({ returned }) => returned),
    isDismissed: known.some(([, { isDismissed }]) => isDismissed === true),
    isTakenOver: known.some(([, { isBorne }]) => isBorne === true),
  }
}

/** Adds what follows from closes to them. A close that an older version had forgotten is known by that alone. */
function withOlderDuties(state: CloseState, stored: Partial<OlderLists>): CloseState {
  const { flags = [], requests = {}, recentCloses = [], logOuts = [], exposures = [] } = stored
  const duties: (OfClose & { readonly duty: Duty })[] = [
    ...flags.map(({ closeId, instance, username, ...flag }) => {
      return { closeId, instance, username, duty: { kind: 'flag', ...flag } as const }
    }),
    ...logOuts.map(({ closeId, instance, username, ...due }) => {
      return { closeId, instance, username, duty: { kind: 'log_out', ...due } as const }
    }),
    ...exposures.map(({ closeId, instance, username, ...open }) => {
      return { closeId, instance, username, duty: { kind: 'exposure', ...open } as const }
    }),
    ...recentCloses.map(({ instance, username, ...close }) => {
      return { closeId: close.report.closeId, instance, username, duty: { kind: 'restore', ...close } as const }
    }),
    ...Object.entries(requests).map(([key, { closeId, ...request }]) => {
      const at = key.indexOf('/')
      const about = { instance: key.slice(0, at), username: key.slice(at + 1) }
      return { closeId, ...about, duty: { kind: 'late_requests', ...request } as const }
    }),
  ]
  return duties.reduce((next, { closeId, instance, username, duty }) => {
    const known = closeNamed(next, closeId)
    if (known !== null) return withDuty(next, known.id, duty)
    const verdict = { at: 'since' in duty ? duty.since : 'at' in duty ? duty.at : duty.lastAt, ...UNKNOWN_VERDICT }
    const close = { ...newClose({ id: closeId, instance, username }), verdict, duties: [duty] }
    return { ...next, closes: { ...next.closes, [closeId]: close } }
  }, state)
}

/** An older version wrote the verdict on a close into its log entry alone. */
const UNKNOWN_VERDICT = { outcome: 'unconfirmed', evidence: 'none', reason: null, cause: 'none' } as const

/** A state with its closes, without the parts for older versions. */
export function withoutOlderParts(stored: CloseState): CloseState {
  const documents = Object.values(stored.documents).map((doc) => {
    const facts = Object.entries(doc).filter(([part]) => !Object.hasOwn(NOTHING, part))
    return [doc.docId, Object.fromEntries(facts) as unknown as CcpDocument] as const
  })
  const recovery = stored.recovery && without(stored.recovery as RecoveryCcp & { docId?: string }, 'docId')
  const slices = Object.entries(stored).filter(([name]) => !LISTS.some((list) => list === name))
  const state = Object.fromEntries(slices) as unknown as CloseState
  return { ...state, documents: Object.fromEntries(documents), recovery }
}
