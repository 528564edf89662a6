/** A copy of a record without some of its parts. */
export function without<T extends object, K extends keyof T>(record: T, ...parts: readonly K[]): Omit<T, K> {
  const kept = Object.entries(record).filter(([part]) => !parts.some((one) => one === part))
  return Object.fromEntries(kept) as Omit<T, K>
}
