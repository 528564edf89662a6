import { AlarmClock } from './alarm-clock'
import type { ProblemKey } from './problems'
import type { Problems } from './problems'

export interface FollowUpParts {
  /** The alarm's name. */
  readonly name: string
  readonly problem: ProblemKey
  readonly problems: Problems
  /** Resolves when the documents of this run are known. */
  readonly started: () => Promise<unknown>
  /**
   * Does what is due.
   * @returns when to look again, in ms since the epoch; null: when something changes; `off`: when the settings change.
   */
  readonly look: () => Promise<number | null | 'off'>
  /** How long after a failure the next look follows, in ms; missing: when something changes. */
  readonly againMs?: number
}

/**
 * Work that follows changes, such as reporting: one look at a time, and one more for all changes that came during a look. A
 * failure is reported as a problem of its own, and stops nothing else.
 */
export class FollowUp {
  private queue: Promise<unknown> = Promise.resolve()
  private readonly clock: AlarmClock
  private isLooking = false
  /** The settings ask for nothing: no look is needed until they change. */
  private isOff = false

  constructor(private readonly parts: FollowUpParts) {
    this.clock = new AlarmClock(() => this.look(), parts.name)
  }

  listen(): void {
    this.clock.listen()
  }

  /** Call it with each change of the state. */
  follow(): void {
    if (this.isLooking || this.isOff) return
    this.isLooking = true
    void this.look()
  }

  /** Call it when the settings may ask for something else, or the browser allows more or less. */
  followSettings(): void {
    this.isOff = false
    this.follow()
  }

  /** Runs a task between two looks. Rejects as the task does, without stopping what comes after it. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = this.queue.then(task)
    this.queue = done.catch(() => undefined)
    return done
  }

  /** Never rejects. */
  private async look(): Promise<void> {
    this.isLooking = true
    const { problem, problems, started } = this.parts
    await problems.watch(
      problem,
      started().then(() => this.inTurn(() => this.lookOnce())),
    )
    this.isLooking = false
  }

  private async lookOnce(): Promise<void> {
    const { look, againMs } = this.parts
    // Changes from here on cause another look.
    this.isLooking = false
    const next = await look().catch(async (error: unknown) => {
      if (againMs !== undefined) await this.clock.set(Date.now() + againMs)
      throw error
    })
    this.isOff = next === 'off'
    await this.clock.set(next === 'off' ? null : next)
  }
}
