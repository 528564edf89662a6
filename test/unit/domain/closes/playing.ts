/** Plays a world to the state machine; shared by the property tests. */
import type { LogEntry } from '../../../../src/domain/log-entry'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { RULES, T0 } from '../build'
import type { World } from './world'

/** How many worlds each property is tried in. */
export const RUNS = { numRuns: 1_000 }

/** The whole world as the background receives it, with ticks in between and the time that runs out after it. */
export function timeline({ deliveries, ticks }: World): CcpEvent[] {
  const looks = ticks.map((at) => ({ heard: at, event: { type: 'tick', at: T0 + at, tabs: {}, holding: [] } as const }))
  const heard = [...deliveries, ...looks].sort((a, b) => a.heard - b.heard).map(({ event }) => event)
  const end = Math.max(0, ...deliveries.map((delivery) => delivery.heard))
  const later = [5_000, 30_000, 60_000].map(
    (after) => ({ type: 'tick', at: T0 + end + after, tabs: {}, holding: [] }) as const,
  )
  return [...heard, ...later]
}

export interface Played {
  state: CloseState
  entries: LogEntry[]
}

/** The worker dies before each tick, so it knows only what JSON keeps. */
export function play(events: readonly CcpEvent[], onEach?: (played: Played) => void): Played {
  let state: CloseState = EMPTY_CLOSE_STATE
  const entries: LogEntry[] = []
  for (const event of events) {
    if (event.type === 'tick') state = JSON.parse(JSON.stringify(state)) as CloseState
    const next = reduceCloses(state, event, {
      extensionVersion: '1.2.3',
      mode: 'observe',
      mayAsk: true,
      recoveryUse: 'never',
      graceMs: 20_000,
      rulesOf: () => RULES,
    })
    state = next.state
    entries.push(...next.finalized)
    onEach?.({ state, entries })
  }
  return { state, entries }
}

export type News = Extract<CcpEvent, { type: 'document' }>
export const newsOf = (events: readonly CcpEvent[]): News[] => events.filter((event) => event.type === 'document')

export const closeIdsOf = (events: readonly CcpEvent[]): Set<string> =>
  new Set(newsOf(events).flatMap(({ docEvent }) => (docEvent.type === 'closing' ? [docEvent.report.closeId] : [])))

export const stepsOf = (entries: readonly LogEntry[], event: string): number =>
  entries.flatMap((entry) => entry.timeline).filter((step) => step.event === event).length

/** A cheap assertion: `expect` is slow, and this runs a hundred thousand times. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}
