import { browser } from '../platform/browser'

/** Browsers do not fire alarms sooner than this. */
const MIN_ALARM_MS = 30_000
/** What is due at once may still be under way: repeating it without a pause would keep the worker busy. */
const MIN_TIMER_MS = 50

/**
 * Calls at a given time: by a timer while the worker lives, and by an alarm behind it, which wakes a worker that was stopped.
 * Each new time replaces the one before.
 */
export class AlarmClock {
  private asked: Asked | null = null
  /** Whether an earlier worker may have requested a wake that has not come. */
  private mayInherit = true

  /** @param name distinguishes the alarms of several clocks. */
  constructor(
    private readonly onRing: () => Promise<void>,
    private readonly name = 'settle',
    /**
     * Called first at each wake: with the time for which it was requested, and how far the clocks have gone since the request,
     * where that is known.
     */
    private readonly onWake: (askedAt: number, passed: { wall: number; monotonic: number } | null) => void = () =>
      undefined,
  ) {}

  /** Listens on the first tick of the worker, to receive the alarm that woke it. */
  listen(): void {
    browser.alarms.onAlarm.addListener((alarm) => {
      if (alarm.name !== this.name) return
      this.onWake(alarm.scheduledTime, null)
      void this.onRing()
    })
  }

  /** @param at ms since the epoch; null: never. */
  async set(at: number | null): Promise<void> {
    const now = Date.now()
    this.drop(now)
    const overdue = this.overdue(now)
    if (at === null) {
      await Promise.all([overdue, browser.alarms.clear(this.name)])
      return
    }
    const delay = Math.max(MIN_TIMER_MS, at - now)
    const timer = setTimeout(() => {
      this.drop(Date.now())
      void this.onRing()
    }, delay)
    this.asked = { at: now + delay, wall: now, monotonic: performance.now(), timer }
    const when = now + Math.max(delay, MIN_ALARM_MS)
    await Promise.all([overdue, browser.alarms.create(this.name, { when })])
  }

  /**
   * The alarm of an earlier worker is replaced by the time that is set now. Where its time is past it counts as a wake
   * nevertheless: after a sleep the browser may end the worker, and an event of a page may start the next one before the
   * alarm comes.
   */
  private async overdue(now: number): Promise<void> {
    if (!this.mayInherit) return
    this.mayInherit = false
    // Asked before the alarm is replaced: the browser answers in order.
    const alarm = await browser.alarms.get(this.name)
    if (alarm !== undefined && alarm.scheduledTime <= now) this.onWake(alarm.scheduledTime, null)
  }

  /** Drops the requested time. Where it is past it counts as a wake: after a sleep, another event may come before the timer. */
  private drop(now: number): void {
    if (this.asked === null) return
    const { at, wall, monotonic, timer } = this.asked
    this.asked = null
    clearTimeout(timer)
    if (now >= at) this.onWake(at, { wall: now - wall, monotonic: performance.now() - monotonic })
  }
}

/** The requested wake, and the clocks at the request. */
interface Asked {
  /** In ms since the epoch, as is `wall`. */
  readonly at: number
  readonly wall: number
  /** In ms, by the clock that nobody sets. */
  readonly monotonic: number
  readonly timer: ReturnType<typeof setTimeout>
}
