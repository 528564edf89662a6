import type { AwaySettings } from '../domain/away-decision'
import { isAsked } from '../domain/away-decision'
import { browser } from '../platform/browser'

/** Browsers stop a background after 30 s without work. A call of the extension's API is work, and costs next to nothing. */
const BEAT_MS = 20_000
const ALARM = 'watch'
/** A worker that was stopped all the same is woken this often. */
const WAKE_MINUTES = 15
/**
 * As often where it matters that the agent is away: a sleep of the machine may end the worker, and only a late alarm tells of
 * it then; and what is due by the time alone, such as idle after a lock, is seen at a wake.
 */
const WAKE_MINUTES_FOR_AWAY = 1

/** What happens where time has passed. */
export interface KeepAwakeParts {
  /** Looks which documents are still there. */
  readonly onAlarm: () => void
  /** Told of each wake: for when it was asked, and how far the clocks have gone since, where that is known. */
  readonly onWake: (askedAt: number, passed: { wall: number; monotonic: number } | null) => void
}

/**
 * Keeps the background running while a document is open whose sudden end must be noticed: the end of its port tells of it
 * at once, and to be stopped and started again every half minute costs more (`npm run bench -- --rest`). Behind it is an
 * alarm, for a background that was stopped all the same.
 */
export class KeepAwake {
  private beat: ReturnType<typeof setTimeout> | null = null
  /** The period of the alarm, in minutes; 0: no alarm; null: not known yet, since an earlier worker set it. */
  private minutes: number | null = null

  constructor(private readonly parts: KeepAwakeParts) {}

  /** Listens on the first tick of the worker, so that the alarm that woke it is heard. */
  listen(): void {
    browser.alarms.onAlarm.addListener((alarm) => {
      if (alarm.name !== ALARM) return
      this.parts.onWake(alarm.scheduledTime, null)
      this.parts.onAlarm()
    })
  }

  /** Called after each change of the state. */
  async follow(isWanted: boolean, settings: Omit<AwaySettings, 'idleMinutes'>): Promise<void> {
    if (isWanted && this.beat === null) this.next()
    if (!isWanted && this.beat !== null) {
      clearTimeout(this.beat)
      this.beat = null
    }
    const minutes = !isWanted ? 0 : isAsked(settings) ? WAKE_MINUTES_FOR_AWAY : WAKE_MINUTES
    if (minutes === this.minutes) return
    const isFirst = this.minutes === null
    this.minutes = minutes
    const known = isFirst ? await browser.alarms.get(ALARM) : undefined
    // After a sleep the browser may end the worker, and an event of a page start the next one, before the alarm comes.
    if (known !== undefined && known.scheduledTime <= Date.now()) this.parts.onWake(known.scheduledTime, null)
    if (minutes === 0) await browser.alarms.clear(ALARM)
    else if (known?.periodInMinutes !== minutes) await browser.alarms.create(ALARM, { periodInMinutes: minutes })
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
