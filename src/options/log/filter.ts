import { agentKey } from '../../domain/agent'
import type { FacetValue } from '../../domain/log-digest'
import type { Cause } from '../../domain/log-entry'
import type { LogOwner, LogPart } from '../../storage/log-store'
import { h } from '../../ui/dom'
import { locale, t } from '../../ui/i18n'
import type { ShownOutcome } from '../../ui/words'
import { CAUSES, OUTCOMES, shownOutcome } from '../../ui/words'
import type { TimeSpan } from './times'
import { TIME_SPANS, timeRange } from './times'
import type { FacetTests, Wanted } from './wanted'
import { whoOf } from './who'

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
  /** The filter as it is set now. */
  wanted(): Wanted
  isSet(): boolean
  reset(): void
  /** Offers these agents. A chosen agent stays chosen while there. */
  offerAgents(owners: readonly LogOwner[]): void
}

const ALL = ''
const TRIAL: ShownOutcome = 'trial'
const NO_AGENT = '-'

const SPANS = {
  any: 'timeAny',
  today: 'timeToday',
  day: 'timeDay',
  week: 'timeWeek',
  month: 'timeMonth',
  between: 'timeBetween',
} as const satisfies Record<TimeSpan, string>

/** The filter of the log. An entry has to match every field, and every word of the search. */
export function logFilter(places: FilterPlaces, changed: () => void): Filter {
  const { search, outcome, cause, agent, time, between, from, to } = places
  const outcomes = Object.keys(OUTCOMES) as ShownOutcome[]
  const causes = Object.keys(CAUSES) as Cause[]
  offer(outcome, [[ALL, t('logOutcomeAll')], ...outcomes.map((each) => [each, t(OUTCOMES[each].word)] as const)])
  offer(cause, [[ALL, t('logCauseAll')], ...causes.map((each) => [each, t(CAUSES[each])] as const)])
  offer(agent, [[ALL, t('logAgentAll')]])
  offer(
    time,
    TIME_SPANS.map((span) => [span, t(SPANS[span])]),
  )

  const span = (): TimeSpan => TIME_SPANS.find((each) => each === time.value) ?? 'any'
  let agents: ReadonlyMap<string, readonly LogOwner[]> = new Map()
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
    wanted: () => {
      const range = timeRange(span(), { from: from.value, to: to.value }, Date.now())
      const [who, how, why] = [agent.value, outcome.value, cause.value]
      const [owner, ...more] = agents.get(who) ?? []
      const parts: LogPart[] = []
      // An agent with several hosts is searched for by time.
      if (owner !== undefined && more.length === 0) parts.push({ index: 'owner', of: [owner.instance, owner.username] })
      // Entries of mode `observe` have one of several outcomes, so they are searched for by time.
      if (how !== ALL && how !== TRIAL) parts.push({ index: 'outcome', of: [how] })
      if (why !== ALL) parts.push({ index: 'cause', of: [why] })
      const facets: FacetTests = {
        ...(how !== ALL && { result: (value) => shownOutcome(value) === how }),
        ...(why !== ALL && { cause: ({ cause }) => cause === why }),
        ...(who !== ALL && { agent: (value) => keyOf(value) === who }),
      }
      return { range, parts, facets, words: words() }
    },
    isSet: () => [outcome, cause, agent].some(({ value }) => value !== ALL) || span() !== 'any' || words().length > 0,
    reset: () => {
      for (const each of [outcome, cause, agent, search, from, to]) each.value = ''
      time.value = 'any'
      search.focus()
      follow()
    },
    offerAgents: (owners) => {
      const chosen = agent.value
      agents = byKey(owners)
      offer(agent, [[ALL, t('logAgentAll')], ...choicesOf(agents)])
      agent.value = chosen
      // The chosen agent has no entry any more.
      if (agent.value !== chosen) agent.value = ALL
    },
  }
}

function offer(place: HTMLSelectElement, options: readonly (readonly [string, string])[]): void {
  place.replaceChildren(...options.map(([value, text]) => h('option', { value }, text)))
}

/** One for an agent across the hosts of an instance, and one for all pages whose agent was never seen. */
function keyOf(of: FacetValue<'agent'>): string {
  return of.username === '' && of.agentName === '' ? NO_AGENT : agentKey(of.instance, of)
}

function byKey(owners: readonly LogOwner[]): ReadonlyMap<string, readonly LogOwner[]> {
  const agents = new Map<string, LogOwner[]>()
  for (const owner of owners) {
    const known = agents.get(keyOf(owner))
    if (known === undefined) agents.set(keyOf(owner), [owner])
    else known.push(owner)
  }
  return agents
}

/** Sorted by name, which is the agent's current one. The instance distinguishes agents of the same name. */
function choicesOf(agents: ReadonlyMap<string, readonly LogOwner[]>): (readonly [string, string])[] {
  const newest = [...agents].flatMap(([key, owners]) => {
    const [first] = [...owners].sort((a, b) => b.at - a.at)
    return first === undefined || key === NO_AGENT ? [] : [{ key, who: whoOf(first), ...first }]
  })
  const names = new Map<string, number>()
  for (const { who } of newest) names.set(who, (names.get(who) ?? 0) + 1)
  const named = newest.map(({ key, who, username, instance }) => {
    return [key, names.get(who) === 1 ? who : t('logAgentAt', who, username, instance)] as const
  })
  const { compare } = new Intl.Collator(locale(), { numeric: true })
  named.sort(([, a], [, b]) => compare(a, b))
  return agents.has(NO_AGENT) ? [...named, [NO_AGENT, t('logNoAgent')]] : named
}
