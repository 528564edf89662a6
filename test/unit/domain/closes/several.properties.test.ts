/** Several CCPs of one agent that close in any order, with whatever each knows of the others by then. */
import * as fc from 'fast-check'
import type { ClosingReport } from '../../../../src/domain/close-report'
import type { DocumentEvent, CcpEvent } from '../../../../src/domain/closes/events'
import type { Finding } from '../../../../src/domain/check'
import type { CloseState } from '../../../../src/domain/closes/state'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { isLeftAvailable, needsAttention } from '../../../../src/domain/log-entry'
import { isOpen } from '../../../../src/domain/closes/ccp-document'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { agentEvent, ATTEMPTED, closing, failed, facts, header, succeeded, T0 } from '../build'
import { attempts, live, rescues } from './asking'
import type { Delivery, World } from './world'
import { PROPERTY_MS } from '../../../property-time'

jest.setTimeout(PROPERTY_MS)

const RUNS = { numRuns: 1_000 }
/** What an instance answers that lets nobody look. */
const DENIALS: readonly Finding[] = [
  { kind: 'ended', reason: 'refused' },
  { kind: 'ended', reason: 'signed_out' },
  { kind: 'no_answer', error: 'HTTP 503' },
]
const LEFT: ClosingReport['did'] = { action: 'left', reason: 'other_ccp' }

interface Ccp {
  /** When it begins to close, in ms; null: it is there until the browser ends. */
  readonly closesAt: number | null
  /** How long it then takes to go. */
  readonly takes: number
  /** How late it learns that the others are closing. */
  readonly hears: number
  /** Whether it checks once more in its last moment. */
  readonly takesOver: boolean
  /** The answer to its call, if it makes one: none, success, refusal. */
  readonly answer: number
  /** Its process dies, or its events are lost. */
  readonly isSilent: boolean
  /** How late its events arrive. */
  readonly delay: number
  readonly isDiscarded: boolean
}

interface Several extends World {
  readonly ccps: readonly Ccp[]
  readonly allGo: boolean
}

const ccp: fc.Arbitrary<Ccp> = fc.record({
  closesAt: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1_000, max: 1_050 }) },
    { weight: 3, arbitrary: fc.integer({ min: 1_000, max: 40_000 }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  takes: fc.nat({ max: 400 }),
  hears: fc.oneof(fc.nat({ max: 30 }), fc.constant(5_000)),
  takesOver: fc.boolean(),
  answer: fc.nat({ max: 2 }),
  isSilent: fc.nat({ max: 4 }).map((die) => die === 0),
  delay: fc.oneof(fc.constant(0), fc.nat({ max: 1_500 })),
  isDiscarded: fc.boolean(),
})

/** What one CCP reports, and what the browser reports about it. */
function liveOut(ccps: readonly Ccp[], nth: number): Delivery[] {
  const own = ccps[nth] as Ccp
  const docId = `doc-${nth}`
  const place = { tabId: nth + 1, frameId: 0, ownCookies: true }
  const told: Delivery[] = []
  let seq = 0
  const say = (at: number, docEvent: DocumentEvent, delay = 0): void => {
    seq += 1
    const event = { type: 'document', at: T0 + at, seq, runId: 'run', header: header(docId), place, docEvent } as const
    told.push({ heard: at + delay, event })
  }
  say(0, { type: 'hello' })
  say(1, agentEvent(facts()))
  const { closesAt, takes, hears, takesOver, answer, isSilent, delay, isDiscarded } = own
  if (closesAt === null) return told
  const end = closesAt + takes
  const othersAt = (at: number): number =>
    ccps.filter((other, index) => index !== nth && (other.closesAt === null || other.closesAt + hears > at)).length
  if (!isSilent) {
    const leaves = othersAt(closesAt) > 0
    say(closesAt, closing('close-' + docId, { did: leaves ? LEFT : ATTEMPTED }), delay)
    const acts = leaves ? takesOver && othersAt(end) === 0 : true
    if (acts && leaves) say(end, closing('close-' + docId, { event: 'pagehide', did: ATTEMPTED }), delay)
    if (acts && answer === 1) say(end, succeeded('close-' + docId), delay)
    if (acts && answer === 2) say(end, failed('close-' + docId), delay)
  }
  const event: CcpEvent = isDiscarded
    ? { type: 'lost', at: T0 + end, docId, place, by: 'disconnect' }
    : { type: 'tab_removed', at: T0 + end, tabId: place.tabId, windowClosing: false }
  told.push({ heard: end, event })
  return told
}

