import * as fc from 'fast-check'
import { agentKey } from '../../../../src/domain/agent'
import type { LogEntry } from '../../../../src/domain/log-entry'
import { needsAttention } from '../../../../src/domain/log-entry'
import { pendingCloses } from '../../../../src/domain/sessions/closes'
import { nextDeadline } from '../../../../src/domain/sessions/deadlines'
import type { SessionEvent } from '../../../../src/domain/sessions/events'
import { reduceSessions } from '../../../../src/domain/sessions/reduce'
import type { SessionsState } from '../../../../src/domain/sessions/state'
import { keyOf } from '../../../../src/domain/sessions/ccp-document'
import { EMPTY_SESSIONS } from '../../../../src/domain/sessions/state'
import { RULES, T0 } from '../build'
import type { Question } from './asking'
import { attempts, live, refusals, rescues } from './asking'
import type { World } from './world'
import { worlds } from './world'

const RUNS = { numRuns: 1_000 }

/** The whole world as the background hears it, ticks in between, and the time that runs out after it. */
function timeline({ deliveries, ticks }: World): SessionEvent[] {
  const looks = ticks.map((at) => ({ heard: at, event: { type: 'tick', at: T0 + at, tabs: {}, holding: [] } as const }))
  const heard = [...deliveries, ...looks].sort((a, b) => a.heard - b.heard).map(({ event }) => event)
  const end = Math.max(0, ...deliveries.map((delivery) => delivery.heard))
  const later = [5_000, 30_000, 60_000].map(
    (after) => ({ type: 'tick', at: T0 + end + after, tabs: {}, holding: [] }) as const,
  )
  return [...heard, ...later]
}

interface Played {
  state: SessionsState
  entries: LogEntry[]
}

/** The worker dies before each of its looks: what it knows then is what JSON keeps. */
function play(events: readonly SessionEvent[], onEach?: (played: Played) => void): Played {
  let state: SessionsState = EMPTY_SESSIONS
  const entries: LogEntry[] = []
  for (const event of events) {
    if (event.type === 'tick') state = JSON.parse(JSON.stringify(state)) as SessionsState
    const next = reduceSessions(state, event, {
      extensionVersion: '1.2.3',
      mode: 'observe',
      mayAsk: true,
      recovery: 'never',
      graceMs: 20_000,
      rules: () => RULES,
    })
    state = next.state
    entries.push(...next.concluded)
    onEach?.({ state, entries })
  }
  return { state, entries }
}

type News = Extract<SessionEvent, { type: 'news' }>
const newsOf = (events: readonly SessionEvent[]): News[] => events.filter((event) => event.type === 'news')

const closeIdsOf = (events: readonly SessionEvent[]): Set<string> =>
  new Set(newsOf(events).flatMap(({ news }) => (news.type === 'closing' ? [news.report.closeId] : [])))

const stepsOf = (entries: readonly LogEntry[], event: string): number =>
  entries.flatMap((entry) => entry.timeline).filter((step) => step.event === event).length

/** Throws only where it must: `expect` is slow, and this runs a hundred thousand times. */
function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

test('every close that began is logged exactly once, and every document that went is part of exactly one', () => {
  fc.assert(
    fc.property(worlds(false), (world) => {
      const events = timeline(world)
      const { entries, state } = play(events)
      must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
      must(stepsOf(entries, 'closing') === closeIdsOf(events).size, 'a close is missing, or told twice')
      const gone = stepsOf(entries, 'gone') + stepsOf(entries, 'browser_ended')
      must(gone === world.gone.size, `${gone} documents are logged as gone, ${world.gone.size} went`)
      for (const docId of world.living) must(docId in state.documents, `${docId} was forgotten`)
      for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
      must(pendingCloses(state).length === 0, 'a close is pending')
      must(nextDeadline(state, 0) === null, 'somebody waits for another look')
    }),
    RUNS,
  )
})

test('however late, lost or out of order things come, no document that went is stuck and no entry is written twice', () => {
  fc.assert(
    fc.property(worlds(true), (world) => {
      const { entries, state } = play(timeline(world))
      must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
      for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
      must(nextDeadline(state, 0) === null, 'somebody waits for another look')
    }),
    RUNS,
  )
})

/** The clock is set, once: what is said and heard from then on bears another time, in the order in which it happened. */
function withClockSet(events: readonly SessionEvent[], from: number, by: number): SessionEvent[] {
  const opened = new Set<string>()
  return events.map((event, nth) => {
    if (event.type !== 'news') return nth < from ? event : { ...event, at: event.at + by }
    const { header } = event
    if (nth < from) opened.add(header.docId)
    const openedAt = opened.has(header.docId) ? header.openedAt : header.openedAt + by
    return { ...event, header: { ...header, openedAt }, at: nth < from ? event.at : event.at + by }
  })
}

