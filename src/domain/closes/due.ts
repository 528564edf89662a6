/**
 * What is due, and when: all of it is derived here, from the state alone. The background sets its alarm to the earliest, and
 * carries out what has come: it decides nothing.
 */
import { hasPassed, passesAt } from '../clock'
import { OFFER_MS, RECOVERY_MS } from '../recovery-order'
import { HELP_AFTER_MS, isDue } from '../check'
import type { AwayPolicy, AwayTask } from './away-tasks'
import { awayLooksAt, awayTasks } from './away-tasks'
import { endedAt } from './close-facts'
import { pendingCloses } from './closes'
import { UNREACHABLE_MS, LOADING_MS, ORPHAN_MS, SETTLE_MS, unreachableSince } from './agent-presence'
import type { TabStatus } from './events'
import type { LogOutDue } from './log-out-duty'
import { logOutsOf } from './log-out-duty'
import type { PendingClose } from './closes'
import { isUnderWay, nextRecovery } from './recovery'
import type { CcpDocument } from './ccp-document'
import type { RecoveryCcp, CloseState } from './state'
import { unprotectedGoneAt } from './unprotected'

/** How often a tab that is loading is looked at. */
const RECHECK_MS = 500
/** How often the background tries to open, or to close, a recovery CCP. */
const RECOVERY_AGAIN_MS = 5_000
/** How often a tab is checked for a document of an earlier run that no content script has claimed. */
const HELD_ORPHAN_MS = 30_000
/** How long after a `beforeunload` its tab is looked at: by then a page that goes is gone, or its tab loads the next one. */
const STAY_LOOK_MS = 2_000
const STAY_AGAIN_MS = 1_000

/** How often a log-out that is due is tried: a worker may die over it. */
const LOG_OUT_AGAIN_MS = 10_000
/** How often the cases of absent agents are looked at. */
const AWAY_AGAIN_MS = 30_000

/** What is to be done. */
export type Action =
  /** The state machine is to look at tabs, and at what has become due by time alone. */
  | { readonly action: 'tick' }
  /** The instance is to be asked about a close. */
  | { readonly action: 'check'; readonly close: PendingClose }
  | { readonly action: 'open_recovery'; readonly closeId: string }
  /** Whether the browser has made a tab is not known: a worker died over it. */
  | { readonly action: 'give_up_recovery'; readonly ccp: RecoveryCcp }
  | { readonly action: 'watch_recovery'; readonly ccp: RecoveryCcp; readonly tabId: number }
  | { readonly action: 'close_recovery'; readonly ccp: RecoveryCcp; readonly tabId: number }
  | { readonly action: 'log_out'; readonly logOut: LogOutDue }
  /** Something for an absent agent; null where the cases are only looked at again. */
  | { readonly action: 'away'; readonly task: AwayTask | null }

/** What is due, when, and how often it is repeated until it is done. In ms since the epoch, and in ms. */
export type Due = Action & { readonly at: number; readonly everyMs: number }

/**
 * All that is due, now or later.
 * @param away what the settings say about absent agents; without it nothing is due for them.
 */
export function dueOf(state: CloseState, now: number, away: AwayPolicy | null = null): Due[] {
  const looks = [...ticksForDocuments(state, now), ...ticksForCloses(state, now)]
  return [
    ...looks.map(([at, everyMs]): Due => ({ action: 'tick', at, everyMs })),
    ...checks(state, now),
    ...recoveries(state, now),
    ...logOutsOf(state).map((logOut): Due => ({
      action: 'log_out',
      logOut,
      at: logOut.since,
      everyMs: LOG_OUT_AGAIN_MS,
    })),
    ...(away === null ? [] : awayActions(state, away, now)),
  ]
}

/** The actions of one kind that are due now. */
export function dueNow<A extends Action['action']>(
  dues: readonly Due[],
  action: A,
  now: number,
): Extract<Due, { action: A }>[] {
  const isIt = (due: Due): due is Extract<Due, { action: A }> => due.action === action
  return dues.filter(isIt).filter(({ at }) => at <= now)
}

/** When the background must be awake next, in ms since the epoch; null where nothing is pending. */
export function nextAlarm(state: CloseState, now: number, away: AwayPolicy | null = null): number | null {
  const dues = dueOf(state, now, away)
  return dues.length === 0 ? null : Math.min(...dues.map(({ at, everyMs }) => (at > now ? at : now + everyMs)))
}

type Tick = readonly [at: number, everyMs: number]