const several: fc.Arbitrary<Several> = fc
  .record({
    ccps: fc.array(ccp, { minLength: 2, maxLength: 4 }),
    ticks: fc.array(fc.nat({ max: 60_000 }), { maxLength: 12 }),
    starts: fc.array(fc.nat({ max: 50_000 }), { maxLength: 2 }),
    /** The browser ends with whatever is open, and starts again. */
    browserEnds: fc.boolean(),
  })
  .map(({ ccps, ticks, starts, browserEnds }) => {
    const deliveries = ccps.flatMap((_, nth) => liveOut(ccps, nth))
    // A new worker gets an answer from the documents that are still there.
    for (const at of starts) {
      deliveries.push({ heard: at, event: { type: 'worker_started', at: T0 + at, runId: 'run' } })
      ccps.forEach(({ closesAt }, nth) => {
        if (closesAt !== null && closesAt <= at + 5) return
        deliveries.push({ heard: at + 5, event: { type: 'heard', at: T0 + at + 5, docId: `doc-${nth}` } })
      })
    }
    if (browserEnds) {
      deliveries.push({ heard: 80_000, event: { type: 'browser_started', at: T0 + 80_000, runId: 'next' } })
    }
    deliveries.sort((a, b) => a.heard - b.heard)
    const staying = ccps.flatMap(({ closesAt }, nth) => (closesAt === null && !browserEnds ? [`doc-${nth}`] : []))
    const gone = ccps.map((_, nth) => `doc-${nth}`).filter((docId) => !staying.includes(docId))
    const tell = () => deliveries.map(({ heard, event }) => `${heard} ${JSON.stringify(event)}`).join('\n')
    return {
      ccps,
      allGo: staying.length === 0,
      deliveries,
      ticks,
      living: new Set(staying),
      gone: new Set(gone),
      [fc.toStringMethod]: tell,
    }
  })

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

const asking = (state: CloseState): string[] =>
  Object.values(state.closes).flatMap(({ id, check }) => (check === null ? [] : [id]))

test('when all are gone, one of their closes is verified or confirmed, and each close has one entry', () => {
  let mended = 0
  fc.assert(
    fc.property(several, attempts, (world, plans) => {
      const { entries, questions, state } = live(world, plans)
      must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
      must(entries.length === world.gone.size, `${entries.length} entries of ${world.gone.size} closes`)
      for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
      const isSeenTo = questions.length > 0 || entries.some(({ outcome }) => outcome === 'confirmed')
      if (world.allGo) must(isSeenTo, 'nobody has seen to the agent')
      if (world.allGo && entries.some(({ reason }) => reason === 'other_ccp') && questions.length > 0) mended += 1
    }),
    RUNS,
  )
  expect(mended).toBeGreaterThan(RUNS.numRuns / 10)
})

test('when all are gone, and the background gets no answer, somebody is told, whatever a recovery CCP does', () => {
  let failed = 0
  fc.assert(
    fc.property(several, attempts, rescues, (world, plans, rescue) => {
      if (!world.allGo) return
      const denied = plans.map((plan) => ({ ...plan, finding: DENIALS[plan.takes % DENIALS.length] as Finding }))
      const { entries, state, begun, found } = live(world, denied, undefined, rescue)
      const isAnswered = found.some(({ finding }) => finding.kind === 'offline' || finding.kind === 'ended')
      if (begun.length > 0 && !isAnswered) failed += 1
      const isTold =
        flagsOf(state).length > 0 || entries.some((entry) => needsAttention(entry) || isLeftAvailable(entry))
      const isOffline = entries.some(({ outcome }) => outcome === 'accepted')
      const isElse = found.some(({ finding }) => finding.kind === 'ended' && finding.reason === 'state_changed')
      must(isTold || isOffline || isElse, 'nobody is told')
    }),
    RUNS,
  )
  expect(failed).toBeGreaterThan(RUNS.numRuns / 20)
})

test('no close is verified, and nothing set, while another CCP of the agent is open', () => {
  let begun = 0
  fc.assert(
    fc.property(several, attempts, (world, plans) => {
      let before: CloseState = EMPTY_CLOSE_STATE
      live(world, plans, ({ state }) => {
        const fresh = asking(state).filter((id) => !asking(before).includes(id))
        before = state
        begun += fresh.length
        if (fresh.length > 0) must(!Object.values(state.documents).some(isOpen), `${fresh.join()} is asked about`)
      })
    }),
    RUNS,
  )
  expect(begun).toBeGreaterThan(0)
})

test('while one of them stays, the closes deferred to it need nothing, and are not verified', () => {
  let left = 0
  fc.assert(
    fc.property(several, attempts, (world, plans) => {
      if (world.allGo) return
      const { entries, questions } = live(world, plans)
      const others = entries.filter(({ timeline }) => timeline.some(({ detail }) => detail === 'left, other_ccp'))
      left += others.length
      for (const { outcome, reason } of others) must(`${outcome}/${reason}` === 'not_needed/other_ccp', 'needed')
      must(questions.length === 0, 'asked about while somebody is there')
    }),
    RUNS,
  )
  expect(left).toBeGreaterThan(0)
})
