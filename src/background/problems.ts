/**
 * What goes wrong inside, in sentences for the administrator: shown by the popup and the options page for as long as it
 * does. What succeeds again is no problem any more.
 */
export class Problems {
  private readonly seen = new Map<string, string>()

  report(problem: string): void {
    this.seen.set(problem, problem)
  }

  /** Reports a failed call; what was thrown is told by its message alone. */
  reportError(what: string, error: unknown): void {
    this.seen.set(what, `${what}: ${error instanceof Error ? error.message : String(error)}`)
  }

  /** Reports what fails, until it succeeds again. Never rejects. */
  async watch(what: string, task: Promise<unknown>): Promise<void> {
    try {
      await task
      this.resolve(what)
    } catch (error) {
      this.reportError(what, error)
    }
  }

  /** @param what as it was reported. */
  resolve(what: string): void {
    this.seen.delete(what)
  }

  list(): string[] {
    return [...this.seen.values()]
  }
}
