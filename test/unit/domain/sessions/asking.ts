/** A background in mode `act` that lives through a world: it asks the instance, as random as its answers are. */
import * as fc from 'fast-check'
import type { LogEntry } from '../../../../src/domain/log-entry'
import { pendingCloses, verificationOf } from '../../../../src/domain/sessions/closes'
import type { DocumentNews, SessionEvent } from '../../../../src/domain/sessions/events'
import { isUnderWay, nextRecovery, recoveryFor } from '../../../../src/domain/sessions/recovery'
import { reduceSessions } from '../../../../src/domain/sessions/reduce'
import type { SessionsState } from '../../../../src/domain/sessions/state'
import { EMPTY_SESSIONS } from '../../../../src/domain/sessions/state'
import type { RecoveryFinding } from '../../../../src/domain/recovery'
import type { RecoveryUse } from '../../../../src/domain/settings'
import type { Finding } from '../../../../src/domain/verification'
import { GIVE_UP_MS } from '../../../../src/domain/verification'
import { agentNews, facts, header, RULES, T0 } from '../build'
import type { Delivery, World } from './world'

const MINUTE = 60_000

/** What one attempt comes to. */
interface Attempt {
  readonly finding: Finding
  readonly takes: number
  readonly jitter: number
  /** The same is heard once more, perhaps long after the close is concluded. */
  readonly again: number | null
  /** The worker dies while it asks: nothing is ever found. */
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

/** Attempts at an instance that takes most calls from extensions for none. */
export const refusals: fc.Arbitrary<Attempt[]> = attempts.map((plans) =>
  plans.map((plan, nth) =>
    nth % 3 === 2 ? plan : { ...plan, finding: { kind: 'ended', reason: 'refused' }, lost: false },
  ),
)

/** What one recovery CCP comes to. */
interface Rescue {
  /** When the agent clicks, after they were asked; null: never. */
  readonly clicks: number | null
  /** When the browser has made the tab; null: it refuses, or the worker dies over it. */
  readonly opens: number | null
  /** When, after that, its page has found something; null: it never does. */
  readonly takes: number | null
  readonly finding: RecoveryFinding
  /** The page tells of its agent, and of its own end, as any other does. */
  readonly chatters: boolean
  /** When somebody takes its tab away. */
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

/** What was asked, and of which close: that of one document, at that time. */
export interface Question {
  readonly docId: string
  readonly closeId: string | null
  readonly goneAt: number | null
  /** ms since the epoch */
  readonly at: number
  readonly finding: Finding
}

interface Lived {
  readonly state: SessionsState
  readonly entries: readonly LogEntry[]
  readonly questions: readonly Question[]
  /** The recoveries that were begun, by the document that held them. */
  readonly begun: readonly string[]
  /** What recovery CCPs have told. */
  readonly found: readonly { readonly docId: string; readonly at: number; readonly finding: RecoveryFinding }[]
}

/**
 * Lives through a world, and on until all that may be pending has had its time.
 * @param onEach is shown how it stands after each event.
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
  const after = Array.from({ length: (2 * GIVE_UP_MS + 10 * MINUTE) / 30_000 }, (_, nth) => end + (nth + 1) * 30_000)
  // Contacts are waited for through half a day: whoever looks seldom sees the end of it too.
  const contacts = Array.from(
    { length: 12 * 4 },
    (_, nth) => end + 2 * GIVE_UP_MS + 10 * MINUTE + (nth + 1) * 15 * MINUTE,
  )
  const queue = [...world.deliveries, ...looks(world.ticks), ...looks(after), ...looks(contacts)].sort(
    (a, b) => a.heard - b.heard,
  )
  const insert = (delivery: Delivery): void => {
    const place = queue.findIndex(({ heard }) => heard > delivery.heard)
    queue.splice(place === -1 ? queue.length : place, 0, delivery)
  }

  let state: SessionsState = EMPTY_SESSIONS
  /** The run of the browser in which a thing is done and heard: the background stamps it. */
  let run = 'run'
  const entries: LogEntry[] = []
  const questions: Question[] = []
  const begun: string[] = []
  const found: { docId: string; at: number; finding: RecoveryFinding }[] = []
  const offered = new Set<string>()
  const later = (heard: number, event: (at: number) => SessionEvent): void => {
    insert({ heard, event: event(T0 + heard) })
  }
  /** What the agent, the browser and the background make of the recovery that the state calls for. */
  const rescue = (heard: number): void => {
    for (const flag of state.flags) {
      const waiting = recoveryFor(state, flag)
      if (waiting?.recovery.status !== 'offered' || offered.has(waiting.docId)) continue
      const { docId } = waiting
      const plan = rescuePlans[offered.size % rescuePlans.length] as Rescue
      offered.add(docId)
      if (plan.clicks !== null) later(heard + plan.clicks, (at) => ({ type: 'recovery_wanted', at, docId }))
    }
    const next = nextRecovery(state, T0 + heard)
    if (next !== null && !begun.includes(next)) {
      later(heard, (at) => ({ type: 'recovery_opening', at, docId: next, runId: run }))
    }
    if (state.recovery === null || isUnderWay(state)) return
    const { docId, tabId } = state.recovery
    if (tabId !== null) later(heard + 20, (at) => ({ type: 'recovery_gone', at, docId }))
  }
  /** A recovery has begun: its tab, its page and its end. */
  const open = (docId: string, heard: number): void => {
    const plan = rescuePlans[begun.length % rescuePlans.length] as Rescue
    const nth = begun.push(docId)
    const { opens, takes, finding, closedByHand } = plan
    if (opens === null) {
      later(heard + 100, (at) => ({ type: 'recovery_failed', at, docId, reason: 'no_answer' }))
      later(heard + 101, (at) => ({ type: 'recovery_gone', at, docId }))
      return
    }
    const tabId = 1_000 + nth
    const document = header(`recovery-${nth}`, { openedAt: T0 + heard + opens })
    const place = { tabId, frameId: 0, ownCookies: true }
    const closeId = state.recovery?.closeId ?? ''
    const runId = run
    const say = (after: number, news: DocumentNews): void =>
      later(heard + opens + after, (at) => ({
        type: 'news',
        at,
        seq: after,
        runId,
        header: document,
        place,
        news,
      }))
    later(heard + opens, (at) => ({ type: 'recovery_opened', at, docId, tabId }))
    if (closedByHand !== null) {
      later(heard + opens + closedByHand, (at) => ({ type: 'tab_removed', at, tabId, windowClosing: true }))
    }
    if (plan.signedOut) {
      later(heard + opens + 1_000, (at) => ({ type: 'recovery_failed', at, docId, reason: 'signed_out' }))
      return
    }
    // Whatever a page says comes after the greeting of its document, and none outlives its tab.
    const isThere = (after: number): boolean => closedByHand === null || after < closedByHand
    if (!isThere(10)) return
    say(10, { type: 'hello' })
    if (plan.chatters) {
      if (isThere(20)) say(20, agentNews(facts('offline')))
      // Last words may come by and by.
      say(60_000, { type: 'gone' })
      say(60_001, agentNews(facts('routable')))
    }
    if (takes === null || !isThere(10 + takes)) return
    say(10 + takes, { type: 'recovered', closeId, finding })
    found.push({ docId, at: T0 + heard + opens + 10 + takes, finding })
  }
  const asking = new Set<string>()
  const diedFor = new Set<string>()
  const ask = (heard: number): void => {
    for (const close of pendingCloses(state)) {
      const due = verificationOf(close)?.nextAt ?? null
      const holder = close.documents.find((doc) => doc.verification !== null)
      if (due === null || due > T0 + heard || holder === undefined || asking.has(holder.docId)) continue
      const plan = plans[questions.length % plans.length] as Attempt
      const { docId } = holder
      const closeId = holder.closing?.report.closeId ?? null
      questions.push({ docId, closeId, goneAt: holder.gone?.at ?? null, at: T0 + heard, finding: plan.finding })
      // A worker that dies each time would never know: it does so once before each attempt at most.
      if (plan.lost && !diedFor.has(docId)) {
        diedFor.add(docId)
        continue
      }
      diedFor.delete(docId)
      asking.add(docId)
      const found = (at: number): SessionEvent => {
        return { type: 'verified', at: T0 + at, docId, finding: plan.finding, jitter: plan.jitter, roundTripMs: null }
      }
      const answered = heard + plan.takes
      insert({ heard: answered, event: found(answered) })
      if (plan.again !== null) insert({ heard: answered + plan.again, event: found(answered + plan.again) })
    }
  }

  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { event, heard } = next
    if (event.type === 'run_started') run = event.runId
    // A recovery CCP ends with its browser, whatever it had still to say.
    if (event.type === 'news' && event.header.docId.startsWith('recovery') && event.runId !== run) continue
    if (event.type === 'tick') state = JSON.parse(JSON.stringify(state)) as SessionsState
    if (event.type === 'verified') asking.delete(event.docId)
    const reduced = reduceSessions(state, event, {
      extensionVersion: '1.2.3',
      mode: 'act',
      mayAsk: true,
      recovery: use,
      graceMs: 20_000,
      rules: () => RULES,
    })
    const before = state.recovery
    state = reduced.state
    if (before === null && state.recovery !== null) open(state.recovery.docId, heard)
    entries.push(...reduced.concluded)
    onEach?.({ state, entries, questions, begun, found })
    ask(heard)
    rescue(heard)
  }
  return { state, entries, questions, begun, found }
}
