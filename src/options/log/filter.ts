import type { Cause, Outcome } from '../../domain/log-entry'
import { h } from '../../ui/dom'
import { locale, t } from '../../ui/i18n'
import { CAUSES, OUTCOMES } from '../../ui/words'
import type { LogItem } from './items'
import type { TimeSpan } from './times'
import { TIME_SPANS, timeRange } from './times'

export interface FilterPlaces {
  readonly search: HTMLInputElement
  readonly outcome: HTMLSelectElement
  readonly cause: HTMLSelectElement
  readonly agent: HTMLSelectElement
  readonly time: HTMLSelectElement
  /** Holds `from` and `to`. */
  readonly between: HTMLElement
  readonly from: HTMLInputElement
  readonly to: HTMLInputElement
}

export interface Filter {
  /** Of these items the ones that match, in the same order. */
  matching(items: readonly LogItem[]): readonly LogItem[]
  isSet(): boolean
  reset(): void
  /** Offers the agents of these items. One that is chosen stays so. */
  offerAgents(items: readonly LogItem[]): void
}

const ALL = ''
const NO_AGENT = '-'

const SPANS = {
  any: 'timeAny',
  today: 'timeToday',
  day: 'timeDay',
  week: 'timeWeek',
  month: 'timeMonth',
  between: 'timeBetween',
} as const satisfies Record<TimeSpan, string>

/** The filter of the log. Every part of it has to fit; of the free text, every word has to occur. */
export function logFilter(places: FilterPlaces, changed: () => void): Filter {
  const { search, outcome, cause, agent, time, between, from, to } = places
  const outcomes = Object.keys(OUTCOMES) as Outcome[]
  const causes = Object.keys(CAUSES) as Cause[]
  offer(outcome, [[ALL, t('logOutcomeAll')], ...outcomes.map((each) => [each, t(OUTCOMES[each].word)] as const)])
  offer(cause, [[ALL, t('logCauseAll')], ...causes.map((each) => [each, t(CAUSES[each])] as const)])
  offer(agent, [[ALL, t('logAgentAll')]])
  offer(
    time,
    TIME_SPANS.map((span) => [span, t(SPANS[span])]),
  )

  const span = (): TimeSpan => TIME_SPANS.find((each) => each === time.value) ?? 'any'
  const words = () => search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const follow = () => {
    between.hidden = span() !== 'between'
    changed()
  }
  search.addEventListener('input', changed)
  for (const each of [outcome, cause, agent, from, to]) each.addEventListener('change', changed)
  time.addEventListener('change', follow)
  between.hidden = true

  return {
    matching: (items) => {
      const wanted = words()
      const range = timeRange(span(), { from: from.value, to: to.value }, Date.now())
      const who = agent.value === NO_AGENT ? null : agent.value
      return items.filter(
        ({ entry, text, agent: key }) =>
          (outcome.value === ALL || entry.outcome === outcome.value) &&
          (cause.value === ALL || entry.cause === cause.value) &&
          (who === ALL || key === who) &&
          entry.at >= range.from &&
          entry.at <= range.to &&
          wanted.every((word) => text.includes(word)),
      )
    },
    isSet: () => [outcome, cause, agent].some(({ value }) => value !== ALL) || span() !== 'any' || words().length > 0,
    reset: () => {
      for (const each of [outcome, cause, agent, search, from, to]) each.value = ''
      time.value = 'any'
      search.focus()
      follow()
    },
    offerAgents: (items) => {
      const chosen = agent.value
      offer(agent, [[ALL, t('logAgentAll')], ...agentsOf(items)])
      agent.value = chosen
      // The chosen one has no entry any more.
      if (agent.value !== chosen) agent.value = ALL
    },
  }
}

function offer(place: HTMLSelectElement, options: readonly (readonly [string, string])[]): void {
  place.replaceChildren(...options.map(([value, text]) => h('option', { value }, text)))
}

/** By name. Of two with the same name, each says at which instance. */
function agentsOf(items: readonly LogItem[]): (readonly [string, string])[] {
  const agents = new Map<string, LogItem>()
  // The first is the newest, and has the name of today.
  for (const item of items) if (item.agent !== null && !agents.has(item.agent)) agents.set(item.agent, item)
  const names = [...agents.values()].map(({ who }) => who)
  const isUnique = (who: string) => names.indexOf(who) === names.lastIndexOf(who)
  const named = [...agents].map(([key, { who, entry }]) => {
    return [key, isUnique(who) ? who : t('logAgentAt', who, entry.username, entry.instance)] as const
  })
  const { compare } = new Intl.Collator(locale(), { numeric: true })
  named.sort(([, a], [, b]) => compare(a, b))
  return items.some(({ agent }) => agent === null) ? [...named, [NO_AGENT, t('logNoAgent')]] : named
}
