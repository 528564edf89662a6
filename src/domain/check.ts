/**
 * After a close that was to set the agent Offline, the background asks the instance itself, whether or not Connect has accepted the
 * request, and sets the agent Offline where that is still to be done. This module is what it decides by; `background/close-checker.ts` does the asking.
 */
import type { BackOff } from './back-off'
import { isGivenUp, nextTry } from './back-off'
import { ACCEPTED, ANSWERED, DENIED, LIVE, LONGEST_MS, LOOK, UNANSWERED, WORK } from './check-back-off'
import type { CallError } from './close-report'
import type { Occupation, Waiting } from './waiting'
import { rebased, waitingAfter } from './waiting'
import type { DenialReason, UnconfirmedReason } from './reasons'

/** What an attempt of a check found. */
export type Finding =
  /** `from`: what the agent was set Offline out of, where it was not a state that they had chosen. */
  | { readonly kind: 'offline'; readonly by: 'asked' | 'set'; readonly from?: SetFrom }
  /** `isAnswered`: somebody has taken a contact since the close. */
  | { readonly kind: 'contact'; readonly occupation: Occupation; readonly isAnswered?: boolean }
  /** `answer` is an error of Connect's own, where it was one; `isStuck`: the agent was seen stuck before it. */
  | { readonly kind: 'no_answer'; readonly error: string; readonly answer?: CallError; readonly isStuck?: boolean }
  /** The caller was denied, `times` in a row. The instance is asked again before that becomes the reason. */
  | { readonly kind: 'denied'; readonly reason: DenialReason; readonly by: Denier; readonly times: number }
  | {
      readonly kind: 'ended'
      readonly reason: Exclude<UnconfirmedReason, 'no_answer' | 'contact' | 'stuck'>
      readonly detail?: string
    }

/**
 * Who denies the caller: the request for a token, or the API with 401 or with 403, each in Connect's own JSON; or `nobody` of
 * Connect's, such as a captive portal, a proxy or a sign-in page.
 */
export type Denier = 'authorize' | 'unauthorized' | 'forbidden' | 'nobody'

/** A denial that persists. */
export interface Denials {
  readonly reason: DenialReason
  readonly by: Denier
  /** When the first came, by whichever part of Connect, in ms since the epoch. */
  readonly since: number
  /** How many attempts were denied since; undefined in what older versions stored. */
  readonly attempts?: number
  /** How many requests were denied by `by` in a row. */
  readonly times: number
}

/**
 * How often, and for how long at least, Streams asks again before it accepts a denial: for a token three times; of its API every
 * 5 s, 20 times after 401 and 10 times after 403 (2.28.2, `core.js`, `MAX_..._RETRY_COUNT`).
 */
const BELIEVED: Readonly<Record<Exclude<Denier, 'nobody'>, { readonly times: number; readonly afterMs: number }>> = {
  authorize: { times: 3, afterMs: 0 },
  unauthorized: { times: 20, afterMs: 95_000 },
  forbidden: { times: 10, afterMs: 45_000 },
}

/** How long a denial may persist before help is offered beside the check, in ms. */
export const HELP_AFTER_MS = 10_000

/**
 * What Offline has ended, for the log: after-contact work (`work`) whose time was up, a call that was missed or has failed, or a
 * state that the agent could not have left themselves.
 */
export type SetFrom = 'work' | 'missed' | 'stuck'

