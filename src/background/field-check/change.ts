/** Changes the status for the field check, and measures how long a change takes to show. */
import { stopFor } from '../../domain/field-check/check'
import type { ChosenState, Look } from '../../domain/field-check/looks'
import { chosenIn, lookAt, nextTokenIn } from '../../domain/field-check/looks'
import type { CallBy, ChangeRecord, ChangeTo } from '../../domain/field-check/observations'
import type { CheckCalls } from './calls'
import { Stop } from './calls'

/** How long a change may take to show before it is requested again, in ms: longer than any known delay. */
const SHOWS_WITHIN_MS = 5_000
const ATTEMPTS = 3

export interface ChangeParts {
  readonly calls: CheckCalls
  /** The states that the agent can choose. */
  readonly states: readonly ChosenState[]
  readonly now: () => number
  readonly pause: (ms: number) => Promise<unknown>
}

type Body = Readonly<Record<string, unknown>>

interface Shown {
  readonly body: Body
  readonly at: number
}

function isIn(body: Body, to: ChosenState, states: readonly ChosenState[]): boolean {
  const chosen = chosenIn(body, states)
  return chosen !== null && (to.arn === null ? chosen.name === to.name : chosen.arn === to.arn)
}

/** Reads a snapshot. @throws Stop where it shows a contact, or cannot be read */
export function lookOrStop(body: Body): Look {
  const look = lookAt(body)
  const reason = stopFor(look)
  if (look === null || reason !== null) throw new Stop(reason ?? 'no_answer')
  return look
}

/**
 * Sets a status, and waits until a snapshot shows it. A long poll that was open before shows the time to the
 * millisecond; where the instance does not keep long polls open, a look each second shows it roughly.
 * @throws Stop where there is a contact, or a look is not answered
 */
export async function changeStatus(
  by: CallBy,
  to: ChangeTo,
  state: ChosenState,
  parts: ChangeParts,
): Promise<ChangeRecord> {
  const first = await parts.calls.look(by)
  lookOrStop(first)
  // Setting the present status again shows no change.
  if (to === 'offline_again' || isIn(first, state, parts.states)) return repeat(by, to, state, parts)
  const since = nextTokenIn(first)
  const poll = since === null ? null : pollFor(by, since, parts)
  // If a change fails first, the poll is not awaited, and its failure does not matter.
  poll?.catch(() => undefined)
  let wasHeld = poll !== null
  for (let attempts = 1; attempts <= ATTEMPTS; attempts += 1) {
    const record = { by, to, attempts, lost: attempts - 1, wasHeld }
    const { body } = await parts.calls.change(by, state)
    const answeredAt = parts.now()
    if (body === null) return { ...record, shownMs: null, look: null }
    const held = wasHeld && poll !== null ? await within(poll, parts) : null
    if (held !== null && !isIn(held.body, state, parts.states)) {
      // The poll was answered although nothing had changed, so this instance does not keep long polls open.
      lookOrStop(held.body)
      wasHeld = false
    }
    const shown = wasHeld ? held : await lookUntilShown(by, state, answeredAt, parts)
    if (shown !== null) {
      const shownMs = Math.max(0, shown.at - answeredAt)
      return { ...record, wasHeld, shownMs, look: lookOrStop(shown.body) }
    }
  }
  return { by, to, attempts: ATTEMPTS, lost: ATTEMPTS, wasHeld, shownMs: null, look: null }
}

async function pollFor(by: CallBy, since: string, { calls, now }: ChangeParts): Promise<Shown> {
  const body = await calls.look(by, since)
  return { body, at: now() }
}

/** The task's result; null where it takes longer than `SHOWS_WITHIN_MS`. */
async function within<T>(task: Promise<T>, { pause }: ChangeParts): Promise<T | null> {
  const late = pause(SHOWS_WITHIN_MS).then(() => null)
  // The timeout may be rejected after the task has ended, when nothing waits for it.
  late.catch(() => undefined)
  return Promise.race([task, late])
}

async function lookUntilShown(
  by: CallBy,
  state: ChosenState,
  since: number,
  { calls, states, now }: ChangeParts,
): Promise<Shown | null> {
  while (now() - since < SHOWS_WITHIN_MS) {
    const body = await calls.look(by)
    if (isIn(body, state, states)) return { body, at: now() }
    lookOrStop(body)
  }
  return null
}

/** Requests the present status twice, since the first request may be lost, and looks at the agent afterwards. */
async function repeat(by: CallBy, to: ChangeTo, state: ChosenState, parts: ChangeParts): Promise<ChangeRecord> {
  const record = { by, to, attempts: 0, lost: 0, shownMs: null, wasHeld: false, look: null }
  for (let attempts = 1; attempts <= 2; attempts += 1) {
    const { body } = await parts.calls.change(by, state)
    if (body === null) return { ...record, attempts }
    await parts.pause(SHOWS_WITHIN_MS)
  }
  return { ...record, attempts: 2, look: lookOrStop(await parts.calls.look(by)) }
}

/** The result of an attempt to set a status. */
export type Ensured = 'shown' | 'contact' | 'not_shown'

/** Sets a status unless the agent has it, and looks until it shows. During a contact nothing is changed. */
export async function ensureStatus(by: CallBy, state: ChosenState, parts: ChangeParts): Promise<Ensured> {
  const before = await parts.calls.look(by)
  const look = lookAt(before)
  if (look === null) return 'not_shown'
  if (look.contacts > 0) return 'contact'
  if (isIn(before, state, parts.states)) return 'shown'
  const { body } = await parts.calls.change(by, state)
  if (body === null) return 'not_shown'
  const until = parts.now() + SHOWS_WITHIN_MS
  while (parts.now() < until) {
    const shown = await parts.calls.look(by)
    if (isIn(shown, state, parts.states)) return 'shown'
    if ((lookAt(shown)?.contacts ?? 0) > 0) return 'contact'
  }
  return 'not_shown'
}
