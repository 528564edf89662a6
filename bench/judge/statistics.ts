/** The middle value; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const high = sorted[half]
  if (high === undefined) return null
  return sorted.length % 2 === 1 ? high : ((sorted[half - 1] ?? high) + high) / 2
}

/** The largest value; null of none. */
export function worst(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}

/** A part of a whole, 0 to 1; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** One measure in multiples of another; null where either is not known. */
export function ratio(value: number | null, unit: number | null): number | null {
  return value === null || unit === null || unit === 0 ? null : value / unit
}

/** The values that are known. */
export function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null)
}
