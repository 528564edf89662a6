/** Folds a function of many conditions into an ordered list of rules, of which the first that fits applies. */

/** One condition that a decision may depend on. */
export interface Dimension<Case> {
  readonly title: string
  /** Each value as a phrase, and a function that gives a case this value. */
  readonly values: readonly { readonly words: string; readonly apply: (found: Case) => Case }[]
}

/** For each dimension the values that the rule applies to (null: all of them), and the rule's outcome. */
export interface Rule {
  readonly values: readonly (readonly string[] | null)[]
  readonly outcome: string
}

/** A case that no rule covers yet: the index of its value in each dimension, and its outcome. */
interface Left {
  readonly at: readonly number[]
  readonly outcome: string
}

/** The most conditions that a rule may have: people could not follow a decision that needs more. */
const MOST_CONDITIONS = 4

/**
 * Folds `outcomeOf` into rules that give the same outcome for every combination of values. Rules with fewer conditions
 * come first; among rules with as many conditions, the one that covers most cases.
 * @param start the case that the values are applied to
 * @throws Error where a case would need a rule with more than `MOST_CONDITIONS` conditions
 */
export function fold<Case>(
  dimensions: readonly Dimension<Case>[],
  start: Case,
  outcomeOf: (found: Case) => string,
): readonly Rule[] {
  let left = casesOf(dimensions, start, outcomeOf)
  const rules: Rule[] = []
  while (left.length > 0) {
    const found = simplest(dimensions, left)
    rules.push(...found.rules)
    left = left.filter(({ at }) => !found.covers(at))
  }
  return rules
}

function casesOf<Case>(
  dimensions: readonly Dimension<Case>[],
  start: Case,
  outcomeOf: (found: Case) => string,
): Left[] {
  const [first, ...others] = dimensions
  if (first === undefined) return [{ at: [], outcome: outcomeOf(start) }]
  return first.values.flatMap(({ apply }, nth) =>
    casesOf(others, apply(start), outcomeOf).map(({ at, outcome }) => ({ at: [nth, ...at], outcome })),
  )
}

interface Found {
  readonly rules: readonly Rule[]
  readonly covers: (at: readonly number[]) => boolean
}

function simplest<Case>(dimensions: readonly Dimension<Case>[], left: readonly Left[]): Found {
  for (let size = 0; size <= MOST_CONDITIONS; size += 1) {
    let best: { columns: readonly number[]; outcome: string; keys: ReadonlySet<string>; weight: number } | null = null
    for (const columns of choices(dimensions.length, size)) {
      for (const [outcome, { keys, count }] of decided(columns, left)) {
        const weight = count / keys.size
        if (best === null || weight > best.weight) best = { columns, outcome, keys, weight }
      }
    }
    if (best === null) continue
    const { columns, outcome, keys } = best
    const sets = joined([...keys].map((key) => key.split(' ').map((nth) => [Number(nth)])))
    const rules = sets.map((set) => ({ values: valuesOf(dimensions, columns, set), outcome }))
    return { rules, covers: (at) => keys.has(keyOf(at, columns)) }
  }
  throw new Error(`No rule with ${MOST_CONDITIONS} conditions or fewer covers the remaining cases.`)
}

const keyOf = (at: readonly number[], columns: readonly number[]): string =>
  columns.map((column) => at[column]).join(' ')

/**
 * By outcome: the combinations of values in these columns that always have that outcome, and how many cases they cover.
 */
function decided(columns: readonly number[], left: readonly Left[]): Map<string, { keys: Set<string>; count: number }> {
  const groups = new Map<string, { outcome: string | null; count: number }>()
  for (const { at, outcome } of left) {
    const key = keyOf(at, columns)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { outcome, count: 1 })
    else {
      group.count += 1
      if (group.outcome !== outcome) group.outcome = null
    }
  }
  const found = new Map<string, { keys: Set<string>; count: number }>()
  for (const [key, { outcome, count }] of groups) {
    if (outcome === null) continue
    const known = found.get(outcome) ?? { keys: new Set<string>(), count: 0 }
    known.keys.add(key)
    found.set(outcome, { keys: known.keys, count: known.count + count })
  }
  return found
}

/** All ways to choose `size` of the numbers from `from` up to `count - 1`. */
function choices(count: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]]
  const found: number[][] = []
  for (let first = from; first < count; first += 1) {
    for (const rest of choices(count, size - 1, first + 1)) found.push([first, ...rest])
  }
  return found
}

/** Merges sets of values that differ in exactly one column, until no two such sets are left. */
function joined(sets: readonly (readonly number[][])[]): readonly (readonly number[][])[] {
  for (const [nth, one] of sets.entries()) {
    for (const [other, two] of sets.entries()) {
      if (other <= nth) continue
      const different = one.flatMap((values, column) => (values.join() === two[column]?.join() ? [] : [column]))
      const [column] = different
      if (different.length !== 1 || column === undefined) continue
      const both = one.map((values, at) =>
        at === column ? [...values, ...(two[at] ?? [])].sort((a, b) => a - b) : values,
      )
      return joined(sets.flatMap((set, at) => (at === nth ? [both] : at === other ? [] : [set])))
    }
  }
  return sets
}

function valuesOf<Case>(
  dimensions: readonly Dimension<Case>[],
  columns: readonly number[],
  set: readonly number[][],
): Rule['values'] {
  return dimensions.map(({ values }, column) => {
    const chosen = set[columns.indexOf(column)]
    if (chosen === undefined || chosen.length === values.length) return null
    return chosen.map((nth) => values[nth]?.words ?? '')
  })
}