/** The stored record of a check. */
export interface Check {
  readonly startedAt: number
  /** How often the instance was asked. Requests for Offline are `Close.attempts`. */
  readonly attempts: number
  /** When to ask next; null once it is over. */
  readonly nextAt: number | null
  /** A contact was seen since the close: it alone may explain a change of the state. */
  readonly sawContact: boolean
  /** Mode `observe`: one look, which changes nothing. Missing in what older versions stored. */
  readonly observes?: boolean
  /**
   * A page has reported that the agent is Offline: the instance is asked whether that is true, and nothing is changed. Their CCP
   * may be open. Missing in every other check.
   */
  readonly isLook?: boolean
  /** Connect had accepted Offline when the check began. Missing in other checks, and in what older versions stored. */
  readonly isAccepted?: boolean
  /** A look has contradicted an Offline that Connect had accepted: see `isContradictedBy`. Missing where none has. */
  readonly isContradicted?: boolean
  /** An attempt is under way, in the worker that wrote this. */
  readonly isAsking: boolean
  /** The last error of Connect's own; null where none came, and undefined in what older versions stored. */
  readonly answer?: CallError | null
  /** The contacts that are waited for; undefined where none were seen, and in what older versions stored. */
  readonly waiting?: Waiting | null
  /** Somebody has taken a contact since the close: whatever state follows is their choice. */
  readonly isAnswered?: boolean
  /** The denial that persists; missing where the last look met none. */
  readonly denials?: Denials | null
  /** How many attempts have failed since contacts were last seen; undefined in what older versions stored. */
  readonly failures?: number
  readonly end:
    | { readonly at: number; readonly confirmed: true; readonly by: 'asked' | 'set'; readonly from?: SetFrom }
    | { readonly at: number; readonly confirmed: false; readonly reason: UnconfirmedReason }
    | null
}

/** What is known of a close when its check begins. */
interface Beginning {
  /** Whether the agent had a contact at the close, which alone may explain a change of the state. */
  readonly hadContact?: boolean
  /** Whether it is one look, in mode `observe`: asking repeatedly would keep a session alive. */
  readonly observes?: boolean
  readonly isAccepted?: boolean
}

/** A check that begins: the instance is asked at once. */
export function startCheck(
  now: number,
  { hadContact = false, observes = false, isAccepted = false }: Beginning = {},
): Check {
  const times = { startedAt: now, attempts: 0, nextAt: now }
  const check = { ...times, sawContact: hadContact, observes, isAsking: false, end: null }
  return isAccepted ? { ...check, isAccepted } : check
}

/** A check of a page's report: a few looks that change nothing. */
export function startLook(now: number): Check {
  return { ...startCheck(now), isLook: true }
}

/** How many attempts have failed since contacts were last seen: waiting for a contact is no failure. */
export function failuresOf({ attempts, failures }: Check): number {
  return failures ?? attempts
}

/** While an attempt is under way: should the worker die with it, another one follows after this time. */
const ASKING_MS = 45_000

export function whileAsking(before: Check, now: number): Check {
  return before.end === null ? { ...before, nextAt: now + ASKING_MS, isAsking: true } : before
}

/** Somebody wants the instance to be asked now. An attempt that is under way will do. */
export function askedNow(before: Check, now: number): Check {
  return before.end !== null || before.isAsking ? before : { ...before, nextAt: now }
}

/** After the worker that was asking has died: the next attempt is due at once. */
export function withoutAsking(before: Check, now: number): Check {
  return before.isAsking ? { ...before, nextAt: now, isAsking: false } : before
}

/** Whether it is time to ask. A time farther ahead than any wait was set before the clock was set back. */
export function isDue({ nextAt }: Check, now: number): boolean {
  return nextAt !== null && (nextAt <= now || nextAt > now + LONGEST_MS)
}

/**
 * The check after an attempt.
 * @param jitter 0 to 1: agents of a whole floor whose network returns must not all ask at once.
 * @param isContradicted whether a look of the attempt has contradicted an accepted Offline, however the attempt went on.
 */
