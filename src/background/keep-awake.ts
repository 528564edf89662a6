import { browser } from '../platform/browser'

/** Browsers stop a background after 30 s without work. A call of the extension's API is work, and costs next to nothing. */
const BEAT_MS = 20_000
const ALARM = 'watch'
/**
 * How often a worker that was stopped nevertheless is woken: a page that dies at that moment wakes nobody in Chromium, and a sleep
 * of the machine that ends the worker is shown by a late alarm alone. A worker that runs is not started by it, and writes nothing.
 */
const WAKE_MINUTES = 1

/** What is called as time passes. */
export interface KeepAwakeParts {
  /** Looks which documents are still there. */
  readonly onAlarm: () => void
  /**
   * Called at each wake: with the time for which it was requested, and how far the clocks have gone since the request, where that
   * is known.
   */
  readonly onWake: (askedAt: number, passed: { wall: number; monotonic: number } | null) => void
}

/**
 * Keeps the background running while a document is open whose sudden end must be noticed: the end of its port shows it at
 * once, and being stopped and started every half minute cost more: 3.4 to 3.9 writes a minute (measured in November 2026). An
 * alarm stands behind it, for a background that was stopped nevertheless.
 */
export class KeepAwake {
  private beat: ReturnType<typeof setTimeout> | null = null
  /** Whether the alarm is set; null: not known yet, since an earlier worker may have set it. */
  private isSet: boolean | null = null

  constructor(private readonly parts: KeepAwakeParts) {}

  /** Listens on the first tick of the worker, to receive the alarm that woke it. */
  listen(): void {
    browser.alarms.onAlarm.addListener((alarm) => {
      if (alarm.name !== ALARM) return
      this.parts.onWake(alarm.scheduledTime, null)
      this.parts.onAlarm()
    })
  }

  /** Called after each change of the state. */
  async follow(isWanted: boolean): Promise<void> {
    if (isWanted && this.beat === null) this.next()
    if (!isWanted && this.beat !== null) {
      clearTimeout(this.beat)
      this.beat = null
    }
    if (isWanted === this.isSet) return
    const isFirst = this.isSet === null
    this.isSet = isWanted
    const known = isFirst ? await browser.alarms.get(ALARM) : undefined
    // After a sleep the browser may end the worker, and an event of a page may start the next one before the alarm comes.
    if (known !== undefined && known.scheduledTime <= Date.now()) this.parts.onWake(known.scheduledTime, null)
    if (!isWanted) await browser.alarms.clear(ALARM)
    else if (known?.periodInMinutes !== WAKE_MINUTES)
      await browser.alarms.create(ALARM, { periodInMinutes: WAKE_MINUTES })
  }

  private next(): void {
    const wall = Date.now()
    const monotonic = performance.now()
    const timer = setTimeout(() => {
      this.parts.onWake(wall + BEAT_MS, { wall: Date.now() - wall, monotonic: performance.now() - monotonic })
      browser.runtime.getPlatformInfo().then(
        () => {
          if (this.beat === timer) this.next()
        },
        () => {
          // The extension is being removed.
        },
      )
    }, BEAT_MS)
    this.beat = timer
  }
}
