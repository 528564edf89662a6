/**
 * The close state machine: one event and the state, in; the next state and the entries of finalized closes, out. The diagram and
 * the table of files are in docs/architecture.md, "How a close ends".
 *
 * Events may come twice, late, in any order, or never; the worker may die between any two of them. A document therefore only
 * collects facts, each once; `closes.ts` determines which documents make a close, and has its record; `settle.ts` decides
 * when it has settled, `next-step.ts` what is still to be found out, and `close-entry.ts` how it ended.
 */
import type { Check } from '../check'
import { afterAttempt, whileAsking, withoutAsking } from '../check'
import type { AwayEvent } from './away-cases'
import { applyAway, isAwayEvent, withAwayCasesOf, withoutEndedAwayCases } from './away-cases'
import type { Close } from './close'
import { mapCloses, updatePending } from './close'
import { closeOfDocument, withCloses } from './closes'
import { isElsewhere, mapDocuments, step, update, withGone } from './documents'
import type { CcpEvent } from './events'
import { withRetry } from './retry'
import { withReturnTaken } from './return-offer'
import { amendmentsOf } from './amendments'
import { withEventOfCloses } from './close-events'
import { applyDocumentEvent, mayBeBelieved } from './document-events'
import { withExposures } from './open-exposures'
import { applyRecovery, isOfRecovery, withDeclined, withoutCcp, withRecoveryEvent } from './recovery'
import { withBackgroundPath } from './background-path'
import { withinDutyLimits, withoutEndedDuties } from './duties'
import { flagsOf } from './flags'
import { withAttemptsOf } from './attempts'
import type { Context } from './context'
import type { Reduction } from './settle'
import { finalize, settle } from './settle'
import { unprotectedEntry } from './unprotected'
import type { CcpDocument } from './ccp-document'
import type { CloseState } from './state'

/** All events but those about absent agents. */
type HandledEvent = Exclude<CcpEvent, AwayEvent>

/** The next state, and the entries that became final with it. Pure; takes any event at any time. */
export function reduceCloses(state: CloseState, event: CcpEvent, context: Context): Reduction {
  // 1. A document that closes again: its first close ends before the event is applied.
  const first = finalizeFirst(state, event, context)
  // 2. Amendments and entries without a close follow from the state before the event.
  const amendments = amendmentsOf(first.state, event)
  const entered = withEntryWithoutClose(first.state, event, context)
  // 3. The event itself, and the duties that it ends. No agent is back in a recovery CCP: its events end none.
  const isRecovery = isOfRecovery(first.state, event)
  const applied = apply(entered.state, event)
  const endsDuties = !isRecovery && isBelieved(first.state, event)
  const next = endsDuties ? withoutEndedDuties(first.state, applied, event) : applied
  // 4. Closes that have settled: their checks, recoveries and entries.
  const seen = event.type === 'tick' ? { ...event, isNow: true } : { tabs: {}, holding: allOrphans(next), isNow: false }
  const settled = settle(next, event.at, seen, context)
  const finalized = [...first.finalized, ...entered.finalized, ...settled.finalized]
  // 5. What follows from the entries: absent agents, open exposures.
  const last = withoutEndedAwayCases(withAwayCasesOf(settled.state, finalized, event.at), event.at, context.rulesOf)
  const exposed = withExposures(last, isRecovery ? null : event, finalized, amendments)
  return { finalized, ...exposed, state: withinDutyLimits(exposed.state) }
}

/** Makes an entry without a close: for an absent agent, or for a page that is not protected. */
function withEntryWithoutClose(
  state: CloseState,
  event: CcpEvent,
  { extensionVersion }: Context,
): Pick<Reduction, 'state' | 'finalized'> {
  if (isAwayEvent(event)) {
    const { state: next, entry } = applyAway(state, event, extensionVersion)
    return { state: next, finalized: entry === null ? [] : [entry] }
  }
  const entry = isOfRecovery(state, event) ? null : unprotectedEntry(state, event, extensionVersion)
  return { state, finalized: entry === null ? [] : [entry] }
}

/** A document that closes a second time has stayed the first time, whether or not it has reported so. */
function finalizeFirst(state: CloseState, event: CcpEvent, context: Context): Reduction {
  const nothing = { state, finalized: [], amendments: [] }
  if (event.type !== 'document' || event.docEvent.type !== 'closing') return nothing
  const { docEvent, at, seq, header } = event
  const doc = state.documents[header.docId]
  if (!doc?.closing || isElsewhere(doc, event.place)) return nothing
  const { report } = docEvent
  if (seq <= doc.closing.seq || report.closeId === doc.closing.report.closeId) return nothing
  if (Object.hasOwn(state.ended, report.closeId)) return nothing
  // Its end belongs to the new close: it is taken away while the first is finalized, and put back.
  const { gone, tabRemoved } = doc
  const stayed = update(state, doc.docId, () => ({
    ...doc,
    gone: null,
    tabRemoved: null,
    stayedAt: doc.stayedAt ?? at,
  }))
  const close = closeOfDocument(stayed, doc.docId)
  if (close === null) return nothing
  const { state: next, entry } = finalize(stayed, close, at, context)
  return {
    state: update(next, doc.docId, (open) => ({ ...open, gone, tabRemoved })),
    finalized: [entry],
    amendments: [],
  }
}

