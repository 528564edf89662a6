/** Decides the next step of a case from what the instance shows. Only the step `put` sets a status. */
import type { Act } from '../../../src/protocol/heartbeat'
import type { Mode, Options } from './options'
import type { Case, Outcome, Waiting } from './rows'
import type { Sight } from './sight'
import { hasLiveContact, workSince } from './sight'

export interface Circumstances {
  readonly mode: Mode
  readonly options: Options
  /** Whether the storm brake of the agent's site or of the fleet is on. */
  readonly isBraked: boolean
  /** Whether silence proves anything: heartbeats have arrived without a gap, and no storm is gathering. */
  readonly isProven: boolean
  /** ms since the epoch, by AWS's clock. */
  readonly now: number
}

export type Step =
  | { readonly do: 'put' }
  | { readonly do: 'wait'; readonly for: Waiting }
  | { readonly do: 'end'; readonly outcome: Outcome }

/**
 * AWS's clocks may differ: a status that began up to this long
 * before the watchdog's call may still be the watchdog's, in ms.
 */
const CLOCK_MS = 2_000
/** How long to wait for Connect to show the status, since it was first set, in ms. */
const GIVE_UP_MS = 30 * 60_000
/** The pause before Offline is set again doubles from the first to the second value, in ms. */
const SET_AGAIN_MS = 10_000
const SET_AGAIN_MAX_MS = 60_000

const wait = (reason: Waiting): Step => ({ do: 'wait', for: reason })
const end = (outcome: Outcome): Step => ({ do: 'end', outcome })

/**
 * The next step of a case.
 * @param sight null where Connect does not list the agent, whose status is then unknown, never Offline
 */
export function nextStep(found: Case, sight: Sight | null, at: Circumstances): Step {
  const { now, options } = at
  const unknown = (): Step =>
    isGivenUp(found, now) ? end('unconfirmed') : wait(found.puts > 0 ? 'confirmation' : 'unknown')
  if (sight === null || sight.type === null) return unknown()
  if (!isOptedIn(sight, options)) return end('out_of_scope')
  if (sight.type === 'OFFLINE') return end(isOurs(found, sight) ? 'set_offline' : 'not_needed')
  if (sight.type === 'CUSTOM') return end('not_needed')
  if (sight.since === null) return unknown()
  if (sight.since > found.since) return end('state_changed')
  if (hasLiveContact(sight)) return wait('contact')
  const work = workSince(sight, workStart(found, now))
  if (work !== null && now - work < options.workLimitMs) return wait('after_contact_work')
  if (sight.isOfflineNext && found.puts === 0 && !isOverdue(found, now)) return wait('confirmation')
  if (isGivenUp(found, now)) return end('unconfirmed')
  if (at.mode !== 'act' || found.isObserved) return end('observed')
  if (at.isBraked) return wait('brake')
  if (found.reason === 'silent' && !at.isProven) return wait('ingest')
  return isTooSoon(found, now) ? wait('confirmation') : { do: 'put' }
}

/** The case after a step other than `put`. */
export function afterStep(found: Case, step: Exclude<Step, { do: 'put' }>, now: number): Case {
  if (step.do === 'end') return { ...found, outcome: step.outcome, endedAt: now }
  return step.for === found.waiting ? found : { ...found, waiting: step.for, waitingSince: now }
}

/** The case just before Offline is set. Stored before the call, so that a crash cannot lose the attempt. */
export function beforePut(found: Case, now: number): Case {
  const puts = found.puts + 1
  const firstPutAt = found.firstPutAt ?? now
  const waitingSince = found.waiting === 'confirmation' ? found.waitingSince : now
  return { ...found, puts, firstPutAt, lastPutAt: now, waiting: 'confirmation', waitingSince }
}

/** What the agent's machines are to be informed of, in answers to their heartbeats, after Offline was set. */
export function actOf({ id, firstPutAt, since, reason, outcome }: Case, now: number): Act {
  return { id, at: firstPutAt ?? now, since, reason, isConfirmed: outcome === 'set_offline' }
}

/** Ends a case because heartbeats have come again, or one has reported a regular close. */
export function afterReturn(found: Case, now: number): Case {
  return { ...found, outcome: found.puts > 0 ? 'unconfirmed' : 'back', endedAt: now }
}

function isOptedIn({ routingProfile }: Sight, { routingProfiles }: Options): boolean {
  return routingProfiles.length === 0 || (routingProfile !== null && routingProfiles.includes(routingProfile))
}

function isOurs({ firstPutAt }: Case, { since }: Sight): boolean {
  return firstPutAt !== null && since !== null && since >= firstPutAt - CLOCK_MS
}

function workStart({ waiting, waitingSince }: Case, now: number): number {
  return waiting === 'after_contact_work' ? waitingSince : now
}

function isGivenUp({ firstPutAt }: Case, now: number): boolean {
  return firstPutAt !== null && now - firstPutAt > GIVE_UP_MS
}

/**
 * Whether an Offline that somebody else has queued should have taken effect by now. A missed call can hold it forever.
 */
function isOverdue({ waiting, waitingSince }: Case, now: number): boolean {
  return waiting === 'confirmation' && now - waitingSince >= SET_AGAIN_MS
}

/** Whether the pause since the last attempt is not over; it doubles with each attempt. */
function isTooSoon({ puts, lastPutAt }: Case, now: number): boolean {
  if (lastPutAt === null) return false
  return now - lastPutAt < Math.min(SET_AGAIN_MAX_MS, SET_AGAIN_MS * 2 ** (puts - 1))
}
