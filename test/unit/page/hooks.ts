/** Sets what the build sets: import it before anything of the page's world. */
import { webcrypto } from 'node:crypto'

const world = globalThis as { __THROW_IN_HOOKS__?: boolean }
world.__THROW_IN_HOOKS__ = false

// What jsdom has not, and browsers have: here it reaches nothing.
if (typeof window !== 'undefined') {
  Object.assign(window, { fetch: () => Promise.reject(new TypeError('Failed to fetch')) })
  if (!('randomUUID' in crypto)) Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true })
}

/** As in the build in which every hook of ours throws. */
export function throwInHooks(isOn: boolean): void {
  world.__THROW_IN_HOOKS__ = isOn
}
