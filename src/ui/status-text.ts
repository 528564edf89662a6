/** An agent's status under the name that people read. */
import type { AgentState, ContactFacts } from '../domain/agent'
import { statusWord } from '../domain/status-word'
import { t } from './i18n'

/** The text for a status that a contact or an error has set; null for one that agents know by its name. */
export function contactStatusText(state: Pick<AgentState, 'name' | 'type'>): string | null {
  const word = statusWord(state)
  return word === null ? null : t(word)
}

/** @param contacts the agent's contacts, where they are known: they distinguish a chat from a call. */
export function statusText(state: Pick<AgentState, 'name' | 'type'>, contacts: readonly ContactFacts[] = []): string {
  const word = statusWord(state, contacts)
  return word === null ? state.name || t('stateNameAvailable') : t(word)
}