test('nor is one stuck or told twice where the clock is set back, or forward, at any moment', () => {
  const HOUR = 3_600_000
  const by = fc.constantFrom(-24 * HOUR, -HOUR, -11 * 60_000, -30_000, 30_000, HOUR, 24 * HOUR)
  fc.assert(
    fc.property(worlds(true), fc.nat({ max: 60 }), by, (world, from, jump) => {
      const { entries, state } = play(withClockSet(timeline(world), from, jump))
      must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
      for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
      for (const docId of world.living) must(docId in state.documents || docId in state.ended, `${docId} was forgotten`)
      must(nextDeadline(state, 0) === null, 'somebody waits for another look')
    }),
    RUNS,
  )
})

test('a close is confirmed only by an answer of Connect to it, or by a later snapshot of its agent Offline', () => {
  fc.assert(
    fc.property(worlds(true), (world) => {
      const events = timeline(world)
      const news = newsOf(events)
      for (const entry of play(events).entries.filter(({ outcome }) => outcome === 'confirmed')) {
        const closings = news.flatMap((event) =>
          event.news.type === 'closing' ? [{ ...event.news.report, at: event.at }] : [],
        )
        const own = closings.filter(({ at }) =>
          entry.timeline.some((step) => step.event === 'closing' && step.at === at),
        )
        const answered = news.some(
          ({ news: said }) =>
            said.type === 'result' && said.result.ok && own.some(({ closeId }) => closeId === said.closeId),
        )
        const seen = news.some(
          ({ news: said, at }) =>
            said.type === 'agent' &&
            said.agent.username === entry.username &&
            said.agent.state.type === 'offline' &&
            at > entry.at,
        )
        must(entry.evidence === 'call_answered' ? answered : entry.evidence === 'snapshot' && seen, 'no evidence')
      }
    }),
    RUNS,
  )
})

test('a flag stands only for an agent whose close needs attention and who has not been seen since', () => {
  fc.assert(
    fc.property(worlds(true), (world) => {
      play(timeline(world), ({ state, entries }) => {
        for (const flag of state.flags) {
          const entry = entries.find(({ id }) => id === flag.closeId)
          must(entry !== undefined && needsAttention(entry), 'the flag of a close that went well')
          const key = agentKey(flag.instance, flag)
          const isBack = Object.values(state.documents).some((doc) => keyOf(doc) === key && doc.agentAt > flag.since)
          must(!isBack, 'the agent has been seen since')
        }
      })
    }),
    RUNS,
  )
})

test('hearing a thing twice changes nothing', () => {
  fc.assert(
    fc.property(worlds(true), (world) => {
      let state: SessionsState = EMPTY_SESSIONS
      for (const event of timeline(world)) {
        const once = reduceSessions(state, event, {
          extensionVersion: '1.2.3',
          mode: 'observe',
          mayAsk: true,
          recovery: 'never',
          graceMs: 20_000,
          rules: () => RULES,
        })
        const twice = reduceSessions(once.state, event, {
          extensionVersion: '1.2.3',
          mode: 'observe',
          mayAsk: true,
          recovery: 'never',
          graceMs: 20_000,
          rules: () => RULES,
        })
        must(twice.concluded.length === 0, 'concluded again')
        must(JSON.stringify(twice.state) === JSON.stringify(once.state), 'the state has changed')
        state = once.state
      }
    }),
    RUNS,
  )
})

describe('in mode act, whatever the instance says and whenever it says it,', () => {
  test('every close that began is logged exactly once, and nothing is pending in the end', () => {
    let asked = 0
    fc.assert(
      fc.property(worlds(false), attempts, (world, plans) => {
        const { entries, state, questions } = live(world, plans)
        asked += questions.length
        const events = world.deliveries.map(({ event }) => event)
        must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
        must(stepsOf(entries, 'closing') === closeIdsOf(events).size, 'a close is missing, or told twice')
        const gone = stepsOf(entries, 'gone') + stepsOf(entries, 'browser_ended')
        must(gone === world.gone.size, `${gone} documents are logged as gone, ${world.gone.size} went`)
        for (const docId of world.living) must(docId in state.documents, `${docId} was forgotten`)
        for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
        must(pendingCloses(state).length === 0, 'a close is pending')
        must(nextDeadline(state, 0) === null, 'somebody waits for another look')
      }),
      RUNS,
    )
    expect(asked).toBeGreaterThan(RUNS.numRuns)
  })

  test('no document that went is stuck and no entry is written twice, however late, lost or out of order things come', () => {
    fc.assert(
      fc.property(worlds(true), attempts, (world, plans) => {
        const { entries, state } = live(world, plans)
        must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
        for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
        must(nextDeadline(state, 0) === null, 'somebody waits for another look')
      }),
      RUNS,
    )
  })

  test('a close is confirmed by an answer to it, by a later snapshot, or by a finding of that very close', () => {
    const evidences = new Set<string>()
    fc.assert(
      fc.property(worlds(true), attempts, (world, plans) => {
        const news = newsOf(world.deliveries.map(({ event }) => event))
        const { entries, questions } = live(world, plans)
        for (const entry of entries.filter(({ outcome }) => outcome === 'confirmed')) {
          evidences.add(entry.evidence)
          must(isEvident(entry, news, questions), `no evidence: ${entry.evidence} of ${entry.id}`)
        }
      }),
      RUNS,
    )
    expect([...evidences].sort()).toEqual(['asked', 'call_answered', 'set_by_background', 'snapshot'])
  })

  test('a flag stands only for a close that is still asked about, or that needs attention', () => {
    let raised = 0
    fc.assert(
      fc.property(worlds(true), attempts, (world, plans) => {
        const { state } = live(world, plans, ({ state: now, entries }) => {
          for (const flag of now.flags) {
            raised += 1
            const entry = entries.find(({ id }) => id === flag.closeId)
            const isPending = pendingCloses(now).some(({ documents }) =>
              documents.some(({ docId, closing }) => [docId, closing?.report.closeId].includes(flag.closeId)),
            )
            // Last words that come late give a close that is flagged already another name.
            const isOfAnother = entries.some((other) => other.username === flag.username && needsAttention(other))
            must(entry?.outcome !== 'confirmed', 'the flag of a close that is confirmed')
            must(
              entry === undefined ? isPending || isOfAnother : needsAttention(entry),
              'the flag of no close, or of one that went well',
            )
          }
        })
        must(state.flags.length <= 2, 'more flags than agents')
      }),
      RUNS,
    )
    expect(raised).toBeGreaterThan(0)
  })
})

