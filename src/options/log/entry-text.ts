/** The text of an entry that the search looks through: what its row and its details show, in the user's language. */
import type { Facet, FacetValue } from '../../domain/log-digest'
import { FACET_NAMES } from '../../domain/log-digest'
import type { LogEntry } from '../../domain/log-entry'
import { formatDateTime } from '../../ui/format'
import { t } from '../../ui/i18n'
import { evidenceText, reasonText } from '../../ui/log-words'
import { statusText } from '../../ui/status-text'
import { CAUSES, OUTCOMES, shownOutcome } from '../../ui/words'

/** The texts of each facet. No word of a search spans two of them. */
const TEXTS: { readonly [F in Facet]: (value: FacetValue<F>) => readonly (string | null | undefined)[] } = {
  agent: ({ agentName, username }) => [agentName, username],
  instance: ({ instance }) => [instance],
  machine: ({ routingProfile, label }) => [routingProfile, label],
  state: ({ stateBefore }) => [stateBefore.name, statusText(stateBefore)],
  result: (value) => [t(OUTCOMES[shownOutcome(value)].word), evidenceText(value), reasonText(value)],
  cause: ({ cause }) => [t(CAUSES[cause])],
  error: ({ error }) => [error?.type, error?.message],
}

/** In small letters, as the words of a search are. */
export function facetText<F extends Facet>(facet: F, value: FacetValue<F>): string {
  return TEXTS[facet](value).join('\n').toLocaleLowerCase()
}

export function dateText(at: number): string {
  return formatDateTime(at).toLocaleLowerCase()
}

/** All text of an entry, in small letters. */
export function entryText(entry: LogEntry): string {
  const facets = FACET_NAMES.map((facet) => facetText(facet, entry))
  return [entry.id.toLocaleLowerCase(), ...facets, dateText(entry.at)].join('\n')
}
