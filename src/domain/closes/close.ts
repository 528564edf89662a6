/**
 * A close, stored from its first sign until nothing follows from it any more. Its documents hold facts; what is done about it,
 * its verdict and its duties are here.
 */
import type { CallError } from '../close-report'
import type { Sighting } from '../exposure'
import type { LogEntry, TimelineStep } from '../log-entry'
import type { Check } from '../check'
import type { AgentKey } from '../agent'
import { agentKey } from '../agent'
import type { Duty } from './duties'
import type { CloseState } from './state'
import type { UnconfirmedReason } from '../reasons'

/** How the recovery of a close ended, as its CCP has reported: a page like any other. */
export type RecoveryEnd =
  /** The agent is Offline: `seen` as found, `set` by its call and then seen, or `accepted` by Connect and not seen. */
  | { readonly at: number; readonly reported: 'seen' | 'set' | 'accepted' }
  | {
      readonly at: number
      readonly reported: null
      readonly reason: UnconfirmedReason
      readonly error: CallError | null
      /** The agent has dismissed the flag that offered it. */
      readonly isDeclined: boolean
    }

/** The recovery of a close: there is one at most. */
export interface Recovery {
  /** When it was offered, or asked for. */
  readonly since: number
  /** Why the background could not set the agent Offline. */
  readonly reason: 'refused' | 'forbidden'
  readonly status: 'offered' | 'wanted' | 'under_way' | 'over'
  readonly end: RecoveryEnd | null
}

/** What a close came to, as its log entry says. */
export interface Verdict extends Pick<LogEntry, 'outcome' | 'evidence' | 'reason' | 'cause'> {
  /** When it was finalized, in ms since the epoch. */
  readonly at: number
}

/** Who has asked for Offline because of a close, and how often. */
export interface Attempt {
  /** The closing page; the browser, with the request that it held; the background; a recovery CCP. */
  readonly by: 'page' | 'browser' | 'background' | 'recovery'
  /** In ms since the epoch. */
  readonly at: number
  /** How many requests it may have sent: as many Offlines may arrive. */
  readonly count: number
}

export interface Close {
  /** Given at the first sign of the close, and never changed: the id of its log entry, its flag and its records. */
  readonly id: string
  /** Other names of the close: those that its pages gave it, and those of closes that turned out to be the same one. */
  readonly aliases: readonly string[]
  readonly instance: string
  /** The user name of its agent. */
  readonly username: string
  /** The documents that went together; none once it is finalized. */
  readonly docIds: readonly string[]
  /** The requests that it has sent, the earliest first. */
  readonly attempts: readonly Attempt[]
  /** How the check of the outcome stands; null where it has not begun. */
  readonly check: Check | null
  /** How the recovery stands; null where none was due. */
  readonly recovery: Recovery | null
  /** By document: when a page showed the agent Offline after that document's close report. */
  readonly seenOffline: Readonly<Record<string, number>>
  /** How the agent was first seen again, in a document that came after the close. */
  readonly returned: Sighting | null
  /** Its flag was dismissed while it was pending. */
  readonly isDismissed: boolean
  /** A later close of the agent was finalized first, and took responsibility for them. */
  readonly isTakenOver: boolean
  /** What was done about it, as steps of its timeline. The steps of its documents are theirs. */
  readonly steps: readonly TimelineStep[]
  /** null while it is pending. */
  readonly verdict: Verdict | null
  /** What follows from it, each until its end. */
  readonly duties: readonly Duty[]
}

/** How many steps of its own a close stores. */
const MAX_STEPS = 40
/** How many other names are stored: a page that tries often gives each try a name. */
const MAX_ALIASES = 20

export function newClose({ id, instance, username }: Pick<Close, 'id' | 'instance' | 'username'>): Close {
  return {
    id,
    aliases: [],
    instance,
    username,
    docIds: [],
    attempts: [],
    check: null,
    recovery: null,
    seenOffline: {},
    returned: null,
    isDismissed: false,
    isTakenOver: false,
    steps: [],
    verdict: null,
    duties: [],
  }
}

/** A close that is finalized, as its entry has it. */
export function closeOfEntry(
  { id, instance, username, outcome, evidence, reason, cause }: LogEntry,
  at: number,
): Close {
  return { ...newClose({ id, instance, username }), verdict: { at, outcome, evidence, reason, cause } }
}

