import { seededRandom } from '../../test/instance/seeded-random'

/** Shuffles a copy of the items (Fisher–Yates). The same seed gives the same order. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const random = seededRandom(seed)
  const order = [...items]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const drawn = Math.floor(random() * (last + 1))
    const [a, b] = [order[last], order[drawn]]
    order[last] = b as T
    order[drawn] = a as T
  }
  return order
}
