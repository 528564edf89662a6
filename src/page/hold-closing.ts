import type { DepartureHint } from '../domain/close-report'
import type { NetworkTiming } from '../domain/hold-time'
import { holdFor } from '../domain/hold-time'
import type { PageConfig } from '../protocol/page-config'
import { isGecko } from './gecko'
import { natives } from './natives'

/**
 * Keeps a closing page busy until its request has left. Chromium ends with its last window, and drops what has not left yet;
 * Firefox sends nothing while it is held. Where another page follows, the browser lives on, and so does the request.
 * @param timing null where nothing was measured.
 */
export function holdClosing(config: PageConfig | null, hint: DepartureHint | null, timing: NetworkTiming | null): void {
  if (config === null || isGecko() || hint !== null) return
  const until = natives.performanceNow() + holdFor(timing, config, natives.now())
  // There is no other means to hold a closing page of Chromium; its requests are made in another process, and proceed.
  while (natives.performanceNow() < until);
}
