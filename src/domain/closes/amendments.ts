/** What becomes known of a close after its entry was written: the outcome stays, the exposure gets its end. */
import { agentKey } from '../agent'
import { sightingOf } from '../exposure'
import type { Amendment } from '../log-entry'
import type { DocumentHeader } from './ccp-document'
import type { CcpEvent } from './events'
import { endsByReturn, flagsOf, standsWhenSeen } from './flags'
import { returnTo } from './open-exposures'
import { closeNamed } from './close'
import { answerStep } from './documents'
import { isOfRecovery } from './recovery'
import { unprotectedId } from './unprotected'
import type { CloseState } from './state'

/** The amendments that an event brings. @param state the state before the event. */
export function amendmentsOf(state: CloseState, event: CcpEvent): Amendment[] {
  if (event.type === 'presence' && event.presence === 'active') return returnsOf(state, event.at)
  if (event.type === 'logged_out') return [logOutOf(event)]
  if (event.type !== 'document' || isOfRecovery(state, event)) return []
  const { docEvent, at, header } = event
  switch (docEvent.type) {
    case 'agent': {
      // A late message of a document whose close is finalized says nothing of a return.
      if (Object.hasOwn(state.ended, header.docId)) return []
      const key = agentKey(header.instance, docEvent.agent)
      const wasUnprotected = state.documents[header.docId]?.protection.status === 'unprotected'
      const protectedNow = {
        id: unprotectedId(header.docId),
        exposure: null,
        step: { at, event: 'protected' },
      } as const
      // An agent who asked for Offline in the popup was never away: there is no return to record.
      const over = flagsOf(state).filter(
        (flag) =>
          flag.why !== 'asked' && agentKey(flag.instance, flag) === key && !standsWhenSeen(flag, docEvent.agent, at),
      )
      const seen = sightingOf(docEvent.agent, at)
      return [...(wasUnprotected ? [protectedNow] : []), ...over.map((flag) => returnTo(flag, seen))]
    }
    case 'undone':
    case 'given_back': {
      const { closeId, result, type: event } = docEvent
      return [
        {
          id: idOf(state, closeId),
          of: speakerOf(state, header),
          exposure: null,
          step: { at, event, ...(!result.ok && { detail: result.error.type }) },
        },
      ]
    }
    case 'result': {
      // The answer may reach a page that has stayed after the entry of its close was written.
      const { closeId, result } = docEvent
      if (!Object.hasOwn(state.ended, closeId)) return []
      const id = idOf(state, closeId)
      return [{ id, of: speakerOf(state, header), exposure: null, step: answerStep(at, result) }]
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

/** The id of a close that a page has named itself. */
function idOf(state: CloseState, name: string): string {
  return closeNamed(state, name)?.id ?? name
}

/** The agent of the document that sends an event: it has no say about the closes of other agents. */
function speakerOf(
  { documents }: CloseState,
  { docId, instance }: DocumentHeader,
): { readonly instance: string; readonly username: string | null } {
  return { instance, username: documents[docId]?.agent?.username ?? null }
}

/** Somebody is at the computer again: flags for absence end. */
function returnsOf(state: CloseState, at: number): Amendment[] {
  return flagsOf(state)
    .filter(({ why }) => endsByReturn(state, why))
    .map(({ closeId, since }) => ({
      id: closeId,
      exposure: { from: since, until: at, certainty: 'at_most' },
      step: { at, event: 'agent_back' },
    }))
}

function logOutOf({ closeId, at, problem }: Extract<CcpEvent, { type: 'logged_out' }>): Amendment {
  const step =
    problem === null
      ? ({ at, event: 'logged_out' } as const)
      : ({ at, event: 'log_out_failed', detail: problem } as const)
  return { id: closeId, exposure: null, step }
}
