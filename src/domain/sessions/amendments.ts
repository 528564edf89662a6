/** What becomes known of a close after its entry was written: its outcome stands, its exposure has an end. */
import { agentKey } from '../agent'
import type { Amendment } from '../log-entry'
import type { SessionEvent } from './events'
import { endsByReturn, standsWhenSeen } from './away'
import { returnTo } from './open-exposures'
import { answerStep } from './documents'
import { isOfRecovery } from './recovery'
import { unprotectedId } from './unprotected'
import type { SessionsState } from './state'

/** The amendments that an event brings. The state is the one before the event. */
export function amendmentsOf(state: SessionsState, event: SessionEvent): Amendment[] {
  if (event.type === 'presence' && event.presence === 'active') return returnsOf(state, event.at)
  if (event.type === 'logged_out') return [logOutOf(event)]
  if (event.type !== 'news' || isOfRecovery(state, event)) return []
  const { news, at, header } = event
  switch (news.type) {
    case 'agent': {
      // What is told late of a document that is done with tells of no return.
      if (Object.hasOwn(state.ended, header.docId)) return []
      const key = agentKey(header.instance, news.agent)
      const wasUnprotected = state.documents[header.docId]?.protection.status === 'unprotected'
      const protectedNow = {
        id: unprotectedId(header.docId),
        exposure: null,
        step: { at, event: 'protected' },
      } as const
      // Who has asked for it in the popup was never away: there is nothing to come back from.
      const over = state.flags.filter(
        (flag) =>
          flag.why !== 'asked' && agentKey(flag.instance, flag) === key && !standsWhenSeen(flag, news.agent.state, at),
      )
      const seen = { at, state: news.agent.state }
      return [...(wasUnprotected ? [protectedNow] : []), ...over.map((flag) => returnTo(flag, seen))]
    }
    case 'undone':
    case 'given_back': {
      const { closeId, result, type: event } = news
      return [
        {
          id: closeId,
          exposure: null,
          step: { at, event, ...(!result.ok && { detail: result.error.type }) },
        },
      ]
    }
    case 'result': {
      // A page that has stayed hears an answer after the entry of its close was written.
      const { closeId, result } = news
      if (!Object.hasOwn(state.ended, closeId)) return []
      return [{ id: closeId, exposure: null, step: answerStep(at, result) }]
    }
    case 'hello':
    case 'unprotected':
    case 'closing':
    case 'stayed':
    case 'capabilities':
    case 'recovered':
    case 'gone':
      return []
  }
}

/** Somebody is at the computer again: who was shown as away is so no more. */
function returnsOf(state: SessionsState, at: number): Amendment[] {
  return state.flags
    .filter(({ why }) => endsByReturn(state, why))
    .map(({ closeId, since }) => ({
      id: closeId,
      exposure: { from: since, until: at, certainty: 'at_most' },
      step: { at, event: 'agent_back' },
    }))
}

function logOutOf({ closeId, at, problem }: Extract<SessionEvent, { type: 'logged_out' }>): Amendment {
  const step =
    problem === null
      ? ({ at, event: 'logged_out' } as const)
      : ({ at, event: 'log_out_failed', detail: problem } as const)
  return { id: closeId, exposure: null, step }
}
