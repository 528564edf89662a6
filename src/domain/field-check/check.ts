/**
 * The field check as a state machine: what is due next, and what follows from each finding. Worker, page and browser
 * may die between any two steps, so the whole check is stored after each step. It never contains a token. While
 * `original` is set, the agent's status has to be restored; that comes next, whatever ends the check.
 */
import type { ChosenState, Look } from './looks'
import type { Observed } from './observations'
import { NOTHING_OBSERVED } from './observations'
import type { Part, Step, TimedStep } from './steps'
import { STEPS } from './steps'

/** The agent, and the document that was open for them when the check began. */
export interface Subject {
  readonly instance: string
  readonly username: string
  readonly docId: string
  /** The address at which the CCP can be opened: origin and path. */
  readonly url: string
}

export const STOP_REASONS = [
  /** The person pressed Stop. */
  'asked',
  /** The page with the stop button is gone. */
  'page_closed',
  'worker_died',
  'browser_ended',
  /** There was a contact, or one came. */
  'contact',
  'other_agent',
  'inbound_queue',
  'signed_out',
  /** The instance refuses the page's own calls. */
  'refused',
  'no_answer',
  /** No CCP of the agent is open. */
  'no_ccp',
  /** The list of states lacks a state that is needed, or the agent's present state. */
  'no_state',
  'failed',
] as const
export type StopReason = (typeof STOP_REASONS)[number]

/** Whether the agent's status is restored: `pending` until the instance has shown it. */
export type Restored = 'untouched' | 'pending' | 'restored' | 'failed'

export interface FieldCheck {
  /** The run of the extension that last worked on the check. */
  readonly runId: string
  readonly startedAt: number
  readonly subject: Subject
  readonly part: Part
  readonly partAt: number
  /** The index of the part's step that is due. */
  readonly step: number
  /** When the previous step ended, in ms since the epoch. */
  readonly stepAt: number
  readonly status: 'running' | 'restoring' | 'resting'
  /** Why the part was stopped before its end; null where it was not. */
  readonly stopped: StopReason | null
  /** The status to restore; null where there is nothing to restore. */
  readonly original: ChosenState | null
  readonly restored: Restored
  /** How often restoring has been tried since it became due. */
  readonly tries: number
  readonly done: readonly Part[]
  /**
   * The ids of the agent's newest log entries before the person was asked for a close: a newer entry is that close's.
   */
  readonly entriesBefore: readonly string[]
  /** When that close happened; null before. */
  readonly closedAt: number | null
  readonly observed: Observed
}

/** What a step found. */
export interface Finding {
  readonly observed?: Partial<Observed>
  readonly original?: ChosenState
  readonly entriesBefore?: readonly string[]
  readonly closedAt?: number | null
  /** The agent's new document, after a reload or in a new window. */
  readonly docId?: string
  readonly stop?: StopReason
}

/** What is due next; null where nothing is. A step is due at a time, in ms since the epoch. */
export type Due = { readonly is: 'step'; readonly step: Step; readonly at: number } | { readonly is: 'restore' } | null

/** How often restoring is tried in a row. A worker that finds the check later tries as often again. */
export const MAX_RESTORES = 5

/** A new check, which begins with the read-only part. */
export function begin(subject: Subject, runId: string, now: number): FieldCheck {
  return {
    runId,
    startedAt: now,
    subject,
    part: 'read',
    partAt: now,
    step: 0,
    stepAt: now,
    status: 'running',
    stopped: null,
    original: null,
    restored: 'untouched',
    tries: 0,
    done: [],
    entriesBefore: [],
    closedAt: null,
    observed: NOTHING_OBSERVED,
  }
}

/**
 * Whether a part may begin: no other part is running, no status has to be restored, and the read-only part comes first.
 */
export function mayBegin(check: FieldCheck, part: Part): boolean {
  if (check.status !== 'resting' || check.original !== null) return false
  return part === 'read' || check.done.includes('read')
}