describe('with recovery CCPs, whatever becomes of them,', () => {
  test('every close has one entry and one recovery at most, and nothing is stuck', () => {
    let opened = 0
    fc.assert(
      fc.property(worlds(true), refusals, rescues, (world, plans, rescue) => {
        const { entries, state, begun } = live(world, plans, undefined, rescue)
        opened += begun.length
        must(new Set(entries.map(({ id }) => id)).size === entries.length, 'two entries have one id')
        const steps = entries.map((entry) => entry.timeline.filter(({ event }) => event === 'recovery_opened').length)
        must(Math.max(0, ...steps) <= 1, 'a close was recovered twice')
        for (const docId of world.gone) must(!(docId in state.documents), `${docId} is stuck`)
        must(
          !Object.keys(state.documents).some((docId) => docId.startsWith('recovery')),
          'our own CCP is taken for one',
        )
        must(!entries.some(({ id }) => id.startsWith('recovery')), 'our own CCP has an entry')
        must(state.recovery === null, 'a recovery CCP is left')
        must(nextDeadline(state, 0) === null, 'somebody waits for another look')
      }),
      RUNS,
    )
    expect(opened).toBeGreaterThan(0)
  })

  test('a close is confirmed by a recovery only where one has set its agent Offline', () => {
    let confirmed = 0
    fc.assert(
      fc.property(worlds(false), refusals, rescues, (world, plans, rescue) => {
        const { entries, found } = live(world, plans, undefined, rescue)
        for (const entry of entries.filter(({ evidence }) => evidence === 'set_by_recovery')) {
          confirmed += 1
          const step = entry.timeline.find(({ event }) => event === 'recovery_closed')
          const isEvident = found.some(
            ({ at, finding }) => finding.kind === 'offline' && finding.by === 'set' && at === step?.at,
          )
          must(entry.outcome === 'confirmed' && isEvident, `no evidence of ${entry.id}`)
        }
      }),
      RUNS,
    )
    expect(confirmed).toBeGreaterThan(0)
  })
})

/** Whether Connect's own word stands behind a confirmed entry. */
function isEvident(entry: LogEntry, news: readonly News[], questions: readonly Question[]): boolean {
  const stepAt = (at: number, ...events: string[]): boolean =>
    entry.timeline.some((step) => step.at === at && events.includes(step.event))
  const own = new Set(
    news.flatMap(({ news: said, at }) =>
      said.type === 'closing' && stepAt(at, 'closing') ? [said.report.closeId] : [],
    ),
  )
  switch (entry.evidence) {
    case 'call_answered':
      return news.some(({ news: said }) => said.type === 'result' && said.result.ok && own.has(said.closeId))
    case 'snapshot':
      return news.some(
        ({ news: said, at }) =>
          said.type === 'agent' &&
          said.agent.username === entry.username &&
          said.agent.state.type === 'offline' &&
          at > entry.at,
      )
    case 'asked':
    case 'set_by_background': {
      const by = entry.evidence === 'asked' ? 'asked' : 'set'
      return questions.some(
        ({ finding, closeId, goneAt, at }) =>
          finding.kind === 'offline' &&
          finding.by === by &&
          at >= entry.at &&
          (closeId === null ? goneAt !== null && stepAt(goneAt, 'gone', 'browser_ended') : own.has(closeId)),
      )
    }
    case 'set_by_recovery':
    case 'none':
      return false
  }
}
