/**
 * The storm brake: when many agents fall silent at once, their
 * network or site has failed; they have not left their desks.
 */
import type { Options } from './options'
import type { Case, Fleet } from './rows'
import type { Presence } from './suspicion'

/** Cases that were opened within this time belong to a storm, in ms. */
const STORM_MS = 5 * 60_000
export const FLEET_SCOPE = '*'

export interface Watched {
  readonly agent: string
  readonly presence: Presence
  readonly case: Case | null
}

interface Count {
  watched: number
  storm: number
  present: number
  /** Agents whom only the brake still holds, however old their cases are. */
  held: number
}

const NONE: Count = { watched: 0, storm: 0, present: 0, held: 0 }

/**
 * The brakes after this look. A brake is put on where too many agents are late or silent,
 * and taken off where it holds only a few. Late agents count, because when the first agents
 * of a storm are silent, the others are still late. Agents of a braked site do not count for
 * the fleet's brake: the rest of the fleet is not held up, and releasing the site is enough.
 */
export function brakesAfter(fleet: Fleet, agents: readonly Watched[], options: Options, now: number): Fleet['brakes'] {
  const sites = brakesOf(countsBy(agents, siteScope, now), fleet.brakes, options, now)
  const others = agents.filter((agent) => {
    const site = siteScope(siteOf(agent))
    return site === null || sites[site] === undefined
  })
  return {
    ...sites,
    ...brakesOf(
      countsBy(others, () => FLEET_SCOPE, now),
      fleet.brakes,
      options,
      now,
    ),
  }
}

/** Counts watched agents by scope; agents whose scope is null are left out. */
function countsBy(
  agents: readonly Watched[],
  scopeOf: (site: string) => string | null,
  now: number,
): ReadonlyMap<string, Count> {
  const counts = new Map<string, Count>()
  for (const agent of agents) {
    const { presence } = agent
    const scope = presence.is === 'unwatched' ? null : scopeOf(presence.site)
    if (scope === null) continue
    const count = counts.get(scope) ?? { ...NONE }
    counts.set(scope, count)
    count.watched += 1
    if (isInStorm(agent, now)) count.storm += 1
    if (presence.is === 'present') count.present += 1
    if (presence.is === 'suspect' && isHeld(agent.case)) count.held += 1
  }
  return counts
}

function brakesOf(
  counts: ReadonlyMap<string, Count>,
  before: Fleet['brakes'],
  options: Options,
  now: number,
): Record<string, number> {
  const brakes: Record<string, number> = {}
  for (const [scope, count] of counts) {
    const known = before[scope]
    const isStorm = isTooMany(count, scope, options)
    // A brake ends when it holds few agents, and more agents than those send heartbeats again.
    const isStillHolding = count.held >= options.brakeFloor || (count.held > 0 && count.present <= count.held)
    if (known !== undefined && (isStorm || isStillHolding)) brakes[scope] = known
    else if (isStorm) brakes[scope] = now
  }
  return brakes
}

/**
 * The scopes in which so many heartbeats are overdue that a storm may be coming: its first agents are silent before the
 * others are late. There, silence proves nothing until later looks know more.
 */
export function gatheringIn(agents: readonly Watched[], { brakeFloor, brakePercent }: Options): ReadonlySet<string> {
  const counts = new Map<string, { heard: number; overdue: number }>()
  for (const { presence } of agents) {
    if (presence.is !== 'present' && presence.is !== 'late') continue
    const isOverdue = presence.is === 'late' || presence.isOverdue
    for (const scope of scopesOf(presence.site)) {
      const count = counts.get(scope) ?? { heard: 0, overdue: 0 }
      counts.set(scope, count)
      count.heard += 1
      if (isOverdue) count.overdue += 1
    }
  }
  const isMany = ({ heard, overdue }: { heard: number; overdue: number }): boolean =>
    overdue >= brakeFloor && overdue * 100 > heard * brakePercent
  return new Set([...counts].flatMap(([scope, count]) => (isMany(count) ? [scope] : [])))
}

/** Whether a brake that nobody has released forbids setting a site's agents Offline. */
export function isBraked({ brakes, releases }: Pick<Fleet, 'brakes' | 'releases'>, site: string): boolean {
  return scopesOf(site).some((scope) => {
    const since = brakes[scope]
    return since !== undefined && (releases[scope] ?? 0) < since
  })
}

/** The scopes whose brakes hold a site's agents: the fleet and the site. */
export function scopesOf(site: string): readonly string[] {
  const own = siteScope(site)
  return own === null ? [FLEET_SCOPE] : [FLEET_SCOPE, own]
}

/** The scope of a site, or null. Keys that every object has, such as `constructor`, would evade the brakes' lookup. */
const siteScope = (site: string): string | null => (site === '' || site === FLEET_SCOPE || site in {} ? null : site)

/** The agents of a scope's storm: late, or silent for a short time. */
export function stormOf(scope: string, agents: readonly Watched[], now: number): readonly string[] {
  return agents
    .filter((watched) => isInStorm(watched, now) && scopesOf(siteOf(watched)).includes(scope))
    .map(({ agent }) => agent)
}

const siteOf = ({ presence }: Watched): string => (presence.is === 'unwatched' ? '' : presence.site)

function isInStorm({ presence, case: found }: Watched, now: number): boolean {
  return presence.is === 'late' || (presence.is === 'suspect' && isRecent(found, now))
}

function isRecent(found: Case | null, now: number): boolean {
  return found === null || now - found.openedAt <= STORM_MS
}

const isHeld = (found: Case | null): boolean => found?.outcome === null && found.waiting === 'brake'

function isTooMany({ storm, watched }: Count, scope: string, options: Options): boolean {
  if (storm > (scope === FLEET_SCOPE ? options.brakeFleet : options.brakeSite)) return true
  return storm >= options.brakeFloor && storm * 100 > watched * options.brakePercent
}