/** Two closes that turn out to be one: the one known for longer keeps its id, and the other's names become aliases. */
export function merged(close: Close, other: Close): Close {
  return {
    ...withAliases(close, [other.id, ...other.aliases]),
    docIds: [...new Set([...close.docIds, ...other.docIds])],
    attempts: [...close.attempts, ...other.attempts].sort((a, b) => a.at - b.at),
    check: close.check ?? other.check,
    recovery: close.recovery ?? other.recovery,
    seenOffline: { ...other.seenOffline, ...close.seenOffline },
    returned: close.returned ?? other.returned,
    isDismissed: close.isDismissed || other.isDismissed,
    isTakenOver: close.isTakenOver || other.isTakenOver,
    steps: [...close.steps, ...other.steps].sort((a, b) => a.at - b.at).slice(-MAX_STEPS),
    duties: [...close.duties, ...other.duties],
  }
}

/** A close with more aliases: of too many, the newest are kept. */
export function withAliases(close: Close, names: readonly string[]): Close {
  const fresh = names.filter((name) => name !== close.id && !close.aliases.includes(name))
  if (fresh.length === 0) return close
  return { ...close, aliases: [...new Set([...close.aliases, ...fresh])].slice(-MAX_ALIASES) }
}

/** A close with one more step of its own; the same step twice is one. */
export function withStep<C extends Pick<Close, 'steps'>>(close: C, step: TimelineStep): C {
  const isKnown = close.steps.some(({ at, event }) => at === step.at && event === step.event)
  return isKnown ? close : { ...close, steps: [...close.steps, step].slice(-MAX_STEPS) }
}

/** Whether a name means a close: its id, an alias, or a document of it. */
export function isKnownAs({ id, aliases, docIds }: Pick<Close, 'id' | 'aliases' | 'docIds'>, name: string): boolean {
  return id === name || aliases.includes(name) || docIds.includes(name)
}

/** The close that a name means: by its id first, then one that is pending, then the latest; null where none is known. */
export function closeNamed({ closes }: Pick<CloseState, 'closes'>, name: string): Close | null {
  const exact = Object.hasOwn(closes, name) ? closes[name] : undefined
  if (exact !== undefined) return exact
  const named = Object.values(closes).filter((close) => isKnownAs(close, name))
  return named.find(({ verdict }) => verdict === null) ?? named.at(-1) ?? null
}

/** Changes the close that a name means; nothing where none is known. */
export function updateClose(state: CloseState, name: string, change: (close: Close) => Close): CloseState {
  const close = closeNamed(state, name)
  return close === null ? state : { ...state, closes: { ...state.closes, [close.id]: change(close) } }
}

/** Changes the close that a name means while it is pending: a finalized close does not change. */
export function updatePending(state: CloseState, name: string, change: (close: Close) => Close): CloseState {
  return updateClose(state, name, (close) => (close.verdict === null ? change(close) : close))
}

export function mapCloses(state: CloseState, change: (close: Close) => Close): CloseState {
  const closes = Object.values(state.closes).map((close) => [close.id, change(close)] as const)
  return { ...state, closes: Object.fromEntries(closes) }
}

/** The agent of a close. */
export function agentOf(close: Pick<Close, 'instance' | 'username'>): AgentKey {
  return agentKey(close.instance, close)
}

/** The duties of one kind, each with its close. */
export function dutiesOf<K extends Duty['kind']>(
  { closes }: Pick<CloseState, 'closes'>,
  kind: K,
): { readonly close: Close; readonly duty: Extract<Duty, { kind: K }> }[] {
  const isOfKind = (duty: Duty): duty is Extract<Duty, { kind: K }> => duty.kind === kind
  return Object.values(closes).flatMap((close) => close.duties.filter(isOfKind).map((duty) => ({ close, duty })))
}

/** The state without the duties that are over. */
export function withoutDuties(state: CloseState, isOver: (duty: Duty, close: Close) => boolean): CloseState {
  const closes = Object.values(state.closes)
  if (!closes.some((close) => close.duties.some((duty) => isOver(duty, close)))) return state
  return mapCloses(state, (close) => ({ ...close, duties: close.duties.filter((duty) => !isOver(duty, close)) }))
}
