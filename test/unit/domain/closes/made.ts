/** Documents, states and closes as they may be between two events: each fact that a test is about is set by hand. */
import type { CcpDocument } from '../../../../src/domain/closes/ccp-document'
import { closeStartedAt } from '../../../../src/domain/closes/ccp-document'
import type { ClosingReport } from '../../../../src/domain/close-report'
import { waitsOver } from '../../../../src/domain/clock'
import { newClose } from '../../../../src/domain/closes/close'
import type { PendingClose } from '../../../../src/domain/closes/closes'
import type { Context } from '../../../../src/domain/closes/context'
import type { FinalizeReason } from '../../../../src/domain/closes/next-step'
import { nextStepOf } from '../../../../src/domain/closes/next-step'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import type { CloseRules } from '../../../../src/domain/close-rules'
import type { Recovery } from '../../../../src/domain/closes/close'
import type { Check } from '../../../../src/domain/check'
import { startCheck } from '../../../../src/domain/check'
import { EventPlayer, header, INSTANCE, report, RULES, T0 } from '../build'

/** When the page of a close reports it, and when it is gone. */
export const REPORTED = T0 + 1_000
export const GONE = T0 + 1_200

/** An open document with an agent, at tab 1 and with the browser's own session, unless `changes` say otherwise. */
export function ccp(docId: string, changes: Partial<CcpDocument> = {}): CcpDocument {
  const player = new EventPlayer()
  player.open(header(docId))
  const doc = player.state.documents[docId]
  if (doc === undefined) throw new Error(`No document ${docId}`)
  return { ...doc, ...changes }
}

/** A document that is gone, without a report unless `changes` have one. */
export function goneCcp(docId: string, changes: Partial<CcpDocument> = {}): CcpDocument {
  return ccp(docId, { gone: { at: GONE, by: 'pagehide' }, ...changes })
}

/** What a document knows of its own close report. */
export function reported(changes: Partial<ClosingReport> = {}, at = REPORTED): NonNullable<CcpDocument['closing']> {
  return { at, seq: 3, report: report('close-1', changes) }
}

/** Connect's answer to a document's request. */
export function answered(ok: boolean, at = REPORTED + 100): NonNullable<CcpDocument['result']> {
  return { at, seq: 4, result: ok ? { ok } : { ok, error: { type: 'ThrottlingException', message: 'No' } } }
}

export const AT_TAB_2 = { tabId: 2, frameId: 0, ownCookies: true } as const
export const IN_PRIVATE_WINDOW = { tabId: 1, frameId: 0, ownCookies: false } as const

export function stateOf(...documents: readonly CcpDocument[]): CloseState {
  return { ...EMPTY_CLOSE_STATE, documents: Object.fromEntries(documents.map((doc) => [doc.docId, doc])) }
}

/** A pending close of these documents. */
export function closeOf(documents: PendingClose['documents'], changes: Partial<PendingClose> = {}): PendingClose {
  const close = newClose({ id: 'close-1', instance: INSTANCE, username: 'ada' })
  return { ...close, documents, startedAt: closeStartedAt(documents[0]) ?? REPORTED, open: [], ...changes }
}

/** When a close has settled. */
export const SETTLED = GONE + 2_000

/** A check that has begun when the close had settled. */
export function check(changes: Partial<Check> = {}): Check {
  return { ...startCheck(SETTLED), ...changes }
}

/** The end of a check that the instance has refused. */
export const REFUSED = { at: SETTLED + 1_000, confirmed: false, reason: 'refused' } as const

/** A recovery that was offered when the close had settled. */
export function recovery(changes: Partial<Recovery> = {}): Recovery {
  return { since: SETTLED, reason: 'refused', status: 'offered', end: null, ...changes }
}

export function contextWith({ rules = {}, ...changes }: ContextChanges = {}): Context {
  return {
    extensionVersion: '1.2.3',
    mode: 'act',
    mayAsk: true,
    recoveryUse: 'ask',
    graceMs: 20_000,
    rulesOf: () => ({ ...RULES, ...rules }),
    ...changes,
  }
}

type ContextChanges = Partial<Omit<Context, 'rules'>> & { readonly rules?: Partial<CloseRules> }

interface Circumstances extends ContextChanges {
  /** What is known of the close, besides its documents. */
  readonly record?: Partial<PendingClose>
  /** Documents that are not part of it. */
  readonly others?: readonly CcpDocument[]
  readonly now?: number
}

/** The next step of a close of these documents, or why it is finalized. */
export function nextStep(
  documents: CcpDocument | PendingClose['documents'],
  { record = {}, others = [], now = SETTLED, ...changes }: Circumstances = {},
): 'check' | 'look' | 'recover' | 'wait' | FinalizeReason {
  const close = closeOf('docId' in documents ? [documents] : documents, record)
  const passed = waitsOver(now, true)
  const next = nextStepOf(stateOf(...close.documents, ...others), close, { now, passed }, contextWith(changes))
  return next.step === 'finalize' ? next.why : next.step
}
