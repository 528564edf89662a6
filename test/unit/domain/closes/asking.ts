/** A background in act mode that lives through a world, and asks an instance whose answers are random. */
import * as fc from 'fast-check'
import type { LogEntry } from '../../../../src/domain/log-entry'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import type { DocumentEvent, CcpEvent } from '../../../../src/domain/closes/events'
import { isUnderWay, nextRecovery, recoveryFor } from '../../../../src/domain/closes/recovery'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import type { RecoveryFinding } from '../../../../src/domain/recovery-order'
import type { RecoveryUse } from '../../../../src/domain/settings'
import type { Finding } from '../../../../src/domain/check'
import { GIVE_UP_MS, SHORT_GIVE_UP_MS } from '../../../../src/domain/check-back-off'
import { agentEvent, facts, header, RULES, T0 } from '../build'
import type { Delivery, World } from './world'

const MINUTE = 60_000

/** The outcome of one attempt. */
interface Attempt {
  readonly finding: Finding
  readonly takes: number
  readonly jitter: number
  /** The same finding arrives once more, perhaps long after the close was finalized. */
  readonly again: number | null
  /** The worker dies while it asks: there is no finding. */
  readonly lost: boolean
}

export const attempts: fc.Arbitrary<Attempt[]> = fc.array(
  fc.record<Attempt>({
    finding: fc.constantFrom<Finding>(
      { kind: 'offline', by: 'asked' },
      { kind: 'offline', by: 'set' },
      { kind: 'contact', occupation: { kind: 'live', ended: [], isReady: false } },
      { kind: 'contact', occupation: { kind: 'work', ended: ['a'], isReady: true } },
      { kind: 'no_answer', error: 'x' },
      { kind: 'no_answer', error: 'x' },
      { kind: 'no_answer', error: 'x' },
      { kind: 'ended', reason: 'signed_out' },
      { kind: 'ended', reason: 'state_changed' },
      { kind: 'ended', reason: 'agent_present' },
      { kind: 'ended', reason: 'refused' },
    ),
    takes: fc.nat({ max: 20_000 }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    again: fc.option(fc.nat({ max: 10 * MINUTE }), { nil: null, freq: 3 }),
    lost: fc.nat({ max: 9 }).map((die) => die === 0),
  }),
  { minLength: 1, maxLength: 12 },
)

/** Attempts at an instance that refuses most calls from extensions. */
export const refusals: fc.Arbitrary<Attempt[]> = attempts.map((plans) =>
  plans.map((plan, nth) =>
    nth % 3 === 2 ? plan : { ...plan, finding: { kind: 'ended', reason: 'refused' }, lost: false },
  ),
)

/** The course of one recovery CCP. */
interface Rescue {
  /** When the agent clicks after the offer; null: never. */
  readonly clicks: number | null
  /** When the browser has opened the tab; null: it refuses, or the worker dies. */
  readonly opens: number | null
  /** When, after that, its page reports a finding; null: never. */
  readonly takes: number | null
  readonly finding: RecoveryFinding
  /** Whether the page reports its agent and its own end, as any other does. */
  readonly chatters: boolean
  /** When somebody closes its tab. */
  readonly closedByHand: number | null
  readonly signedOut: boolean
}

interface Rescues {
  readonly use: RecoveryUse
  readonly plans: readonly Rescue[]
}

const sometimes = (max: number): fc.Arbitrary<number | null> => fc.option(fc.nat({ max }), { nil: null, freq: 4 })

export const rescues: fc.Arbitrary<Rescues> = fc.record({
  use: fc.constantFrom<RecoveryUse>('ask', 'open', 'never'),
  plans: fc.array(
    fc.record<Rescue>({
      clicks: sometimes(40 * MINUTE),
      opens: sometimes(5_000),
      takes: sometimes(32_000),
      finding: fc.constantFrom<RecoveryFinding>(
        { kind: 'offline', by: 'seen' },
        { kind: 'offline', by: 'set' },
        { kind: 'offline', by: 'set' },
        { kind: 'failed', error: { type: 'InvalidStateException', message: '' } },
        { kind: 'ended', reason: 'other_agent' },
        { kind: 'ended', reason: 'state_changed' },
        { kind: 'ended', reason: 'contact' },
      ),
      chatters: fc.boolean(),
      closedByHand: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.nat({ max: 20_000 })),
      signedOut: fc.nat({ max: 5 }).map((die) => die === 0),
    }),
    { minLength: 1, maxLength: 6 },
  ),
})

