/** Random worlds of CCP documents, and the order in which the background receives their events. */
import * as fc from 'fast-check'
import type { AgentFacts } from '../../../../src/domain/agent'
import type { ClosingReport } from '../../../../src/domain/close-report'
import type { DocumentEvent, CcpEvent } from '../../../../src/domain/closes/events'
import type { DocumentHeader, TabPlace } from '../../../../src/domain/closes/ccp-document'
import { agentEvent, ATTEMPTED, closing, facts, failed, header, state, succeeded, T0 } from '../build'

const MINUTE = 60_000

type End =
  /** Reports its end; the browser may report the closed tab as well. */
  | 'said'
  | 'port'
  | 'tab'
  /** Nothing shows its end but the next start of the browser. */
  | 'run'
  | 'lives'

interface Life {
  readonly tab: number
  readonly frame: number
  readonly agent: number
  readonly opened: number
  readonly updates: readonly { readonly after: number; readonly type: 'routable' | 'not_routable' | 'offline' }[]
  /** Closes that did not happen, with the answer to each call. */
  readonly aborted: readonly { readonly did: number; readonly answer: number }[]
  readonly lastWords: boolean
  readonly did: number
  readonly answer: number
  readonly hint: ClosingReport['hint']
  readonly end: End
  readonly navigationType: 'navigate' | 'reload'
}

/** How one event gets through. */
interface Passage {
  readonly delay: number
  readonly again: number | null
  readonly mail: boolean
  /** Whether it never arrives, in a world that may lose events. */
  readonly lost: boolean
}

/** An event, and when the background receives it. */
export interface Delivery {
  readonly heard: number
  readonly event: CcpEvent
}

export interface World {
  readonly deliveries: readonly Delivery[]
  /** The times of the background's own ticks. */
  readonly ticks: readonly number[]
  /** Documents that are open until the end. */
  readonly living: ReadonlySet<string>
  /** Documents that have closed. */
  readonly gone: ReadonlySet<string>
}

const AGENTS = ['ada', 'bob']
const DIDS: readonly ClosingReport['did'][] = [
  ATTEMPTED,
  { action: 'none', reason: 'not_routable' },
  { action: 'cannot', reason: 'not_configured' },
]

const small = fc.nat({ max: 1_500 })
const life: fc.Arbitrary<Life> = fc.record({
  tab: fc.integer({ min: 1, max: 3 }),
  frame: fc.nat({ max: 2 }),
  agent: fc.nat({ max: 1 }),
  opened: fc.nat({ max: MINUTE }),
  updates: fc.array(
    fc.record({
      after: small,
      type: fc.constantFrom('routable' as const, 'not_routable' as const, 'offline' as const),
    }),
    { maxLength: 3 },
  ),
  aborted: fc.array(fc.record({ did: fc.nat({ max: 2 }), answer: fc.nat({ max: 3 }) }), { maxLength: 2 }),
  lastWords: fc.boolean(),
  did: fc.nat({ max: 2 }),
  answer: fc.nat({ max: 3 }),
  hint: fc.constantFrom(null, 'logout' as const, 'reload' as const, 'navigation' as const),
  end: fc.constantFrom<End>('said', 'said', 'port', 'tab', 'run', 'lives'),
  navigationType: fc.constantFrom('navigate' as const, 'reload' as const),
})
/** @param wild whether events may come later than anybody waits for, in any order, or not at all. */
const passage = (wild: boolean): fc.Arbitrary<Passage> =>
  fc.record({
    delay: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, wild ? fc.nat({ max: 2 * MINUTE }) : small),
    again: fc.option(fc.nat({ max: 5 * MINUTE }), { nil: null, freq: 3 }),
    mail: fc.boolean(),
    lost: wild ? fc.nat({ max: 9 }).map((die) => die === 0) : fc.constant(false),
  })

const answerEvent = (closeId: string, answer: number): DocumentEvent[] => {
  if (answer === 0) return []
  if (answer === 1) return [succeeded(closeId)]
  if (answer === 2) return [failed(closeId)]
  return [failed(closeId, 'UnexpectedParameter'), succeeded(closeId)]
}

