/**
 * The recovery of a close: when one is due, and the one recovery CCP that the browser may have.
 *
 *   offered --wanted--> wanted --opening--> under way --recovered, failed, gone, time is up--> over
 *      |                  ^
 *      +--dismissed       +-- the setting lets one be opened unasked
 *
 * `opening` takes the lock, which is `recovery` of the state: one close at a time gets it, and each close once. An open recovery CCP remains in the state until it is
 * seen to be gone, whatever becomes of its close.
 */
import type { AgentKey } from '../agent'
import { agentKey } from '../agent'
import type { Passed } from '../clock'
import type { RecoveryFinding, RecoveryOrder } from '../recovery-order'
import { RECOVERY_MS } from '../recovery-order'
import type { RecoveryUse } from '../settings'
import type { PendingClose } from './closes'
import { leadOf, atClose } from './close-facts'
import { pendingCloses, pendingNamed } from './closes'
import { ccpPresenceOf } from './agent-presence'
import type { CcpEvent, ReceivedEvent } from './events'
import type { Close, Recovery, RecoveryEnd } from './close'
import { closeNamed, updatePending, withStep } from './close'
import type { Flag, CloseState } from './state'
import { keyOf } from './ccp-document'
import type { UnconfirmedReason } from '../reasons'

/** Whether the recovery CCP still has something to do; otherwise it is to be closed. */
export function isUnderWay(state: CloseState): boolean {
  return closeUnderWay(state) !== null
}

/** The close that the recovery CCP is at work for; null where it has nothing to do. */
function closeUnderWay(state: CloseState): Close | null {
  const close = state.recovery === null ? null : closeNamed(state, state.recovery.closeId)
  return close?.verdict === null && close.recovery?.status === 'under_way' ? close : null
}

/** What the recovery CCP is to do; null where nothing is left to do. */
export function orderOf(state: CloseState): RecoveryOrder | null {
  const { recovery } = state
  const close = recovery === null || !isUnderWay(state) ? null : pendingNamed(state, recovery.closeId)
  const left = close === null ? null : atClose(close)
  const username = close === null ? undefined : leadOf(close).agent?.username
  if (recovery === null || left === null || username === undefined) return null
  const { state: stateBefore, ...rest } = left
  return { closeId: recovery.closeId, username, stateBefore, ...rest }
}

/** The id of the close that may have its recovery CCP opened now, or null. */
export function nextRecovery(state: CloseState, now: number): string | null {
  if (state.recovery !== null) return null
  const due = pendingCloses(state).find(
    (close) => close.recovery?.status === 'wanted' && ccpPresenceOf(state, close, now) === 'absent',
  )
  return due?.id ?? null
}

/** The recovery that a flagged agent's close waits for; null where it waits for none. */
export function recoveryFor(state: CloseState, flag: Flag): { closeId: string; recovery: Recovery } | null {
  const waiting = pendingOf(state, agentKey(flag.instance, flag)).flatMap(({ id, recovery }) =>
    recovery === null || recovery.end !== null ? [] : [{ closeId: id, recovery }],
  )
  // One that can be asked for comes before one that runs: the agent is offered what they can have.
  return waiting.find(({ recovery }) => recovery.status === 'offered') ?? waiting[0] ?? null
}

function pendingOf(state: CloseState, key: AgentKey | null): PendingClose[] {
  return pendingCloses(state).filter((close) => keyOf(leadOf(close)) === key)
}

/** Offers a close its recovery, or marks it as wanted where the settings say so. */
export function withRecovery(
  state: CloseState,
  close: PendingClose,
  now: number,
  use: Exclude<RecoveryUse, 'never'>,
): CloseState {
  const known = close.recovery
  if (known !== null && (use === 'ask' || known.status !== 'offered')) return state
  const status = use === 'open' ? 'wanted' : 'offered'
  const reason = known?.reason ?? (close.check === null ? 'forbidden' : 'refused')
  return updatePending(state, close.id, (one) => {
    const next = { ...one, recovery: { since: now, reason, status, end: null } as const }
    return status === 'offered' ? withStep(next, { at: now, event: 'recovery_asked' }) : next
  })
}

/** The state after an event of a recovery. */
export function applyRecovery(state: CloseState, event: Extract<CcpEvent, { type: `recovery_${string}` }>): CloseState {
  switch (event.type) {
    case 'recovery_wanted':
      return updatePending(state, event.closeId, (close) =>
        close.recovery?.status !== 'offered'
          ? close
          : { ...close, recovery: { ...close.recovery, status: 'wanted', since: event.at } },
      )
    case 'recovery_opening':
      return event.closeId === nextRecovery(state, event.at) ? withOpening(state, event) : state
    case 'recovery_opened':
      return state.recovery?.closeId !== event.closeId || state.recovery.tabId !== null
        ? state
        : { ...state, recovery: { ...state.recovery, tabId: event.tabId } }
    case 'recovery_failed':
      return state.recovery?.closeId === event.closeId ? withEnd(state, event.at, event.reason) : state
    case 'recovery_gone':
      return state.recovery?.closeId === event.closeId ? withoutCcp(state, event.at) : state
  }
}

