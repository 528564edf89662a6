/**
 * What follows from closes: each duty belongs to its close, begins with it, and has an end. A new kind has a file of its own, and
 * an entry in each of the two lists here.
 */
import { instanceKey } from '../agent'
import type { Passed } from '../clock'
import type { LogEntry } from '../log-entry'
import { withinShare } from '../share'
import type { Close } from './close'
import { agentOf, mapCloses, updateClose, withoutDuties } from './close'
import type { PendingClose } from './closes'
import type { Context } from './context'
import type { CcpEvent } from './events'
import type { ExposureDuty } from './open-exposures'
import { EXPOSURE } from './open-exposures'
import type { FlagDuty } from './flags'
import { FLAG } from './flags'
import type { LateRequests } from './late-requests'
import { LATE_REQUESTS } from './late-requests'
import type { LogOutDuty } from './log-out-duty'
import { LOG_OUT } from './log-out-duty'
import type { RestoreDuty } from './restore-duty'
import { RESTORE } from './restore-duty'
import type { ReturnOffer } from './return-offer'
import { RETURN_OFFER } from './return-offer'
import type { CloseState } from './state'

export type Duty = FlagDuty | LogOutDuty | ExposureDuty | RestoreDuty | LateRequests | ReturnOffer

/** The rules of one kind of duty. */
export interface DutyKind<D extends Duty> {
  /** How many there may be at most: the instance with the most of them loses its oldest. */
  readonly most: number
  /** The duty of a close that is finalized now, or null. */
  readonly begin?: (state: CloseState, close: PendingClose, entry: LogEntry, now: number, context: Context) => D | null
  /** Whether it replaces another duty of its close. */
  readonly replaces?: (known: D, duty: D) => boolean
  /** Whether an agent has one at most, for their latest close. */
  readonly isOneAnAgent?: boolean
  /** The same duty by the current clock, which may have been set back. */
  readonly asOf?: (duty: D, now: number) => D
  /** Whether its time is over. */
  readonly isOver?: (duty: D, now: number, passed: Passed) => boolean
  /** Whether an event ends it, given the state before the event and the one after it. */
  readonly isEndedBy?: (duty: D, close: Close, event: CcpEvent, before: CloseState, after: CloseState) => boolean
}

const KINDS: { readonly [K in Duty['kind']]: DutyKind<Extract<Duty, { kind: K }>> } = {
  flag: FLAG,
  log_out: LOG_OUT,
  exposure: EXPOSURE,
  restore: RESTORE,
  late_requests: LATE_REQUESTS,
  return_offer: RETURN_OFFER,
}

/** The rules of a duty's kind. */
function kindOf(duty: Duty): DutyKind<Duty> {
  // The table has the rules of each kind under its name.
  return KINDS[duty.kind] as DutyKind<Duty>
}

/** The state with the duties that a close begins when it is finalized. */
export function withDutiesOf(
  state: CloseState,
  close: PendingClose,
  entry: LogEntry,
  now: number,
  context: Context,
): CloseState {
  return Object.values(KINDS).reduce((next, kind) => {
    const duty = kind.begin?.(next, close, entry, now, context) ?? null
    return duty === null ? next : withDuty(next, close.id, duty)
  }, state)
}

/** The state with a duty of a close, which replaces another where its kind says so. */
export function withDuty(state: CloseState, closeId: string, duty: Duty): CloseState {
  const { isOneAnAgent = false, replaces } = kindOf(duty)
  const owner = state.closes[closeId]
  if (owner === undefined) return state
  const others = isOneAnAgent
    ? withoutDuties(state, ({ kind }, close) => {
        return kind === duty.kind && close.id !== closeId && agentOf(close) === agentOf(owner)
      })
    : state
  const isReplaced = (known: Duty): boolean =>
    known.kind === duty.kind && (isOneAnAgent || (replaces?.(known, duty) ?? false))
  return updateClose(others, closeId, (close) => ({
    ...close,
    duties: close.duties.some(isReplaced)
      ? close.duties.map((known) => (isReplaced(known) ? duty : known))
      : [...close.duties, duty],
  }))
}

/** The state without the duties that an event ends. */
export function withoutEndedDuties(before: CloseState, after: CloseState, event: CcpEvent): CloseState {
  return withoutDuties(after, (duty, close) => kindOf(duty).isEndedBy?.(duty, close, event, before, after) ?? false)
}

/** The state without the duties whose time is over. */
export function withoutOverdue(state: CloseState, now: number, passed: Passed): CloseState {
  const asOf = (duty: Duty): Duty => kindOf(duty).asOf?.(duty, now) ?? duty
  const isOver = (duty: Duty): boolean => kindOf(duty).isOver?.(duty, now, passed) ?? false
  const isAsItIs = (duty: Duty): boolean => asOf(duty) === duty && !isOver(duty)
  if (Object.values(state.closes).every(({ duties }) => duties.every(isAsItIs))) return state
  return mapCloses(state, (close) => ({ ...close, duties: close.duties.map(asOf).filter((duty) => !isOver(duty)) }))
}

/** The state with at most as many duties of each kind as its rules allow. */
export function withinDutyLimits(state: CloseState): CloseState {
  return Object.entries(KINDS).reduce((next, [name, { most }]) => {
    const owners = Object.values(next.closes).flatMap((close) =>
      close.duties.flatMap((duty) => (duty.kind === name ? [{ close, duty }] : [])),
    )
    const kept = new Set(withinShare(owners, most, ({ close }) => instanceKey(close.instance)).map(({ duty }) => duty))
    return kept.size === owners.length ? next : withoutDuties(next, (duty) => duty.kind === name && !kept.has(duty))
  }, state)
}
