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
  private asked: Asked | null = null
  /** Whether a worker before this one may have asked for a wake that has not come. */
  private mayInherit = true

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
   * The alarm that another worker has set goes with what is set now. Where its time is past it is a wake all the same: after a
   * sleep the browser may end the worker, and an event of a page start the next one, before the alarm comes.
   */
  private async overdue(now: number): Promise<void> {
    if (!this.mayInherit) return
    this.mayInherit = false
    // Asked before it is replaced: the browser answers in turn.
    const alarm = await browser.alarms.get(this.name)
    if (alarm !== undefined && alarm.scheduledTime <= now) this.onWake(alarm.scheduledTime, null)
  }

  /** Forgets what was asked for. Where its time is past it is a wake: after a sleep, another event may come before the timer. */
  private drop(now: number): void {
    if (this.asked === null) return
    const { at, wall, monotonic, timer } = this.asked
    this.asked = null
    clearTimeout(timer)
    if (now >= at) this.onWake(at, { wall: now - wall, monotonic: performance.now() - monotonic })
  }
}

/** The wake that was asked for, and by the clocks of then. */
interface Asked {
  /** ms since the epoch, as is `wall`. */
  readonly at: number
  readonly wall: number
  /** ms, by the clock that nobody sets. */
  readonly monotonic: number
  readonly timer: ReturnType<typeof setTimeout>
}