export function afterAttempt(
  known: Check,
  finding: Finding,
  now: number,
  jitter: number,
  isContradicted = false,
): Check {
  if (known.end !== null) return known
  const before = isContradicted ? { ...known, isContradicted } : known
  const attempts = before.attempts + 1
  // Where the clock was set back, each wait starts again.
  const startedAt = Math.min(before.startedAt, now)
  const waited = before.waiting ? rebased(before.waiting, now) : null
  const asked = { ...before, attempts, isAsking: false }
  const over = (end: Check['end']): Check => ({ ...asked, nextAt: null, end, denials: null })
  switch (finding.kind) {
    case 'offline': {
      const { by, from } = finding
      return over({ at: now, confirmed: true, by, ...(from !== undefined && { from }) })
    }
    case 'ended':
      return over({ at: now, confirmed: false, reason: finding.reason })
    case 'contact': {
      const { occupation } = finding
      const waiting = waitingAfter(waited, occupation, now)
      const backOff = occupation.kind === 'live' ? LIVE : WORK
      if (before.observes || isGivenUp(backOff, waiting.since ?? now, waiting.looks ?? 0, now))
        return { ...over({ at: now, confirmed: false, reason: 'contact' }), waiting }
      const nextAt = nextTry(backOff, attempts, now, jitter)
      const isAnswered = finding.isAnswered === true || before.isAnswered === true
      const rest = { ...asked, startedAt, nextAt, isAnswered, waiting }
      return { ...rest, sawContact: true, failures: 0, denials: null }
    }
    case 'denied': {
      const denials = deniedAfter(before.denials ?? null, finding, now)
      const failures = failuresOf(before) + 1
      const isConnects = denials.by !== 'nobody' && !before.isLook
      const patience = withoutAnswer(before, ANSWERED)
      const isOver =
        before.observes ||
        isBelieved(denials, now) ||
        (isConnects && isGivenUp(DENIED, denials.since, denials.attempts ?? 0, now)) ||
        isGivenUp(patience, startedAt, failures, now)
      if (isOver) return { ...over({ at: now, confirmed: false, reason: finding.reason }), failures, denials }
      const rest = { ...asked, startedAt, failures, denials, waiting: waited }
      return { ...rest, nextAt: nextTry(isConnects ? DENIED : patience, failures, now, jitter) }
    }
    case 'no_answer': {
      const answer = finding.answer ?? before.answer ?? null
      const failures = failuresOf(before) + 1
      const rest = { ...asked, startedAt, answer, failures, waiting: waited, denials: null }
      // The network may fail in the middle of a call: an answer that came before counts.
      const backOff = withoutAnswer(before, finding.answer === undefined ? UNANSWERED : ANSWERED)
      if (before.observes || isGivenUp(backOff, waited?.seenAt ?? startedAt, failures, now)) {
        const reason = finding.isStuck ? 'stuck' : before.isContradicted ? 'not_shown' : 'no_answer'
        return { ...rest, nextAt: null, end: { at: now, confirmed: false, reason } }
      }
      return { ...rest, nextAt: nextTry(backOff, failures, now, jitter) }
    }
  }
}

/** How often a check without an answer is repeated. @param other in a check of no special kind. */
function withoutAnswer({ isLook, isAccepted, isContradicted }: Check, other: BackOff): BackOff {
  if (isLook) return LOOK
  return isAccepted && !isContradicted ? ACCEPTED : other
}

function deniedAfter(known: Denials | null, { reason, by, times }: Denied, now: number): Denials {
  const isFirst = known === null || (known.by === 'nobody') !== (by === 'nobody')
  const since = isFirst ? now : Math.min(known.since, now)
  const attempts = isFirst ? 1 : (known.attempts ?? 0) + 1
  return { reason, by, since, attempts, times: known?.by === by ? known.times + times : times }
}

type Denied = Extract<Finding, { kind: 'denied' }>

function isBelieved({ by, since, times }: Denials, now: number): boolean {
  if (by === 'nobody') return false
  const limit = BELIEVED[by]
  return times >= limit.times && now - since >= limit.afterMs
}

/** Whether the instance has refused the background for so long that help is offered beside the check. */
export function isRefusedForLong({ denials }: Check, now: number): boolean {
  return denials?.reason === 'refused' && now - denials.since >= HELP_AFTER_MS
}
