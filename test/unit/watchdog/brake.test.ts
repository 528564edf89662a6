import { brakesAfter, FLEET_SCOPE, isBraked, stormOf } from '../../../watchdog/src/decide/brake'
import type { Watched } from '../../../watchdog/src/decide/brake'
import { afterCanary, isIngestProven } from '../../../watchdog/src/decide/canary'
import { DEFAULT_OPTIONS } from '../../../watchdog/src/decide/options'
import { NEW_FLEET } from '../../../watchdog/src/decide/rows'
import type { Waiting } from '../../../watchdog/src/decide/rows'
import { aCase, row, T0 } from './build'

const NOW = T0 + 95_000
const OLD = NOW - 600_000

function agents(
  count: number,
  is: 'present' | 'late' | 'suspect',
  site = 'Lisboa',
  openedAt = NOW,
  waiting: Waiting = 'look',
): Watched[] {
  return Array.from({ length: count }, (_, nth) => {
    const agent = `n:${is}${nth}`
    if (is === 'late') return { agent, presence: { is, site }, case: null }
    if (is === 'present') return { agent, presence: { is, site, isOverdue: false }, case: null }
    const presence = { is, site, reason: 'silent', since: T0, machine: row(T0) } as const
    return { agent, presence, case: aCase({ openedAt, waiting }) }
  })
}

const brakes = (watched: Watched[], before: Record<string, number> = {}) =>
  brakesAfter({ ...NEW_FLEET, brakes: before }, watched, DEFAULT_OPTIONS, NOW)

it.each([
  [10, 90, []],
  [11, 90, ['Lisboa']],
  [3, 1, []],
  [4, 12, []],
  [4, 11, ['Lisboa']],
])('%i late and %i present agents brake %j', (late, present, scopes) => {
  expect(Object.keys(brakes([...agents(late, 'late'), ...agents(present, 'present')])).sort()).toEqual(scopes)
})

it('brakes the fleet in a storm across many sites', () => {
  const storm = Array.from({ length: 26 }, (_, nth) => agents(1, 'late', `site ${nth}`)).flat()
  expect(Object.keys(brakes([...storm, ...agents(500, 'present')]))).toEqual([FLEET_SCOPE])
  expect(stormOf('site 3', storm, NOW)).toEqual(['n:late0'])
  expect(stormOf(FLEET_SCOPE, storm, NOW)).toHaveLength(26)
})

it('brakes a site of any size without braking the fleet, so that one command releases it', () => {
  const others = agents(500, 'present', 'Porto')
  expect(Object.keys(brakes([...agents(300, 'late'), ...others]))).toEqual(['Lisboa'])
  expect(Object.keys(brakes([...agents(300, 'late'), ...agents(26, 'late', ''), ...others])).sort()).toEqual([
    '*',
    'Lisboa',
  ])
  // An agent without a site, or with a name that every object has, belongs to the fleet.
  for (const site of ['', '*', 'constructor', '__proto__'])
    expect(Object.keys(brakes([...agents(26, 'late', site), ...others]))).toEqual([FLEET_SCOPE])
})

it('stays on while it holds many agents, however old, and while nothing is heard from the site', () => {
  const held = (count: number) => agents(count, 'suspect', 'Lisboa', OLD, 'brake')
  const before = { Lisboa: OLD }
  expect(brakes([...held(4), ...agents(90, 'present')], before)['Lisboa']).toBe(OLD)
  expect(brakes([...held(3), ...agents(90, 'present')], before)['Lisboa']).toBeUndefined()
  expect(brakes([...held(1), ...agents(1, 'present')], before)['Lisboa']).toBe(OLD)
  expect(brakes(agents(90, 'present'), before)).toEqual({})
})

it('is ended by a release that is newer', () => {
  const fleet = { brakes: { Lisboa: 100 }, releases: { Lisboa: 99 } }
  expect(isBraked(fleet, 'Lisboa')).toBe(true)
  expect(isBraked({ ...fleet, releases: { Lisboa: 100 } }, 'Lisboa')).toBe(false)
  expect(isBraked(fleet, 'Porto')).toBe(false)
  expect(isBraked({ brakes: { '*': 100 }, releases: {} }, 'Porto')).toBe(true)
})

it('trusts silence once canaries have arrived for two intervals without a gap', () => {
  let canary = NEW_FLEET.canary
  const arrive = (at: number, has = true) => (canary = afterCanary(canary, has, DEFAULT_OPTIONS, at))
  const isProven = (at: number) => isIngestProven(canary, aCase(), DEFAULT_OPTIONS, at)
  for (let at = T0; at <= T0 + 60_000; at += 15_000) arrive(at)
  expect(isProven(T0 + 60_000)).toBe(true)
  // One lost canary is not a gap, two are.
  arrive(T0 + 75_000, false)
  expect(isProven(T0 + 75_000)).toBe(true)
  arrive(T0 + 90_000, false)
  arrive(T0 + 105_000)
  expect(isProven(T0 + 105_000)).toBe(false)
  for (let at = T0 + 120_000; at <= T0 + 165_000; at += 15_000) arrive(at)
  expect(isProven(T0 + 165_000)).toBe(true)
  expect(isProven(T0 + 203_000)).toBe(false)
})