/** Applies an event to the documents, and then to the closes that they make. */
function apply(state: CloseState, event: CcpEvent): CloseState {
  if (isAwayEvent(event) || !isBelieved(state, event)) return state
  return withAttemptsOf(withProcess(withCloses(withFacts(state, event)), event), event)
}

/** Whether an event is new, and comes from where it says. */
function isBelieved(state: CloseState, event: CcpEvent): boolean {
  return event.type !== 'document' || isOfRecovery(state, event) || mayBeBelieved(state, event)
}

/** Applies an event to the documents: facts, each once. */
function withFacts(state: CloseState, event: HandledEvent): CloseState {
  switch (event.type) {
    case 'document':
      return isOfRecovery(state, event)
        ? { ...state, ended: { ...state.ended, [event.header.docId]: event.at } }
        : applyDocumentEvent(state, event)
    case 'lost':
      return update(state, event.docId, (doc) =>
        isElsewhere(doc, event.place) ? doc : withGone(doc, event.at, event.by),
      )
    case 'tab_removed':
      return mapDocuments(state, (doc) =>
        doc.place?.tabId === event.tabId ? withTabRemoved(doc, event.at, event.windowClosing) : doc,
      )
    case 'worker_started':
      return mapDocuments(state, (doc) => {
        const isOrphan = doc.runId !== event.runId && doc.orphanedAt === null
        return { ...doc, unheardSince: event.at, ...(isOrphan && { orphanedAt: event.at }) }
      })
    case 'heard':
      return update(state, event.docId, (doc) => ({ ...doc, unheardSince: null }))
    case 'browser_started':
      return mapDocuments(state, (doc) =>
        doc.runId === event.runId ? doc : withGone({ ...doc, orphanedAt: event.at }, doc.lastSeenAt, 'run_ended'),
      )
    case 'asking':
    case 'checked':
    case 'setting_offline':
    case 'dismiss_flag':
    case 'retry_wanted':
    case 'return_taken':
    case 'recovery_wanted':
    case 'recovery_opening':
    case 'recovery_opened':
    case 'recovery_failed':
    case 'recovery_gone':
    case 'logged_out':
    case 'tick':
      return state
  }
}

/** Applies an event to what is done about closes. */
function withProcess(state: CloseState, event: HandledEvent): CloseState {
  switch (event.type) {
    case 'document':
      return isOfRecovery(state, event) ? withRecoveryEvent(state, event) : withEventOfCloses(state, event)
    case 'tab_removed':
      return state.recovery?.tabId === event.tabId ? withoutCcp(state, event.at) : state
    case 'worker_started': {
      // Another run numbers its tabs differently: a recovery CCP that has outlived its run says so itself.
      const isCcpOfRun = state.recovery === null || state.recovery.runId === event.runId
      const known = isCcpOfRun ? state : withoutCcp(state, event.at)
      return mapCloses(known, (close) => withCheck(close, (check) => withoutAsking(check, event.at)))
    }
    case 'asking':
      return updatePending(state, event.closeId, (close) => withCheck(close, (check) => whileAsking(check, event.at)))
    case 'checked': {
      const { closeId, finding, at, jitter, isContradicted } = event
      return updatePending(withBackgroundPath(state, event), closeId, (close) =>
        withCheck(close, (check) => afterAttempt(check, finding, at, jitter, isContradicted)),
      )
    }
    case 'dismiss_flag': {
      const dismissed = flagsOf(state).filter((flag) => flag.closeId === event.closeId)
      const declined = dismissed.reduce((next, flag) => withDeclined(next, flag, event.at), state)
      // Somebody knows that the close still goes on: it is not flagged again.
      return updatePending(declined, event.closeId, (close) => ({ ...close, isDismissed: true }))
    }
    case 'retry_wanted':
      return withRetry(state, event.closeId, event.at)
    case 'return_taken':
      return withReturnTaken(state, event.docId, event.at)
    case 'recovery_wanted':
    case 'recovery_opening':
    case 'recovery_opened':
    case 'recovery_failed':
    case 'recovery_gone':
      return applyRecovery(state, event)
    case 'logged_out':
    case 'lost':
    case 'heard':
    case 'browser_started':
    case 'setting_offline':
    case 'tick':
      return state
  }
}

function withCheck(close: Close, change: (check: Check) => Check): Close {
  return close.check === null ? close : { ...close, check: change(close.check) }
}

function withTabRemoved(doc: CcpDocument, at: number, windowClosing: boolean): CcpDocument {
  // Where another document has come in its place, the document was gone before its tab.
  if (doc.tabRemoved !== null || doc.successor !== null) return doc
  const removed = step(
    { ...doc, tabRemoved: { at, windowClosing } },
    { at, event: windowClosing ? 'window_removed' : 'tab_removed' },
  )
  return withGone(removed, at, 'tab_removed')
}

/** Nobody has looked at the tabs, so no orphan counts as gone. */
function allOrphans(state: CloseState): string[] {
  return Object.values(state.documents)
    .filter((doc) => doc.orphanedAt !== null)
    .map((doc) => doc.docId)
}
