/** What can be saved of an event and a state that the state machine cannot process together: one bad item stops nothing. */
import type { CcpEvent } from './events'
import type { Context } from './context'
import { reduceCloses } from './reduce'
import type { Reduction } from './settle'
import type { Close } from './close'
import type { CloseState } from './state'
import { EMPTY_CLOSE_STATE } from './state'

interface Salvaged extends Reduction {
  /** What could not be used: documents, the event, or all but the documents. */
  readonly aside: readonly unknown[]
}

/** Applies an event to as much of the state as can be used. Never throws; called where `reduceCloses` has thrown. */
export function salvaged(state: CloseState, event: CcpEvent, context: Context): Salvaged {
  const tick = { type: 'tick', at: event.at, tabs: {}, holding: [] } as const
  const tried = (part: CloseState, what: CcpEvent): Reduction | null => {
    try {
      return reduceCloses(part, what, context)
    } catch {
      return null
    }
  }
  const isEventGood = tried(EMPTY_CLOSE_STATE, event) !== null
  const trial = isEventGood ? event : tick
  const isGood = ([docId, doc]: [string, CloseState['documents'][string]]): boolean => {
    const alone = { ...EMPTY_CLOSE_STATE, documents: { [docId]: doc } }
    return tried(alone, tick) !== null && tried(alone, trial) !== null
  }
  const documents = Object.entries(state.documents)
  const whole = Object.fromEntries(documents.filter(isGood))
  const bad: unknown[] = documents.filter((one) => !isGood(one)).map(([, doc]) => doc)
  if (!isEventGood) bad.push(event)
  const isGoodClose = ([id, close]: [string, Close]): boolean =>
    tried({ ...EMPTY_CLOSE_STATE, documents: whole, closes: { [id]: close } }, trial) !== null
  const closes = Object.entries(state.closes)
  bad.push(...closes.filter((one) => !isGoodClose(one)).map(([, close]) => close))
  const kept = { ...state, documents: whole, closes: Object.fromEntries(closes.filter(isGoodClose)) }
  const without = tried(kept, trial)
  if (without !== null) return { ...without, aside: bad }
  // Neither the documents, the closes nor the event are at fault. What stands beside them is the smaller loss.
  const { away, recovery, backgroundPaths } = EMPTY_CLOSE_STATE
  const beside = tried({ ...kept, away, recovery, backgroundPaths }, trial)
  if (beside !== null) {
    const { away: awayBefore, recovery: recoveryBefore, backgroundPaths: pathsBefore } = state
    return { ...beside, aside: [...bad, { away: awayBefore, recovery: recoveryBefore, backgroundPaths: pathsBefore }] }
  }
  const bare = tried({ ...EMPTY_CLOSE_STATE, documents: whole }, trial)
  if (bare !== null) return { ...bare, aside: [...bad, { ...state, documents: {} }] }
  return { state: EMPTY_CLOSE_STATE, finalized: [], amendments: [], aside: [state, event] }
}
