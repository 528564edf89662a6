import type { CloseEvent, DepartureHint } from '../domain/close-report'
import type { NetworkTiming } from '../domain/hold-time'
import { holdFor } from '../domain/hold-time'
import type { PageConfig } from '../protocol/page-config'
import { isGecko } from './gecko'
import { natives } from './natives'

/**
 * The longest hold that can wait for `pagehide`, in ms: for that event Chromium waits half a second. In `beforeunload`, pages that
 * go together are held one after the other; in `pagehide`, the time since the request was sent counts, whatever has passed in it.
 */
const IN_PAGEHIDE_MS = 250

/**
 * Keeps a closing page busy until its request has left. Chromium ends with its last window, and drops what has not left yet;
 * Firefox sends nothing while it is held. Where another page follows, the browser lives on, and so does the request.
 */
export class ClosingHold {
  /** By `performance.now()`; null while nothing was sent that needs a hold. */
  #until: number | null = null

  /**
   * Called right after the request was sent.
   * @param timing null where nothing was measured.
   */
  begin(event: CloseEvent, config: PageConfig | null, hint: DepartureHint | null, timing: NetworkTiming | null): void {
    if (config === null || isGecko() || hint !== null) return
    const ms = holdFor(timing, config, natives.now())
    this.#until = natives.performanceNow() + ms
    if (event !== 'beforeunload' || ms > IN_PAGEHIDE_MS) this.rest()
  }

  /** Called in `pagehide` for what is left of the hold. There is no other means to hold a closing page than to keep it busy. */
  rest(): void {
    while (this.#until !== null && natives.performanceNow() < this.#until);
  }
}
