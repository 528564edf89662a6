import type { Policy } from '../domain/policy'
import { browser } from '../platform/browser'
import { ownStore } from './own-store'
import { isFirefox } from '../platform/is-firefox'

/** In the own store: a copy of the last policy that the browser delivered. The browser stores its own. */
const COPY_KEY = 'policy'
/** In `storage.session`: until when, in ms since the epoch, this run waits for a policy. */
const DEADLINE_KEY = 'policyDeadline'

/**
 * How long a Chromium that has installed the extension by policy is given to deliver its values. They came 1.8 to 4.5 s after the
 * installation in six runs, and after more than 15 s in one that opened tabs all the while; until then `storage.managed` is empty,
 * as it is without any policy.
 */
const WAIT_MS = 30_000

type Values = Record<string, unknown>

/** The policy in force, from the browser or, until the browser has delivered it, from the copy. Keeps the copy up to date. */
export async function readPolicy(now = Date.now()): Promise<Policy> {
  const [values, copy, { installType }] = await Promise.all([given(), copied(), browser.management.getSelf()])
  const isAdminInstall = installType === 'admin'
  if (Object.keys(values).length > 0) {
    await keep(isAdminInstall ? values : null, copy)
    return { state: 'delivered', isAdminInstall, values }
  }
  if (isAdminInstall && (await isAwaited(copy, now))) {
    return { state: copy === null ? 'waiting' : 'kept', isAdminInstall, values: copy ?? {} }
  }
  // Firefox leaves an extension in place whose policy is withdrawn: that policy is no longer in force.
  await keep(isAdminInstall ? {} : null, copy)
  return { state: 'none', isAdminInstall, values: {} }
}

/** When the wait for a policy that has not come ends, in ms since the epoch; null where nobody waits. */
export async function policyDeadline(): Promise<number | null> {
  const { [DEADLINE_KEY]: deadline } = await browser.storage.session.get(DEADLINE_KEY)
  return typeof deadline === 'number' && deadline > 0 ? deadline : null
}

/** The browser has reported that its policy changed: the present values count, even if all are gone. */
export async function endPolicyWait(): Promise<void> {
  await browser.storage.session.set({ [DEADLINE_KEY]: 0 })
}

/** Whether a change of what is stored changed the copy, as at the end of the wait. */
export function isPolicyChange(keys: readonly string[]): boolean {
  return keys.includes(COPY_KEY)
}

/** Firefox rejects where there is no policy. */
async function given(): Promise<Values> {
  try {
    return await browser.storage.managed.get()
  } catch {
    return {}
  }
}

/** null where there is no copy, as opposed to the copy of an empty policy. */
async function copied(): Promise<Values | null> {
  let copy: unknown
  try {
    copy = (await ownStore.get(COPY_KEY))[COPY_KEY]
  } catch {
    // The store is broken: the browser's policy is in force nevertheless.
  }
  return typeof copy === 'object' && copy !== null && !Array.isArray(copy) ? { ...copy } : null
}

async function keep(values: Values | null, copy: Values | null): Promise<void> {
  if (JSON.stringify(values) === JSON.stringify(copy)) return
  try {
    if (values === null) await ownStore.remove(COPY_KEY)
    else await ownStore.set({ [COPY_KEY]: values })
  } catch {
    // The store is full: the policy is in force nevertheless, and is copied the next time it is read.
  }
}

/** Whether the values may still be under way. Firefox has them from the first moment on. */
async function isAwaited(copy: Values | null, now: number): Promise<boolean> {
  const wasEmpty = copy !== null && Object.keys(copy).length === 0
  if (isFirefox() || wasEmpty) return false
  const { [DEADLINE_KEY]: deadline } = await browser.storage.session.get(DEADLINE_KEY)
  if (typeof deadline === 'number') return now < deadline
  await browser.storage.session.set({ [DEADLINE_KEY]: now + WAIT_MS })
  return true
}
