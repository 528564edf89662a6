/** Equal shares: a full store evicts from its largest user. */

/**
 * How many items each user loses so that there are `excess` fewer: one at a time, always from the user who has most at that
 * moment. A small user never loses anything to a large one.
 * @param counts how many items each user has.
 */
export function lossesOf<User>(counts: ReadonlyMap<User, number>, excess: number): Map<User, number> {
  const above = (level: number): number => [...counts.values()].reduce((sum, n) => sum + Math.max(0, n - level), 0)
  // The lowest level to which all users with more can be reduced without losing more than that.
  let [lowest, highest] = [0, Math.max(0, ...counts.values())]
  while (lowest < highest) {
    const level = Math.floor((lowest + highest) / 2)
    if (above(level) <= excess) highest = level
    else lowest = level + 1
  }
  let rest = lowest === 0 ? 0 : excess - above(lowest)
  const losses = new Map<User, number>()
  for (const [user, count] of counts) {
    const isOneMore = count >= lowest && rest > 0
    if (isOneMore) rest -= 1
    const loss = Math.max(0, count - lowest) + (isOneMore ? 1 : 0)
    if (loss > 0) losses.set(user, loss)
  }
  return losses
}

/**
 * The items that may remain, in their order. While there are more than `max`, the oldest of the largest user goes.
 * @param items the oldest first.
 * @param userOf whose an item is: an instance.
 * @param narrower whose an item is within one user: an agent of that instance.
 */
export function withinShare<T>(
  items: readonly T[],
  max: number,
  userOf: (item: T) => string,
  ...narrower: readonly ((item: T) => string)[]
): readonly T[] {
  if (items.length <= max) return items
  const byUser = new Map<string, T[]>()
  for (const item of items) {
    const user = userOf(item)
    const own = byUser.get(user)
    if (own === undefined) byUser.set(user, [item])
    else own.push(item)
  }
  const losses = lossesOf(new Map([...byUser].map(([user, own]) => [user, own.length])), items.length - max)
  const [next, ...others] = narrower
  const kept = new Set<T>()
  for (const [user, own] of byUser) {
    const loss = losses.get(user) ?? 0
    const left = next === undefined ? own.slice(loss) : withinShare(own, own.length - loss, next, ...others)
    for (const item of left) kept.add(item)
  }
  return items.filter((item) => kept.has(item))
}
