/** The median; null where there are no values. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const high = sorted[half]
  if (high === undefined) return null
  return sorted.length % 2 === 1 ? high : ((sorted[half - 1] ?? high) + high) / 2
}

/** The largest value; null where there are no values. */
export function worst(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}

/** A part of a whole, from 0 to 1; null where the whole is 0. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** A value in multiples of a unit; null where either is not known or the unit is 0. */
export function ratio(value: number | null, unit: number | null): number | null {
  return value === null || unit === null || unit === 0 ? null : value / unit
}

/** The values that are not null. */
export function known(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null)
}
