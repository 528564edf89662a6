/** Sets the build's constants: import this before any module of the page's world. */
import { webcrypto } from 'node:crypto'

const world = globalThis as { __THROW_IN_HOOKS__?: boolean }
world.__THROW_IN_HOOKS__ = false

// What browsers have and jsdom lacks; here it reaches nothing.
if (typeof window !== 'undefined') {
  Object.assign(window, { fetch: () => Promise.reject(new TypeError('Failed to fetch')) })
  if (!('randomUUID' in crypto)) Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true })
}

/** As in the build in which every hook throws. */
export function throwInHooks(isOn: boolean): void {
  world.__THROW_IN_HOOKS__ = isOn
}
