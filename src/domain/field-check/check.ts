/**
 * The field check as a state machine: what is due next, and what follows from what was found. Worker, page and browser may
 * die between any two steps, so that all of it is stored after each; no token is part of it. While `original` is there, the
 * agent's status is to be restored: whatever ends the check, that comes next.
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
  /** Where the CCP can be opened: origin and path. */
  readonly url: string
}

export const STOP_REASONS = [
  /** Somebody pressed Stop. */
  'asked',
  /** The page with the stop button is gone. */
  'page_closed',
  'worker_died',
  'browser_ended',
  /** A contact was there, or came. */
  'contact',
  'other_agent',
  'inbound_queue',
  'signed_out',
  /** The instance refuses the page's own calls. */
  'refused',
  'no_answer',
  /** No CCP of the agent is open. */
  'no_ccp',
  /** The list has no state of a kind that is needed, or the agent's own state is not in it. */
  'no_state',
  'failed',
] as const
export type StopReason = (typeof STOP_REASONS)[number]

/** What became of the agent's status: `pending` until the instance has shown that it is restored. */
export type Restored = 'untouched' | 'pending' | 'restored' | 'failed'

export interface FieldCheck {
  /** The run of the extension in which it was last at work. */
  readonly runId: string
  readonly startedAt: number
  readonly subject: Subject
  readonly part: Part
  readonly partAt: number
  /** Of the part's steps: the one that is due. */
  readonly step: number
  /** When the step before ended. */
  readonly stepAt: number
  readonly status: 'running' | 'restoring' | 'resting'
  /** Why the part ended before its end; null where it did not. */
  readonly stopped: StopReason | null
  readonly original: ChosenState | null
  readonly restored: Restored
  /** How often restoring was tried since it became due. */
  readonly tries: number
  readonly done: readonly Part[]
  /** The log's entries of the agent before a person was asked for a close: what comes later is of that close. */
  readonly entriesBefore: readonly string[]
  /** When it happened; null before. */
  readonly closedAt: number | null
  readonly observed: Observed
}

/** What a step found. */
export interface Finding {
  readonly observed?: Partial<Observed>
  readonly original?: ChosenState
  readonly entriesBefore?: readonly string[]
  readonly closedAt?: number | null
  /** The document of the agent has become another: after a reload, or a new window. */
  readonly docId?: string
  readonly stop?: StopReason
}

/** What is due; null where nothing is. */
export type Due = { readonly is: 'step'; readonly step: Step; readonly at: number } | { readonly is: 'restore' } | null

/** So often restoring is tried in a row; then again when a CCP of the agent is there. */
export const MAX_RESTORES = 5

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

/** Whether a part may be begun: the read-only part comes before the others, and one comes after the other. */
export function mayBegin(check: FieldCheck, part: Part): boolean {
  if (check.status !== 'resting' || check.original !== null) return false
  return part === 'read' || check.done.includes('read')
}

/** Begins another part, or the same once more. */
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

/** What a part that is done again has observed before goes. */
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

export function dueOf(check: FieldCheck): Due {
  if (check.status === 'resting') return null
  if (check.status === 'restoring') return check.tries < MAX_RESTORES ? { is: 'restore' } : null
  const timed: TimedStep | undefined = STEPS[check.part][check.step]
  if (timed === undefined) return null
  return { is: 'step', step: timed.step, at: Math.max(check.partAt + timed.from, check.stepAt + timed.gap) }
}

/** After a step. */
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

/** Ends the part that runs. The agent's status is restored next. */
export function stop(check: FieldCheck, reason: StopReason): FieldCheck {
  if (check.status !== 'running') return check
  return { ...check, stopped: reason, status: check.original === null ? 'resting' : 'restoring' }
}

/**
 * What becomes of a check that a new worker finds. The read-only part and the wait for a person go on; a part that changes the
 * status by itself ends, and the status is restored. So does one whose browser has ended unasked: nobody may be there.
 * @param runId of the extension's run: another one than before means that the browser has ended.
 */
export function found(check: FieldCheck, runId: string): FieldCheck {
  const reason = check.runId === runId ? 'worker_died' : 'browser_ended'
  const again = { ...check, runId, tries: 0 }
  const goesOn = reason === 'browser_ended' ? isEndAwaited(check) : check.part !== 'statuses'
  return goesOn ? again : stop(again, reason)
}

/** Whether a person was asked for the browser's end, and what came of it is not found out yet. */
function isEndAwaited({ part, step }: FieldCheck): boolean {
  const due = STEPS[part][step]?.step
  return due !== undefined && 'kind' in due && (due.kind === 'last_window' || due.kind === 'kill')
}

/** After an attempt to restore the status: `shown` where the instance has shown that it is restored. */
export function restoreTried(check: FieldCheck, wasShown: boolean): FieldCheck {
  if (check.status !== 'restoring') return check
  if (wasShown) return { ...check, status: 'resting', original: null, restored: 'restored', tries: 0 }
  const tries = check.tries + 1
  return { ...check, tries, restored: tries < MAX_RESTORES ? 'pending' : 'failed' }
}

/** What a look means for the check: it ends with the first contact. */
export function stopFor(look: Look | null): StopReason | null {
  if (look === null) return 'no_answer'
  return look.contacts > 0 || look.kind === 'other' ? 'contact' : null
}
