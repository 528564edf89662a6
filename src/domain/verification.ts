/**
 * After a close whose outcome is not known, the background asks the instance itself, and sets the agent Offline where
 * that is still to be done. Here is what it decides from; `background/verifier.ts` does the asking.
 */
import type { AgentFacts, AgentState } from './agent'
import type { CallError } from './close-report'
import { hasAfterContactWork, hasLiveContact, isOfContact, mayBeSamePeriod } from './agent'
import { isFromState } from './close-rules'
import type { Occupation, Waiting } from './waiting'
import { LIVE_LIMIT_MS, rebased, WAIT_FOR_CONTACT_MS, waitingAfter, WORK_LIMIT_MS } from './waiting'

/** Why a close could not be verified, or not be mended. */
export type UnverifiedReason =
  /** The browser has no session at the instance any more. */
  | 'signed_out'
  /** The browser's session belongs to somebody else: theirs is left untouched. */
  | 'other_agent'
  /** The instance does not take calls from the extension. */
  | 'refused'
  /** No answer came for as long as it was asked for. */
  | 'no_answer'
  /** A contact went on for as long as it was watched. */
  | 'contact'
  /** A call was missed behind a queued Offline (see `isStuck`), and the state could not be set. */
  | 'stuck'
  /** A CCP of the agent is open: they are there, and their state is theirs. */
  | 'agent_present'
  /** Somebody has changed the state since. */
  | 'state_changed'
  /** Somebody has set the agent ready again since, with no CCP of theirs in this browser. */
  | 'superseded'
  /** The agent's own list has no state of type offline. */
  | 'no_offline_state'
  /** The CCP was in a private window or a container, whose session the background does not share, and lent no token. */
  | 'separate_cookies'
  /** The settings do not let the background ask. */
  | 'forbidden'
  /** Mode `observe`: the agent is still as the close left them, and nothing was changed. */
  | 'observed'

/** What an attempt to verify found. */
export type Finding =
  /** `from`: what the agent was set Offline out of, where it was not a state that they had chosen. */
  | { readonly kind: 'offline'; readonly by: 'asked' | 'set'; readonly from?: SetFrom }
  | { readonly kind: 'contact'; readonly occupation: Occupation }
  /** `answer` is an error of Connect's own, where it was one; `isStuck`: the agent was seen stuck before it. */
  | { readonly kind: 'no_answer'; readonly error: string; readonly answer?: CallError; readonly isStuck?: boolean }
  | {
      readonly kind: 'ended'
      readonly reason: Exclude<UnverifiedReason, 'no_answer' | 'contact' | 'stuck'>
      readonly detail?: string
    }

/**
 * What Offline has ended, so that it is told: `work` after a contact whose time was up, a call that was missed or has
 * failed, or a state that the agent could not have left by themselves.
 */
export type SetFrom = 'work' | 'missed' | 'stuck'

/** The record of a verification; it survives the worker. */
export interface Verification {
  readonly startedAt: number
  readonly attempts: number
  /** When to ask next; null once it is over. */
  readonly nextAt: number | null
  /** A contact was seen since the close: a change of the state may be its doing alone. */
  readonly sawContact: boolean
  /** Mode `observe`: one look, which changes nothing. Not in what older versions stored. */
  readonly observes?: boolean
  /** An attempt is under way, in the worker that wrote this. */
  readonly isAsking: boolean
  /** The last error of Connect's own; null where none came, and undefined in what older versions stored. */
  readonly answer?: CallError | null
  /** The contacts that are waited for; undefined where none were seen, and in what older versions stored. */
  readonly waiting?: Waiting | null
  /** How many attempts have brought nothing since contacts were last seen; undefined in what older versions stored. */
  readonly failures?: number
  readonly end:
    | { readonly at: number; readonly confirmed: true; readonly by: 'asked' | 'set'; readonly from?: SetFrom }
    | { readonly at: number; readonly confirmed: false; readonly reason: UnverifiedReason }
    | null
}

/** The waits between attempts, in ms; the last one goes on. */
const WAITS = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000] as const
/** For how long it is tried where no answer comes: the entry says that it was given up. */
export const GIVE_UP_MS = 30 * 60_000
/** But not before so many attempts: a machine that has slept for hours has tried nothing meanwhile. */
export const FEWEST_ATTEMPTS = 12
/** No wait is longer than this. */
const LONGEST_MS = 90_000

/**
 * @param hadContact at the close: what the state becomes may be that contact's doing alone.
 * @param observes whether it is one look, in mode `observe`: to go on asking would keep a session alive.
 */
export function startVerification(now: number, hadContact = false, observes = false): Verification {
  return { startedAt: now, attempts: 0, nextAt: now, sawContact: hadContact, observes, isAsking: false, end: null }
}

/** How often it was tried in vain, since contacts were last seen: whoever waits for a contact is told of nothing yet. */
export function failuresOf({ attempts, failures }: Verification): number {
  return failures ?? attempts
}

/** While an attempt is under way: should the worker die with it, another is made after this time. */
const ASKING_MS = 45_000

export function whileAsking(before: Verification, now: number): Verification {
  return before.end === null ? { ...before, nextAt: now + ASKING_MS, isAsking: true } : before
}

/** Somebody wants it to be asked now. An attempt that is under way is one. */
export function askedNow(before: Verification, now: number): Verification {
  return before.end !== null || before.isAsking ? before : { ...before, nextAt: now }
}

/** After the worker that was asking has died: it is asked anew at once. */
export function withoutAsking(before: Verification, now: number): Verification {
  return before.isAsking ? { ...before, nextAt: now, isAsking: false } : before
}

