import type { CloseState } from '../domain/closes/state'
import { isUpdateSafe } from '../domain/closes/update-safety'
import { browser } from '../platform/browser'

/** Chromium installs an update when the worker stops, and stops it after 30 s without a call to the browser. */
const STAY_AWAKE_MS = 20_000

/** Holds an update back until it is safe. */
export class UpdateGate {
  private isWaiting = false
  private vigil: ReturnType<typeof setInterval> | null = null

  constructor(private readonly state: () => Promise<CloseState>) {}

  listen(): void {
    browser.runtime.onUpdateAvailable.addListener(() => {
      this.isWaiting = true
      void this.state().then((state) => this.consider(state))
    })
  }

  /** Called with each new state. */
  consider(state: CloseState): void {
    if (!this.isWaiting) return
    if (isUpdateSafe(state)) {
      if (this.vigil !== null) clearInterval(this.vigil)
      browser.runtime.reload()
    } else {
      this.vigil ??= setInterval(() => void browser.runtime.getPlatformInfo(), STAY_AWAKE_MS)
    }
  }
}
