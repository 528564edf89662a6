import { natives } from './natives'

/**
 * Keeps the page's thread busy. Nothing else holds a closing page of Chromium; its requests are made elsewhere, and go on.
 */
export function hold(ms: number): void {
  const until = natives.performanceNow() + ms
  while (natives.performanceNow() < until);
}
