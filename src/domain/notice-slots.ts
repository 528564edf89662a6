/** Which flagged agents get a notification of their own, and which are summed up in one. */

/** More notifications than this are a storm: nobody reads them, and they cover the screen. */
export const MAX_NOTICES = 3

/** A flag that asks for a notification, from an instance. */
export interface Claim {
  readonly id: string
  readonly instance: string
}

/**
 * Gives each claim a notification of its own, or a part in the sum. A claim keeps its notification, unless its instance has
 * several while another instance asks for its first: no instance can use up what others need.
 * @param claims all current claims, oldest first.
 * @param own the ids of those that have a notification of their own.
 * @param summed the ids of those that are in the sum: they stay there.
 * @returns the ids of those with a notification of their own, and of those in the sum.
 */
export function noticeSlots(
  claims: readonly Claim[],
  own: ReadonlySet<string>,
  summed: ReadonlySet<string>,
): { readonly own: ReadonlySet<string>; readonly summed: ReadonlySet<string> } {
  let holders = claims.filter(({ id }) => own.has(id))
  const rest = new Set(claims.filter(({ id }) => summed.has(id)).map(({ id }) => id))
  for (const claim of claims) {
    if (own.has(claim.id) || rest.has(claim.id)) continue
    if (holders.length >= MAX_NOTICES) {
      const yielding = newestOfLargest(holders, claim.instance)
      if (yielding === null) {
        rest.add(claim.id)
        continue
      }
      holders = holders.filter((holder) => holder !== yielding)
      rest.add(yielding.id)
    }
    holders = [...holders, claim]
  }
  return { own: new Set(holders.map(({ id }) => id)), summed: rest }
}

/**
 * The newest notification of the instance that has most of them; null where the asking instance would then have as many itself.
 */
function newestOfLargest(holders: readonly Claim[], asking: string): Claim | null {
  const countOf = (instance: string) => holders.filter((holder) => holder.instance === instance).length
  const most = Math.max(...holders.map(({ instance }) => countOf(instance)))
  if (countOf(asking) + 1 >= most) return null
  return holders.findLast(({ instance }) => countOf(instance) === most) ?? null
}
