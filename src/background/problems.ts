/** What went wrong inside, in sentences for the administrator: shown by the popup and the options page. */
export class Problems {
  private readonly seen = new Set<string>()

  report(problem: string): void {
    this.seen.add(problem)
  }

  /** Reports a failed call; what was thrown is told by its message alone. */
  reportError(what: string, error: unknown): void {
    this.report(`${what}: ${error instanceof Error ? error.message : String(error)}`)
  }

  resolve(problem: string): void {
    this.seen.delete(problem)
  }

  list(): string[] {
    return [...this.seen]
  }
}