/** A question to the instance: about the close of which document, and when. */
export interface Question {
  readonly docId: string
  readonly closeId: string | null
  readonly goneAt: number | null
  /** ms since the epoch */
  readonly at: number
  readonly finding: Finding
}

interface Lived {
  readonly state: CloseState
  readonly entries: readonly LogEntry[]
  readonly questions: readonly Question[]
  /** The recoveries that were begun, by close id. */
  readonly begun: readonly string[]
  /** What recovery CCPs have reported. */
  readonly found: readonly { readonly closeId: string; readonly at: number; readonly finding: RecoveryFinding }[]
}

/** Times after `from`, up to `until`, with a pause between two: all in ms. */
const between = (from: number, until: number, pause: number): number[] =>
  Array.from({ length: (until - from) / pause }, (_, nth) => from + (nth + 1) * pause)

/** How often a run is stored and read back. */
const MOST_COPIES = 40

/**
 * Lives through a world, and on until everything that may be pending has had its time. `onEach` receives the result
 * after each event.
 */
export function live(
  world: World,
  plans: readonly Attempt[],
  onEach?: (lived: Lived) => void,
  { use, plans: rescuePlans }: Rescues = { use: 'never', plans: [] },
): Lived {
  const looks = (times: readonly number[]): Delivery[] =>
    times.map((at) => ({ heard: at, event: { type: 'tick', at: T0 + at, tabs: {}, holding: [] } }))
  const end = Math.max(0, ...world.deliveries.map(({ heard }) => heard), ...world.ticks)
  // Looks are rarer as time goes by: contacts, and instances that do not answer, are waited for half a day each.
  const often = end + 2 * SHORT_GIVE_UP_MS + 10 * MINUTE
  const seldom = often + 2 * GIVE_UP_MS
  const after = [
    ...between(end, often, 30_000),
    ...between(often, seldom, 15 * MINUTE),
    // A check gives up after sixty attempts: half of them may die with their worker, and two closes may take turns.
    ...between(seldom, seldom + 8 * GIVE_UP_MS, 60 * MINUTE),
  ]
  const queue = [...world.deliveries, ...looks(world.ticks), ...looks(after)].sort((a, b) => a.heard - b.heard)
  const insert = (delivery: Delivery): void => {
    const place = queue.findIndex(({ heard }) => heard > delivery.heard)
    queue.splice(place === -1 ? queue.length : place, 0, delivery)
  }

  let copies = 0
  let state: CloseState = EMPTY_CLOSE_STATE
  /** The current run of the browser: the background stamps it on each event. */
  let run = 'run'
  const entries: LogEntry[] = []
  const questions: Question[] = []
  const begun: string[] = []
  const found: { closeId: string; at: number; finding: RecoveryFinding }[] = []
  const offered = new Set<string>()
  const later = (heard: number, event: (at: number) => CcpEvent): void => {
    insert({ heard, event: event(T0 + heard) })
  }
  /** What the agent, the browser and the background do about a recovery that the state calls for. */
  const rescue = (heard: number): void => {
    for (const flag of flagsOf(state)) {
      const waiting = recoveryFor(state, flag)
      if (waiting?.recovery.status !== 'offered' || offered.has(waiting.closeId)) continue
      const { closeId } = waiting
      const plan = rescuePlans[offered.size % rescuePlans.length] as Rescue
      offered.add(closeId)
      if (plan.clicks !== null) later(heard + plan.clicks, (at) => ({ type: 'recovery_wanted', at, closeId }))
    }
    const next = nextRecovery(state, T0 + heard)
    if (next !== null && !begun.includes(next)) {
      later(heard, (at) => ({ type: 'recovery_opening', at, closeId: next, runId: run }))
    }
    if (state.recovery === null || isUnderWay(state)) return
    const { closeId, tabId } = state.recovery
    if (tabId !== null) later(heard + 20, (at) => ({ type: 'recovery_gone', at, closeId }))
  }
  /** A recovery has begun: its tab, its page and its end. */
  const open = (closeId: string, heard: number): void => {
    const plan = rescuePlans[begun.length % rescuePlans.length] as Rescue
    const nth = begun.push(closeId)
    const { opens, takes, finding, closedByHand } = plan
    if (opens === null) {
      later(heard + 100, (at) => ({ type: 'recovery_failed', at, closeId, reason: 'no_answer' }))
      later(heard + 101, (at) => ({ type: 'recovery_gone', at, closeId }))
      return
    }
    const tabId = 1_000 + nth
    const document = header(`recovery-${nth}`, { openedAt: T0 + heard + opens })
    const place = { tabId, frameId: 0, ownCookies: true }
    const runId = run
    const say = (after: number, docEvent: DocumentEvent): void =>
      later(heard + opens + after, (at) => ({
        type: 'document',
        at,
        seq: after,
        runId,
        header: document,
        place,
        docEvent,
      }))
    later(heard + opens, (at) => ({ type: 'recovery_opened', at, closeId, tabId }))
    if (closedByHand !== null) {
      later(heard + opens + closedByHand, (at) => ({ type: 'tab_removed', at, tabId, windowClosing: true }))
    }
    if (plan.signedOut) {
      later(heard + opens + 1_000, (at) => ({ type: 'recovery_failed', at, closeId, reason: 'signed_out' }))
      return
    }
    // A page reports only after its hello, and never after its tab has gone.
    const isThere = (after: number): boolean => closedByHand === null || after < closedByHand
    if (!isThere(10)) return
    say(10, { type: 'hello' })
    if (plan.chatters) {
      if (isThere(20)) say(20, agentEvent(facts('offline')))
      // The close report may arrive much later.
      say(60_000, { type: 'gone' })
      say(60_001, agentEvent(facts('routable')))
    }
    if (takes === null || !isThere(10 + takes)) return
    say(10 + takes, { type: 'recovered', closeId, finding })
    found.push({ closeId, at: T0 + heard + opens + 10 + takes, finding })
  }
  const asking = new Set<string>()
  const diedFor = new Set<string>()
  const ask = (heard: number): void => {
    for (const close of pendingCloses(state)) {
      const due = close.check?.nextAt ?? null
      if (due === null || due > T0 + heard || asking.has(close.id)) continue
      const plan = plans[questions.length % plans.length] as Attempt
      const [{ docId, closing, gone }] = close.documents
      const said = closing?.report.closeId ?? null
      questions.push({ docId, closeId: said, goneAt: gone?.at ?? null, at: T0 + heard, finding: plan.finding })
      const { id: closeId } = close
      // A worker that died every time would never finish, so it dies at most once before each attempt.
      if (plan.lost && !diedFor.has(closeId)) {
        diedFor.add(closeId)
        continue
      }
      diedFor.delete(closeId)
      asking.add(closeId)
      const found = (at: number): CcpEvent => {
        return { type: 'checked', at: T0 + at, closeId, finding: plan.finding, jitter: plan.jitter, roundTripMs: null }
      }
      const answered = heard + plan.takes
      insert({ heard: answered, event: found(answered) })
      if (plan.again !== null) insert({ heard: answered + plan.again, event: found(answered + plan.again) })
    }
  }

  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { event, heard } = next
    if (event.type === 'worker_started') run = event.runId
    // A recovery CCP ends with its browser, whatever it had still to report.
    if (event.type === 'document' && event.header.docId.startsWith('recovery') && event.runId !== run) continue
    // A worker that dies leaves only the stored state: often enough to cover each kind of state, and no more.
    if (event.type === 'tick' && copies < MOST_COPIES) {
      copies += 1
      state = JSON.parse(JSON.stringify(state)) as CloseState
    }
    if (event.type === 'checked') asking.delete(event.closeId)
    const reduced = reduceCloses(state, event, {
      extensionVersion: '1.2.3',
      mode: 'act',
      mayAsk: true,
      recoveryUse: use,
      graceMs: 20_000,
      rulesOf: () => RULES,
    })
    const before = state.recovery
    state = reduced.state
    if (before === null && state.recovery !== null) open(state.recovery.closeId, heard)
    entries.push(...reduced.finalized)
    onEach?.({ state, entries, questions, begun, found })
    ask(heard)
    rescue(heard)
    // Half a day of ticks in which nothing can happen any more takes most of a run's time.
    if (isOver(state) && queue.every((later) => later.event.type === 'tick')) break
  }
  return { state, entries, questions, begun, found }
}

/** Whether every close has its verdict, and no document or recovery CCP remains. */
function isOver({ documents, closes, recovery }: CloseState): boolean {
  const isDecided = Object.values(closes).every(({ verdict }) => verdict !== null)
  return isDecided && recovery === null && Object.keys(documents).length === 0
}