function ticksForDocuments(state: CloseState, now: number): Tick[] {
  const documents = Object.values(state.documents)
  return [
    ...lingering(state, now).map(({ closing }): Tick => [
      passesAt(closing?.at ?? now, STAY_LOOK_MS, now),
      STAY_AGAIN_MS,
    ]),
    ...documents
      .filter((doc) => doc.gone === null && doc.orphanedAt !== null)
      .map(({ orphanedAt }): Tick => [passesAt(orphanedAt ?? 0, ORPHAN_MS, now), HELD_ORPHAN_MS]),
    ...documents
      .flatMap((doc) => unreachableSince(doc) ?? [])
      .map((since): Tick => [passesAt(since, UNREACHABLE_MS, now), 0]),
    ...documents.flatMap((doc) => unprotectedGoneAt(doc) ?? []).map((at): Tick => [passesAt(at, LOADING_MS, now), 0]),
  ]
}

function ticksForCloses(state: CloseState, now: number): Tick[] {
  return pendingCloses(state).flatMap((close): Tick[] => {
    const { check, recovery, documents } = close
    if (check?.isLook && check.nextAt !== null) return []
    // An offer stands beside the check, and ends by itself afterwards; a wanted one may wait for the agent's own CCP to go.
    if (recovery?.status === 'offered') return check?.end === null ? [] : [[passesAt(recovery.since, OFFER_MS, now), 0]]
    if (recovery !== null) return recovery.status === 'under_way' ? [] : [[now, RECOVERY_AGAIN_MS]]
    const helpAt = check?.denials?.reason === 'refused' ? check.denials.since + HELP_AFTER_MS : null
    if (check?.nextAt != null) return helpAt !== null && helpAt > now ? [[helpAt, 0]] : []
    const end = endedAt(close)
    // Nothing more is under way from a page that stays.
    const settles = documents.every(({ stayedAt }) => stayedAt !== null) ? 0 : SETTLE_MS
    return end === null ? [] : [[passesAt(end, settles, now), RECHECK_MS]]
  })
}

function checks(state: CloseState, now: number): Due[] {
  return pendingCloses(state).flatMap((close): Due[] => {
    const { check, recovery } = close
    // A CCP that is only offered runs beside the check; one that is wanted takes over until it is done.
    const isRecovering = recovery?.status === 'wanted' || recovery?.status === 'under_way'
    if (check === null || check.nextAt === null || isRecovering) return []
    const at = isDue(check, now) ? Math.min(check.nextAt, now) : check.nextAt
    return [{ action: 'check', close, at, everyMs: 0 }]
  })
}

function recoveries(state: CloseState, now: number): Due[] {
  const { recovery: ccp } = state
  const everyMs = RECOVERY_AGAIN_MS
  if (ccp === null) {
    const closeId = nextRecovery(state, now)
    return closeId === null ? [] : [{ action: 'open_recovery', closeId, at: now, everyMs }]
  }
  const { tabId } = ccp
  const timeIsUp: Due = { action: 'tick', at: ccp.startedAt + RECOVERY_MS, everyMs: 0 }
  if (tabId === null) return [{ action: 'give_up_recovery', ccp, at: now, everyMs }]
  return isUnderWay(state)
    ? [{ action: 'watch_recovery', ccp, tabId, at: now, everyMs: RECOVERY_MS }, timeIsUp]
    : [{ action: 'close_recovery', ccp, tabId, at: now, everyMs }]
}

function awayActions(state: CloseState, policy: AwayPolicy, now: number): Due[] {
  const everyMs = AWAY_AGAIN_MS
  return [
    ...awayTasks(state, policy, now).map((task): Due => ({ action: 'away', task, at: now, everyMs })),
    ...awayLooksAt(state, policy)
      .filter((at) => at > now)
      .map((at): Due => ({ action: 'away', task: null, at, everyMs })),
  ]
}

/** Documents that were about to go, and are still there. One that stays silent for long is showing its user a dialog. */
function lingering(state: CloseState, now: number): CcpDocument[] {
  return Object.values(state.documents).filter(
    ({ closing, gone, stayedAt, place }) =>
      closing?.report.event === 'beforeunload' &&
      !hasPassed(closing.at, UNREACHABLE_MS, now) &&
      gone === null &&
      stayedAt === null &&
      place !== null,
  )
}

/** Documents that were about to go, and whose tabs show that they stay: a timer alone proves nothing. */
export function maybeStaying(
  state: CloseState,
  tabs: Readonly<Record<number, TabStatus>>,
  now: number,
): { readonly doc: CcpDocument; readonly closeId: string }[] {
  return lingering(state, now).flatMap((doc) =>
    doc.closing !== null && hasPassed(doc.closing.at, STAY_LOOK_MS, now) && tabs[doc.place?.tabId ?? -1] === 'complete'
      ? [{ doc, closeId: doc.closing.report.closeId }]
      : [],
  )
}
