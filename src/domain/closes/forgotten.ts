/** Documents without an agent, and the record of documents that have ended: dropped once nothing follows from them. */
import type { Passed } from '../clock'
import { LOADING_MS } from './agent-presence'
import type { CcpDocument } from './ccp-document'
import type { Context } from './context'
import type { CloseState } from './state'
import { withFlagOfUnprotected } from './unprotected'

/** How long a late event of a finished document is recognized as such: mail may lie in the mailbox until the next start. */
const ENDED_MS = 7 * 24 * 60 * 60_000
/** How many of them are remembered: far more than one browser closes while anything may still arrive. */
export const ENDED_MOST = 1_000

/** Drops documents that went without ever having had an agent, and the record of documents that ended long ago. */
export function withoutForgotten(state: CloseState, now: number, passed: Passed, context: Context): CloseState {
  // Its close report may still be under way, and name the agent.
  const isForgotten = (doc: CcpDocument) => doc.agent === null && doc.gone !== null && passed(doc.gone.at, LOADING_MS)
  const documents = Object.entries(state.documents).filter(([, doc]) => !isForgotten(doc))
  const dropped = Object.values(state.documents).filter(isForgotten)
  const flagged = dropped.reduce((next, doc) => withFlagOfUnprotected(next, doc, now, context), state)
  return { ...flagged, documents: Object.fromEntries(documents), ended: withoutLongEnded(state.ended, dropped, now) }
}

/** Returns the same object where nothing changes: it is long, and stored only when it is another. */
function withoutLongEnded(
  before: CloseState['ended'],
  dropped: readonly CcpDocument[],
  now: number,
): CloseState['ended'] {
  const times = Object.values(before)
  if (dropped.length === 0 && times.length <= ENDED_MOST && times.every((at) => now - at < ENDED_MS)) return before
  const ended = [
    ...Object.entries(before).filter(([, at]) => now - at < ENDED_MS),
    ...dropped.map((doc) => [doc.docId, now] as const),
  ]
  return Object.fromEntries(ended.length <= ENDED_MOST ? ended : ended.sort(([, a], [, b]) => a - b).slice(-ENDED_MOST))
}
