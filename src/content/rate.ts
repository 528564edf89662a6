/** How often something may be done: so many times at once, and after that once in a while. */
export class Rate {
  private left: number
  private at = Date.now()

  /** @param everyMs after so many ms there is one more. */
  constructor(
    private readonly atOnce: number,
    private readonly everyMs: number,
  ) {
    this.left = atOnce
  }

  /** Whether it may be done now; then it counts as done. */
  take(): boolean {
    const now = Date.now()
    // A clock that was set back gives nothing, and one that was set ahead no more than there is to be had at once.
    this.left = Math.min(this.atOnce, this.left + Math.max(0, now - this.at) / this.everyMs)
    this.at = now
    if (this.left < 1) return false
    this.left -= 1
    return true
  }
}