/** The deliveries of one life; `passages` are taken in turn. */
function liveOut(index: number, plan: Life, opened: number, passages: readonly Passage[], wild: boolean): Delivery[] {
  const docId = `doc-${index}`
  const place: TabPlace = { tabId: plan.tab, frameId: plan.frame, ownCookies: true }
  const document: DocumentHeader = header(docId, {
    openedAt: T0 + opened,
    framed: plan.frame > 0,
    navigationType: plan.navigationType,
  })
  const agent = (type: 'routable' | 'not_routable' | 'offline'): AgentFacts =>
    facts(type, { username: AGENTS[plan.agent] ?? '' })
  const told: Delivery[] = []
  let now = opened
  let heard = opened
  let turn = 0
  /** A living page's events arrive in time; a close report may come late, twice, and through the mailbox. */
  const say = (docEvent: DocumentEvent, isLast: boolean): void => {
    const { delay, again, mail, lost } = passages[(index * 7 + turn) % passages.length] as Passage
    turn += 1
    now += 1
    const seq = turn
    const event = (from: TabPlace | null): CcpEvent => {
      return { type: 'document', at: T0 + now, seq, runId: 'run', header: document, place: from, docEvent }
    }
    // A document's events arrive in order, unless the world is wild.
    const late =
      docEvent.type === 'hello' ? 0 : wild ? delay : plan.aborted.length > 0 ? Math.min(delay, 40) : isLast ? delay : 0
    const arrives = now + late
    heard = wild ? arrives : Math.max(heard, arrives)
    if (!lost || !isLast || docEvent.type === 'gone') told.push({ heard, event: event(isLast && mail ? null : place) })
    if (again !== null) told.push({ heard: heard + again, event: event(isLast ? null : place) })
  }

  say({ type: 'hello' }, false)
  say(agentEvent(agent('routable')), false)
  for (const update of plan.updates) {
    now += update.after
    say(agentEvent(agent(update.type)), false)
  }
  const tryToClose = (closeId: string, did: number, answer: number): void => {
    now += 100
    const action = DIDS[did] ?? ATTEMPTED
    say(closing(closeId, { did: action, hint: plan.hint, stateBefore: state('routable') }, agent('routable')), true)
    if (action.action === 'attempted') for (const docEvent of answerEvent(closeId, answer)) say(docEvent, true)
  }
  plan.aborted.forEach(({ did, answer }, nth) => {
    const closeId = `close-${index}-${nth}`
    tryToClose(closeId, did, answer)
    now += 30_000
    say({ type: 'stayed', closeId }, true)
  })
  if (plan.end === 'lives') return told
  if (plan.lastWords) tryToClose(`close-${index}-last`, plan.did, plan.answer)
  now += 5
  if (plan.end === 'said') say({ type: 'gone' }, true)
  if (plan.end === 'port' || plan.end === 'said') {
    told.push({ heard: now + 2, event: { type: 'lost', at: T0 + now + 2, docId, place, by: 'disconnect' } })
  }
  return told
}

/** One line for each delivery of a counterexample. */
function tellOf({ heard, event }: Delivery): string {
  const said = `${heard} (${event.at - T0}) ${event.type}`
  if (event.type === 'lost') return `${said} ${event.docId}`
  if (event.type !== 'document') return said
  const { docEvent, place, header: document } = event
  const close = docEvent.type === 'closing' ? `${docEvent.report.closeId} ${docEvent.report.did.action}` : ''
  const detail =
    'closeId' in docEvent ? docEvent.closeId : docEvent.type === 'agent' ? docEvent.agent.state.type : close
  return `${said} ${document.docId} ${place === null ? 'mail' : `${place.tabId}/${place.frameId}`} ${docEvent.type} ${detail}`
}

/** @param wild see `passage`. */
export const worlds = (wild: boolean): fc.Arbitrary<World> =>
  fc
    .record({
      lives: fc.array(life, { minLength: 1, maxLength: 5 }),
      passages: fc.array(passage(wild), { minLength: 5, maxLength: 30 }),
      ticks: fc.array(fc.nat({ max: 10 * MINUTE }), { maxLength: 8 }),
    })
    .map(({ lives: plans, passages, ticks }) => {
      // Browsers close all frames of one tab together, so none of them stays on its own.
      const nested = new Set(plans.filter(({ frame }) => frame > 0).map(({ tab }) => tab))
      const lives = plans.map((plan) => (nested.has(plan.tab) ? { ...plan, aborted: [] } : plan))
      const deliveries: Delivery[] = []
      const living = new Set<string>()
      const gone = new Set<string>()
      // Within one frame, documents follow each other; one that stays, or ends with its tab, is the last of its
      // frame.
      const free = new Map<string, number>()
      const tabEnds = new Map<number, number>()
      let last = 0
      lives.forEach((plan, index) => {
        const frame = `${plan.tab}/${plan.frame}`
        const from = Math.max(plan.opened, free.get(frame) ?? 0)
        if (!Number.isFinite(from)) return
        const own = liveOut(index, plan, from, passages, wild)
        const end = Math.max(...own.map(({ event }) => event.at - T0))
        last = Math.max(last, end)
        deliveries.push(...own)
        free.set(frame, plan.end === 'said' || plan.end === 'port' ? end + 50 : Infinity)
        tabEnds.set(plan.tab, Math.max(tabEnds.get(plan.tab) ?? 0, end + 3))
        if (plan.end === 'lives') living.add(`doc-${index}`)
        else gone.add(`doc-${index}`)
      })
      // A closed tab closes all of its frames, and a new run of the browser ends everything.
      const closedTabs = new Set(lives.filter((plan) => plan.end === 'tab').map((plan) => plan.tab))
      const runEnds = lives.some((plan) => plan.end === 'run')
      for (const tabId of closedTabs) {
        const at = tabEnds.get(tabId) ?? 0
        deliveries.push({ heard: at, event: { type: 'tab_removed', at: T0 + at, tabId, windowClosing: false } })
      }
      for (const docId of [...living]) {
        const plan = lives[Number(docId.slice(4))]
        if (!runEnds && !(plan !== undefined && closedTabs.has(plan.tab))) continue
        living.delete(docId)
        gone.add(docId)
      }
      if (runEnds) {
        const at = last + 5 * MINUTE
        deliveries.push({ heard: at, event: { type: 'worker_started', at: T0 + at, runId: 'next run' } })
      }
      deliveries.sort((a, b) => a.heard - b.heard)
      return { deliveries, ticks, living, gone, [fc.toStringMethod]: () => deliveries.map(tellOf).join('\n') }
    })