/** Whether it is time to ask. A time farther away than any wait was set by a clock that has been set back since. */
export function isDue({ nextAt }: Verification, now: number): boolean {
  return nextAt !== null && (nextAt <= now || nextAt > now + LONGEST_MS)
}

/**
 * The verification after an attempt.
 * @param jitter 0 to 1: agents of a whole floor whose network returns must not all ask at once.
 */
export function afterAttempt(before: Verification, finding: Finding, now: number, jitter: number): Verification {
  if (before.end !== null) return before
  const attempts = before.attempts + 1
  // A clock that was set back since begins every wait anew.
  const startedAt = Math.min(before.startedAt, now)
  const known = before.waiting ? rebased(before.waiting, now) : null
  const over = (end: Verification['end']): Verification => ({
    ...before,
    attempts,
    isAsking: false,
    nextAt: null,
    end,
  })
  const later = (nth: number, longest: number): number => {
    const wait = Math.min(longest, WAITS[Math.min(nth, WAITS.length) - 1] ?? WAITS[0])
    return now + Math.round(wait * (0.75 + 0.5 * jitter))
  }
  switch (finding.kind) {
    case 'offline': {
      const { by, from } = finding
      return over({ at: now, confirmed: true, by, ...(from !== undefined && { from }) })
    }
    case 'ended':
      return over({ at: now, confirmed: false, reason: finding.reason })
    case 'contact': {
      const { occupation } = finding
      const waiting = waitingAfter(known, occupation, now)
      const limit = occupation.kind === 'live' ? LIVE_LIMIT_MS : WORK_LIMIT_MS
      if (before.observes || isPast(startedAt, limit, attempts, now))
        return { ...over({ at: now, confirmed: false, reason: 'contact' }), waiting }
      const nextAt = later(attempts, WAIT_FOR_CONTACT_MS)
      return { ...before, startedAt, attempts, nextAt, isAsking: false, sawContact: true, waiting, failures: 0 }
    }
    case 'no_answer': {
      const answer = finding.answer ?? before.answer ?? null
      const failures = failuresOf(before) + 1
      const rest = { ...before, startedAt, answer, failures, waiting: known }
      // The network may go in the middle of a call: what was heard before counts.
      if (before.observes || isPast(known?.seenAt ?? startedAt, GIVE_UP_MS, failures, now)) {
        const end = { at: now, confirmed: false, reason: finding.isStuck ? 'stuck' : 'no_answer' } as const
        return { ...rest, attempts, isAsking: false, nextAt: null, end }
      }
      return { ...rest, attempts, nextAt: later(failures, LONGEST_MS), isAsking: false }
    }
  }
}

function isPast(since: number, limitMs: number, attempts: number, now: number): boolean {
  return now - since >= limitMs && attempts >= FEWEST_ATTEMPTS
}

/** What the instance says of the agent now. */
export interface Snapshot {
  readonly state: AgentState
  /** The state that is queued for when the contacts have ended. */
  readonly nextState?: AgentState
  /** `id` is Connect's own, where it is told. */
  readonly contacts: readonly (AgentFacts['contacts'][number] & { readonly id?: string })[]
}

/**
 * What to do with an agent whose CCP is gone.
 * @param before the state at the close.
 * @param now with states as they count.
 * @param fromStates those of the settings.
 * @returns `set` where the agent is still in the very state that the close left, or a contact alone has changed it; `work`
 * where that would throw away the work after a contact; `superseded` where they take contacts again by somebody's doing.
 */
export function judgeSnapshot(
  before: AgentState,
  now: Snapshot,
  sawContact: boolean,
  fromStates: readonly string[] = [],
): 'offline' | 'set' | 'contact' | 'work' | 'changed' | 'superseded' {
  const { state } = now
  if (state.type === 'offline') return 'offline'
  if (hasLiveContact(now)) return 'contact'
  const isSame = mayBeSamePeriod(before, state)
  const isContactsDoing = sawContact || isOfContact(before) || isSame
  switch (state.type) {
    case 'system':
      // Without a contact to show for it, Connect's own word stands: there may be one.
      return hasAfterContactWork(now) ? 'work' : 'contact'
    case 'error':
      // Missed, or failed: nobody has chosen it, nothing is written in it, and it may end in Available at any moment.
      return hasAfterContactWork(now) ? 'work' : 'set'
    case 'routable':
    case 'not_routable': {
      // A contact does not end in a state that takes none: who is not in the very same stay has chosen it since.
      const isTheirs = state.type === 'routable' ? isContactsDoing : isSame
      if (!isFromState(state, fromStates)) return 'changed'
      if (!isTheirs) return isReadyAnew(before, state) ? 'superseded' : 'changed'
      return hasAfterContactWork(now) ? 'work' : 'set'
    }
    case 'init':
    case 'unknown':
      return 'changed'
  }
}

/** Whether an agent takes contacts by another's doing. Where no time is known, nobody knows whose doing it is. */
function isReadyAnew(before: AgentState, now: AgentState): boolean {
  if (now.type !== 'routable') return false
  return before.arn !== now.arn || (before.startTimestamp !== null && now.startTimestamp !== null)
}

/** What there is to wait for, of an agent who has contacts. */
export function occupationOf({ state, contacts }: Snapshot, verdict: 'contact' | 'work'): Occupation {
  const ended = contacts.filter((contact) => contact.state === 'ended').map(({ id = '' }) => id)
  return { kind: verdict === 'work' ? 'work' : 'live', ended, isReady: !isOfContact(state) }
}
