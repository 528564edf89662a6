/** Folds a function of many conditions into a list of rules: from the top, the first that fits counts. */

/** One thing that a decision may turn on. */
export interface Dimension<Case> {
  readonly title: string
  /** Each value in words, and what it makes of a case. */
  readonly values: readonly { readonly words: string; readonly apply: (found: Case) => Case }[]
}

/** For each dimension the values that it is for, or null for all; and what comes of it. */
export interface Rule {
  readonly values: readonly (readonly string[] | null)[]
  readonly outcome: string
}

/** A case that no rule covers yet: the value that it has in each dimension, by number. */
interface Left {
  readonly at: readonly number[]
  readonly outcome: string
}

/** So many conditions at most has a rule: more would say that the decision is none that a person can follow. */
const MOST_CONDITIONS = 4

/**
 * The rules that say of every case what `outcomeOf` says. Those with the fewest conditions come first, and among them
 * those that cover the most.
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
  throw new Error(`No rule with ${MOST_CONDITIONS} conditions or less covers what is left.`)
}

const keyOf = (at: readonly number[], columns: readonly number[]): string =>
  columns.map((column) => at[column]).join(' ')

/** By outcome: the values in these columns that leave no other outcome possible, and how many cases have them. */
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

/** All ways to choose so many of the first `count` numbers. */
function choices(count: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]]
  const found: number[][] = []
  for (let first = from; first < count; first += 1) {
    for (const rest of choices(count, size - 1, first + 1)) found.push([first, ...rest])
  }
  return found
}

/** Joins sets of values that differ in one column alone, until none do. */
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
