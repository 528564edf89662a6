import { ownStore } from './own-store'

const DAMAGED_KEY = 'sessions.damaged'
const MAX_DAMAGED = 50

/**
 * Stores what cannot be used under another key, the latest 50 items, so that somebody can look. Whichever context does so, the
 * background learns of it and reports it to the administrator: see `isDamageChange`.
 */
export async function putAside(items: readonly unknown[]): Promise<void> {
  await ownStore.update(DAMAGED_KEY, (before) => {
    const known: readonly unknown[] = Array.isArray(before) ? before : before === undefined ? [] : [before]
    return [...known, ...items].slice(-MAX_DAMAGED)
  })
}

/** Whether something has been put aside, by the keys whose values have changed. */
export function isDamageChange(keys: readonly string[]): boolean {
  return keys.includes(DAMAGED_KEY)
}
