/**
 * How much of the state one instance may use: the state is stored with each event, and all instances wait for that. Only a page
 * that floods the extension, or hundreds of CCPs, ever reach these limits.
 */
import { instanceKey } from '../agent'
import { withinShare } from '../share'
import type { Close } from './close'
import { leadOf } from './close-facts'
import { pendingCloses } from './closes'
import type { CcpEvent } from './events'
import type { Context } from './context'
import { ENDED_MOST } from './forgotten'
import type { Reduction } from './settle'
import { finalize } from './settle'
import type { CloseState } from './state'

const MAX_DOCUMENTS = 120
const MAX_NAMES = 120
const MAX_FINALIZED = 320

/**
 * Keeps the state after an event within the shares. A close that must make room is finalized and logged as far as it is known.
 */
export function withinShares(reduction: Reduction, event: CcpEvent, context: Context): Reduction {
  let { state } = reduction
  const finalized = [...reduction.finalized]
  while (Object.keys(state.documents).length > MAX_DOCUMENTS) {
    const before = Object.keys(state.documents).length
    const instance = largestInstance(state)
    const close = pendingCloses(state)
      .filter((one) => instanceKey(leadOf(one).instance) === instance)
      .sort((a, b) => a.startedAt - b.startedAt)[0]
    if (close !== undefined) {
      const finished = finalize(state, close, event.at, context)
      state = finished.state
      finalized.push(finished.entry)
    }
    if (Object.keys(state.documents).length >= before) state = withoutOldest(state, instance)
  }
  return { ...reduction, state: withinLists(state), finalized }
}

function largestInstance({ documents }: CloseState): string {
  const counts = new Map<string, number>()
  for (const { instance } of Object.values(documents)) {
    const key = instanceKey(instance)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))[0]
}

/** All documents are open: the one whose last message is oldest is dropped. */
function withoutOldest(state: CloseState, instance: string): CloseState {
  const [oldest] = Object.values(state.documents)
    .filter((doc) => instanceKey(doc.instance) === instance)
    .sort((a, b) => a.lastSeenAt - b.lastSeenAt)
  const documents = Object.entries(state.documents).filter(([docId]) => docId !== oldest?.docId)
  return { ...state, documents: Object.fromEntries(documents) }
}

function withinLists(state: CloseState): CloseState {
  const ended = Object.entries(state.ended)
  return {
    ...state,
    closes: withinCloses(state.closes),
    ended:
      ended.length <= ENDED_MOST
        ? state.ended
        : Object.fromEntries(ended.sort(([, a], [, b]) => a - b).slice(-ENDED_MOST)),
  }
}

/**
 * Closes from which nothing follows are stored for their names alone, and fewer of them. The others, such as those with a flag,
 * have a limit as well.
 */
function withinCloses(closes: CloseState['closes']): CloseState['closes'] {
  const all = Object.values(closes)
  const named = all.filter(({ verdict, duties }) => verdict !== null && duties.length === 0)
  const withDuty = all.filter(({ verdict, duties }) => verdict !== null && duties.length > 0)
  if (named.length <= MAX_NAMES && withDuty.length <= MAX_FINALIZED - MAX_NAMES) return closes
  const within = (some: readonly Close[], max: number): readonly Close[] =>
    withinShare(
      some,
      max,
      ({ instance }) => instanceKey(instance),
      ({ username }) => username.toLowerCase(),
    )
  const kept = new Set([...within(named, MAX_NAMES), ...within(withDuty, MAX_FINALIZED - MAX_NAMES)])
  return Object.fromEntries(all.filter((one) => one.verdict === null || kept.has(one)).map((one) => [one.id, one]))
}
