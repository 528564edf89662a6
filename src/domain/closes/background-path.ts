/** Whether the background's own calls work at each instance, for the pages of the extension that show it. */
import type { BackgroundPathHealth } from '../capabilities'
import type { Finding } from '../check'
import { closeNamed } from './close'
import type { CcpEvent } from './events'
import type { CloseState } from './state'

/** The state with the outcome of a call of the background. */
export function withBackgroundPath(
  state: CloseState,
  { closeId, at, finding, roundTripMs }: Extract<CcpEvent, { type: 'checked' }>,
): CloseState {
  const instance = closeNamed(state, closeId)?.instance
  const status = statusOf(finding, roundTripMs !== null)
  if (instance === undefined || status === null) return state
  return { ...state, backgroundPaths: { ...state.backgroundPaths, [instance]: { status, roundTripMs, at } } }
}

/**
 * @param wasAnswered whether an answer came before the finding.
 * @returns null where the finding says nothing of the path.
 */
function statusOf(finding: Finding, wasAnswered: boolean): BackgroundPathHealth['status'] | null {
  switch (finding.kind) {
    case 'offline':
    case 'contact':
      return 'works'
    case 'denied':
      return finding.reason === 'separate_cookies' ? null : finding.reason
    case 'no_answer':
      // The instance may have answered with an error of its own, or nothing further was asked.
      if (wasAnswered) return 'works'
      return finding.answer === undefined ? 'no_answer' : null
    case 'ended':
      switch (finding.reason) {
        case 'refused':
        case 'signed_out':
          return finding.reason
        case 'other_agent':
        case 'agent_present':
        case 'state_changed':
        case 'superseded':
        case 'no_offline_state':
        case 'observed':
        case 'not_shown':
          return 'works'
        case 'separate_cookies':
        case 'forbidden':
          return null
      }
  }
}
