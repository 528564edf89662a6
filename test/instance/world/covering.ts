import { seededRandom } from '../seeded-random'
import { AXIS_NAMES, RECORDED, valuesOf, type AxisName, type World } from './axes'

/** A value of one axis and a value of another, as one string. */
type Pair = string

const pairOf = (a: AxisName, valueA: string, b: AxisName, valueB: string): Pair => `${a}=${valueA} ${b}=${valueB}`

/** Every pair of axes, once. */
const COUPLES: readonly (readonly [AxisName, AxisName])[] = AXIS_NAMES.flatMap((a, at) =>
  AXIS_NAMES.slice(at + 1).map((b) => [a, b] as const),
)

/** All pairs of values of two axes. */
export function allPairs(): Set<Pair> {
  const pairs = COUPLES.flatMap(([a, b]) =>
    valuesOf(a).flatMap((valueA) => valuesOf(b).map((valueB) => pairOf(a, valueA, b, valueB))),
  )
  return new Set(pairs)
}

/** The pairs of values in a world. */
export function pairsOf(world: World): Pair[] {
  return COUPLES.map(([a, b]) => pairOf(a, world[a], b, world[b]))
}

/** A random world. The same seed gives the same world. */
export function randomWorld(seed: number): World {
  const random = seededRandom(seed)
  const drawn = AXIS_NAMES.map((name) => {
    const values = valuesOf(name)
    return [name, values[Math.floor(random() * values.length)]] as const
  })
  return { ...RECORDED, ...(Object.fromEntries(drawn) as Partial<World>) }
}

/** How many random worlds are compared for each world that is chosen. */
const DRAWN = 60

/**
 * Worlds that, together with the given ones, contain every pair of values. Each is the best of many random worlds, so
 * that few are enough. The same seed gives the same worlds.
 * @param there worlds whose pairs are covered already
 */
export function coveringWorlds(there: readonly World[], seed: number): World[] {
  const missing = allPairs()
  for (const world of there) for (const pair of pairsOf(world)) missing.delete(pair)
  const gain = (world: World): number => pairsOf(world).filter((pair) => missing.has(pair)).length
  const taken: World[] = []
  for (let next = seed; missing.size > 0; next += DRAWN) {
    const drawn = Array.from({ length: DRAWN }, (_, at) => better(randomWorld(next + at), gain))
    const best = drawn.reduce((a, b) => (gain(b) > gain(a) ? b : a))
    for (const pair of pairsOf(best)) missing.delete(pair)
    taken.push(best)
  }
  return taken
}

/** Improves a world by choosing the value with the largest gain for one axis after another. */
function better(world: World, gain: (world: World) => number): World {
  return AXIS_NAMES.reduce<World>((best, name) => {
    const options = valuesOf(name).map((value) => ({ ...best, [name]: value }))
    return options.reduce((a, b) => (gain(b) > gain(a) ? b : a), best)
  }, world)
}