/** Begins another part, or the same part again. */
export function beginPart(before: FieldCheck, part: Part, docId: string, runId: string, now: number): FieldCheck {
  const check = { ...before, runId }
  const subject = { ...check.subject, docId }
  const restored = check.restored === 'failed' ? 'failed' : 'untouched'
  const next = {
    ...check,
    subject,
    part,
    partAt: now,
    step: 0,
    stepAt: now,
    entriesBefore: [],
    closedAt: null,
    tries: 0,
    restored,
  } as const
  return { ...next, status: 'running', stopped: null, observed: without(check.observed, part) }
}

/** The observations without those of a part that is done again. */
function without(observed: Observed, part: Part): Observed {
  switch (part) {
    case 'read':
      return { ...NOTHING_OBSERVED, changes: observed.changes, closes: observed.closes, calls: [] }
    case 'statuses':
      return { ...observed, changes: [] }
    case 'closes':
      return { ...observed, closes: observed.closes.filter(({ kind }) => kind === 'kill') }
    case 'kill':
      return { ...observed, closes: observed.closes.filter(({ kind }) => kind !== 'kill') }
  }
}

/** What is due for a check. */
export function dueOf(check: FieldCheck): Due {
  if (check.status === 'resting') return null
  if (check.status === 'restoring') return check.tries < MAX_RESTORES ? { is: 'restore' } : null
  const timed: TimedStep | undefined = STEPS[check.part][check.step]
  if (timed === undefined) return null
  return { is: 'step', step: timed.step, at: Math.max(check.partAt + timed.from, check.stepAt + timed.gap) }
}

/** The check after a step. */
export function stepDone(check: FieldCheck, found: Finding, now: number): FieldCheck {
  const noted: FieldCheck = {
    ...check,
    step: check.step + 1,
    stepAt: now,
    entriesBefore: found.entriesBefore ?? check.entriesBefore,
    closedAt: found.closedAt === undefined ? check.closedAt : found.closedAt,
    observed: { ...check.observed, ...found.observed },
    subject: found.docId === undefined ? check.subject : { ...check.subject, docId: found.docId },
    ...(found.original && { original: found.original, restored: 'pending' }),
  }
  if (found.stop !== undefined) return stop(noted, found.stop)
  if (noted.step < STEPS[noted.part].length) return noted
  const done = [...noted.done.filter((part) => part !== noted.part), noted.part]
  return { ...noted, done, status: noted.original === null ? 'resting' : 'restoring' }
}

/** Stops the running part. If the status was remembered, it is restored next. */
export function stop(check: FieldCheck, reason: StopReason): FieldCheck {
  if (check.status !== 'running') return check
  return { ...check, stopped: reason, status: check.original === null ? 'resting' : 'restoring' }
}

/**
 * The check when a new worker finds it. The read-only part and guided closes continue; the part that changes the status
 * by itself stops, and the status is restored. Every part stops where the browser has ended, unless the check asked for
 * that: nobody may be there any more.
 * @param runId the id of this run of the extension. Where it differs from the check's, the browser has ended.
 */
export function found(check: FieldCheck, runId: string): FieldCheck {
  const reason = check.runId === runId ? 'worker_died' : 'browser_ended'
  const again = { ...check, runId, tries: 0 }
  const goesOn = reason === 'browser_ended' ? isEndAwaited(check) : check.part !== 'statuses'
  return goesOn ? again : stop(again, reason)
}

/** Whether the person was asked to end the browser, and the steps of that close are not finished. */
function isEndAwaited({ part, step }: FieldCheck): boolean {
  const due = STEPS[part][step]?.step
  return due !== undefined && 'kind' in due && (due.kind === 'last_window' || due.kind === 'kill')
}

/**
 * The check after an attempt to restore the status.
 * @param wasShown whether the instance has shown the restored status
 */
export function restoreTried(check: FieldCheck, wasShown: boolean): FieldCheck {
  if (check.status !== 'restoring') return check
  if (wasShown) return { ...check, status: 'resting', original: null, restored: 'restored', tries: 0 }
  const tries = check.tries + 1
  return { ...check, tries, restored: tries < MAX_RESTORES ? 'pending' : 'failed' }
}

/** Why the check has to stop after a look, such as a contact; null where it can continue. */
export function stopFor(look: Look | null): StopReason | null {
  if (look === null) return 'no_answer'
  return look.contacts > 0 || look.kind === 'other' ? 'contact' : null
}
