import { browser } from './browser'

/** Whether somebody uses the machine. Firefox has no `locked`. */
export type Presence = 'active' | 'idle' | 'locked'

/** Listens on the first tick of the worker, to receive the change that woke it. */
export function listenForPresence(onChange: (presence: Presence) => void): void {
  browser.idle.onStateChanged.addListener(onChange)
}

/** After how many seconds without keyboard and mouse the browser reports idleness; 15 at least. */
export function setIdleSeconds(seconds: number): void {
  browser.idle.setDetectionInterval(seconds)
}

/** The present condition: `idle` after this many seconds without keyboard and mouse. */
export function presenceNow(seconds: number): Promise<Presence> {
  return browser.idle.queryState(seconds)
}

/**
 * Whether `performance.now()` runs on while the machine sleeps: on Windows alone, in both browsers
 * (https://developer.mozilla.org/en-US/docs/Web/API/Performance/now#ticking_during_sleep).
 */
export async function ticksAsleep(): Promise<boolean> {
  return (await browser.runtime.getPlatformInfo()).os === 'win'
}
