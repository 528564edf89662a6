/**
 * What a check remembers of the contacts that it waits for. A contact is waited for until it ends, and after-contact work
 * for as long as the settings allow: a clock that is set cuts neither off.
 */

/** For how long a live contact without a CCP is waited for. Calls last for hours; an entry cannot wait forever. */
export const LIVE_LIMIT_MS = 4 * 60 * 60_000
/** After-contact work ends at its own limit, of four hours at most; nothing is watched for longer than both. */
export const WORK_LIMIT_MS = 2 * LIVE_LIMIT_MS
/** The longest pause between two looks: an agent whose state returns to one that takes contacts is not left in it. */
export const WAIT_FOR_CONTACT_MS = 20_000

/** What a look at the instance has found to wait for. */
export interface Occupation {
  /**
   * `live`: somebody is talking or writing with the agent, or about to. `work`: contacts have ended, and notes are being written.
   */
  readonly kind: 'live' | 'work'
  /** The contacts that have ended, by Connect's ids. */
  readonly ended: readonly string[]
  /** Whether the agent could be given another contact meanwhile: in a chat, as opposed to a call, they are Available. */
  readonly isReady: boolean
}

export interface Waiting {
  /** When contacts were last seen. */
  readonly seenAt: number
  /** When they were first seen, and how many looks have seen any; undefined in what older versions stored. */
  readonly since?: number
  readonly looks?: number
  /** Whether the agent was, in the looks that saw contacts, in a state that takes more of them. */
  readonly ready: 'never' | 'sometimes' | 'always'
  /** The after-contact work that was last seen, and since when all of it was known; null where somebody was on the line. */
  readonly work: { readonly since: number; readonly ended: readonly string[] } | null
}

/** What is stored after a look that found contacts. */
export function waitingAfter(before: Waiting | null, { kind, ended, isReady }: Occupation, now: number): Waiting {
  const known = before === null ? null : rebased(before, now)
  const work = known?.work ?? null
  // Work on another contact begins when it is seen.
  const isKnown = work !== null && ended.every((id) => work.ended.includes(id))
  return {
    seenAt: now,
    since: known?.since ?? now,
    looks: (known?.looks ?? 0) + 1,
    ready: readiness(known?.ready ?? null, isReady),
    work: kind === 'live' ? null : { since: isKnown ? work.since : now, ended },
  }
}

function readiness(before: Waiting['ready'] | null, isReady: boolean): Waiting['ready'] {
  const now = isReady ? 'always' : 'never'
  return before === null || before === now ? now : 'sometimes'
}

/** Whether the after-contact work in sight has been waited for long enough. */
export function isWorkOver(before: Waiting | null, found: Occupation, limitMs: number, now: number): boolean {
  const { work } = waitingAfter(before, found, now)
  return work !== null && now - work.since >= limitMs
}

/** Where the clock was set back, the wait starts again: no notes are thrown away because of that. */
export function rebased(waiting: Waiting, now: number): Waiting {
  const { seenAt, since = seenAt, work } = waiting
  const atMostNow = (at: number): number => Math.min(at, now)
  const times = { seenAt: atMostNow(seenAt), since: atMostNow(since) }
  return { ...waiting, ...times, work: work && { ...work, since: atMostNow(work.since) } }
}
