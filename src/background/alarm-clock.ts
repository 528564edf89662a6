import { browser } from '../platform/browser'

/** Browsers do not fire alarms sooner than this. */
const MIN_ALARM_MS = 30_000
/** What is due at once may still be under way: looking again without a pause would keep the worker busy. */
const MIN_TIMER_MS = 50

/**
 * Calls at a given time: by a timer while the worker lives, and by an alarm behind it, which wakes a worker that was
 * stopped. The one replaces what the one before was set to.
 */
export class AlarmClock {
  private timer: ReturnType<typeof setTimeout> | null = null

  /** @param name tells the alarms of several clocks apart. */
  constructor(
    private readonly onRing: () => Promise<void>,
    private readonly name = 'settle',
    /** Told first of each wake: for when it was asked, and how far the clocks have gone since, where that is known. */
    private readonly onWake: (askedAt: number, passed: { wall: number; monotonic: number } | null) => void = () =>
      undefined,
  ) {}

  /** Listens on the first tick of the worker, so that the alarm that woke it is heard. */
  listen(): void {
    browser.alarms.onAlarm.addListener((alarm) => {
      if (alarm.name !== this.name) return
      this.onWake(alarm.scheduledTime, null)
      void this.onRing()
    })
  }

  /** @param at ms since the epoch; null: never. */
  async set(at: number | null): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    if (at === null) {
      await browser.alarms.clear(this.name)
      return
    }
    const delay = Math.max(MIN_TIMER_MS, at - Date.now())
    const now = Date.now()
    const since = performance.now()
    this.timer = setTimeout(() => {
      this.onWake(now + delay, { wall: Date.now() - now, monotonic: performance.now() - since })
      void this.onRing()
    }, delay)
    await browser.alarms.create(this.name, { when: now + Math.max(delay, MIN_ALARM_MS) })
  }
}
