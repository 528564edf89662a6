/** Limits how often something may be done: so many times at once, and from then on once per interval. */
export class Rate {
  private left: number
  private at = Date.now()

  /** @param everyMs after this many ms one more is allowed. */
  constructor(
    private readonly atOnce: number,
    private readonly everyMs: number,
  ) {
    this.left = atOnce
  }

  /** Whether it may be done now; if so, it counts as done. */
  take(): boolean {
    const now = Date.now()
    // A clock that was set back adds nothing; one that was set forward, no more than is allowed at once.
    this.left = Math.min(this.atOnce, this.left + Math.max(0, now - this.at) / this.everyMs)
    this.at = now
    if (this.left < 1) return false
    this.left -= 1
    return true
  }
}