function withOpening(
  state: CloseState,
  { at, closeId, runId }: Extract<CcpEvent, { type: 'recovery_opening' }>,
): CloseState {
  const close = pendingNamed(state, closeId)
  if (close === null) return state
  const { instance, url } = leadOf(close)
  const next = updatePending(state, closeId, (one) =>
    one.recovery === null
      ? one
      : withStep({ ...one, recovery: { ...one.recovery, status: 'under_way' } }, { at, event: 'recovery_opened' }),
  )
  return { ...next, recovery: { closeId, instance, url, runId, startedAt: at, tabId: null } }
}

/** The recovery CCP is gone: closed by the extension, by somebody else, or with its browser. */
export function withoutCcp(state: CloseState, at: number): CloseState {
  const reason = closeUnderWay(state)?.recovery?.reason
  return { ...(reason === undefined ? state : withEnd(state, at, reason)), recovery: null }
}

/** Ends the recovery that takes too long. */
export function withoutTimedOutRecovery(state: CloseState, now: number, passed: Passed): CloseState {
  const { recovery } = state
  return recovery !== null && passed(recovery.startedAt, RECOVERY_MS) ? withEnd(state, now, 'no_answer') : state
}

/** Somebody has declined the recovery. */
export function withDeclined(state: CloseState, flag: Flag, at: number): CloseState {
  const waiting = recoveryFor(state, flag)
  if (waiting === null || waiting.recovery.status === 'under_way') return state
  const { closeId, recovery } = waiting
  const end = { at, reported: null, reason: recovery.reason, error: null, isDeclined: true } as const
  return updatePending(state, closeId, (close) => ({ ...close, recovery: { ...recovery, status: 'over', end } }))
}

/** Whether an event comes from the recovery CCP, in which no agent returns, and whose end is no close. */
export function isOfRecovery({ recovery }: CloseState, event: CcpEvent): boolean {
  if (event.type !== 'document' || recovery === null || event.place === null) return false
  return recovery.tabId === event.place.tabId && recovery.runId === event.runId
}

/**
 * The recovery mark of a new document whose tab was opened as a recovery CCP and is one no longer: such a tab is to be
 * closed. Null for every other document: a page in a frame cannot speak for the tab around it.
 */
export function strayMark({ docEvent, place }: ReceivedEvent, { recovery }: CloseState): string | null {
  if (docEvent.type !== 'hello' || docEvent.recovers === undefined) return null
  return place?.frameId === 0 && place.tabId !== recovery?.tabId ? docEvent.recovers : null
}

/** Takes the recovery CCP's finding: no other event of it counts. */
export function withRecoveryEvent(state: CloseState, { header, docEvent, at }: ReceivedEvent): CloseState {
  const { recovery } = state
  if (docEvent.type !== 'recovered' || recovery?.instance !== header.instance) return state
  return docEvent.closeId === recovery.closeId ? withEnd(state, at, docEvent.finding) : state
}

/** Ends the recovery that is under way. That an agent is Offline answers each of their closes that waits. */
function withEnd(state: CloseState, at: number, found: RecoveryFinding | UnconfirmedReason): CloseState {
  const close = closeUnderWay(state)
  if (close?.recovery == null) return state
  const end = endOf(found, at, close.recovery)
  const detail = typeof found === 'string' ? found : found.kind === 'ended' ? found.reason : found.kind
  const next = updatePending(state, close.id, (one) =>
    withStep({ ...one, recovery: over(one.recovery, end) }, { at, event: 'recovery_closed', detail }),
  )
  if (end.reported !== 'seen' && end.reported !== 'set') return next
  const pending = pendingNamed(state, close.id)
  const others = pendingOf(next, pending === null ? null : keyOf(leadOf(pending)))
  return others
    .filter(({ recovery }) => recovery !== null && recovery.end === null)
    .reduce(
      (before, { id }) =>
        updatePending(before, id, (one) => ({
          ...one,
          recovery: over(one.recovery, { at, reported: 'seen' }),
        })),
      next,
    )
}

function over(recovery: Recovery | null, end: RecoveryEnd): Recovery | null {
  return recovery === null ? null : { ...recovery, status: 'over', end }
}

function endOf(found: RecoveryFinding | UnconfirmedReason, at: number, { reason }: Recovery): RecoveryEnd {
  const unknown = { at, reported: null, error: null, isDeclined: false } as const
  if (typeof found === 'string') return { ...unknown, reason: found }
  switch (found.kind) {
    case 'offline':
      return { at, reported: found.by }
    case 'accepted':
      return { at, reported: 'accepted' }
    case 'failed':
      return { ...unknown, reason, error: found.error }
    case 'ended':
      return { ...unknown, reason: found.reason }
  }
}
