/**
 * Where the background may not call an instance's API itself, a CCP that is opened for a moment can still set an agent Offline.
 * This module is what its bridge decides by; `closes/recovery.ts` decides when one is opened, and when it is over.
 */
import type { AgentFacts, AgentState, ContactFacts } from './agent'
import type { CallError } from './close-report'
import { judgeSnapshot } from './judge-snapshot'

/** How long a recovery CCP may take before it is closed, whatever it shows. */
export const RECOVERY_MS = 30_000

/** How long the agent may take to accept an offered CCP once the check has ended, counted from the offer, in ms. */
export const OFFER_MS = 30 * 60_000

/** How long it waits, in ms, for the snapshot that follows Connect's answer within a second or two. */
export const RECOVERY_LOOK_MS = 8_000

/** The task of a recovery CCP. */
export interface RecoveryOrder {
  readonly closeId: string
  readonly username: string
  /** The state that the close left. */
  readonly stateBefore: AgentState
  /** A contact was seen since the close: it alone may explain a change of the state. */
  readonly sawContact: boolean
  /** Somebody has taken a contact since the close. */
  readonly isAnswered?: boolean
  /** The contacts at the close, and the state that was queued for their end, as far as they are known. */
  readonly contacts?: readonly ContactFacts[]
  readonly nextState?: AgentState
}

/** What a recovery CCP found, and did. */
export type RecoveryFinding =
  /** A snapshot showed the agent Offline: as found, or after the call that set them so. */
  | { readonly kind: 'offline'; readonly by: 'seen' | 'set' }
  /** Connect accepted the call, and no snapshot showed its effect. */
  | { readonly kind: 'accepted' }
  /** Connect's answer to the call was an error. */
  | { readonly kind: 'failed'; readonly error: CallError }
  /** Nothing was changed. */
  | {
      readonly kind: 'ended'
      readonly reason: 'other_agent' | 'contact' | 'state_changed' | 'superseded' | 'no_offline_state'
    }

/**
 * What to do with the agent whom a recovery CCP shows: any other agent, or one in another state, is left untouched.
 * @param fromStates `fromStates` of the settings.
 */
export function decideRecovery(
  order: RecoveryOrder,
  agent: AgentFacts,
  fromStates: readonly string[],
): 'set' | 'wait' | RecoveryFinding {
  // Streams announces an agent before it knows their state.
  if (agent.state.type === 'init') return 'wait'
  if (agent.username !== order.username) return { kind: 'ended', reason: 'other_agent' }
  const { stateBefore: state, isAnswered = false, ...left } = order
  switch (judgeSnapshot({ ...left, state, isAnswered }, agent, fromStates)) {
    case 'offline':
      return { kind: 'offline', by: 'seen' }
    case 'stale':
      return 'wait'
    case 'contact':
    case 'work':
      return { kind: 'ended', reason: 'contact' }
    case 'changed':
      return { kind: 'ended', reason: 'state_changed' }
    case 'superseded':
      return { kind: 'ended', reason: 'superseded' }
    case 'set':
      return agent.offlineState === null ? { kind: 'ended', reason: 'no_offline_state' } : 'set'
  }
}
