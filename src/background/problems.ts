import type { MessageKey } from '../platform/text'
import { text } from '../platform/text'

/** What can go wrong inside, by the key of its words. */
export type ProblemKey = Extract<MessageKey, `problem_${string}`>

/**
 * What goes wrong inside, for the administrator, in the browser's language: shown by the popup and the options page for as
 * long as it does. What succeeds again is no problem any more.
 */
export class Problems {
  private readonly seen = new Map<ProblemKey, string | null>()

  /** @param detail what is shown behind the words, as it is. */
  report(problem: ProblemKey, detail: string | null = null): void {
    this.seen.set(problem, detail)
  }

  /** Reports a failed call; what was thrown is told by its message alone. */
  reportError(problem: ProblemKey, error: unknown): void {
    this.report(problem, error instanceof Error ? error.message : String(error))
  }

  /** Reports what fails, until it succeeds again. Never rejects. */
  async watch(problem: ProblemKey, task: Promise<unknown>): Promise<void> {
    try {
      await task
      this.resolve(problem)
    } catch (error) {
      this.reportError(problem, error)
    }
  }

  resolve(problem: ProblemKey): void {
    this.seen.delete(problem)
  }

  list(): string[] {
    return [...this.seen].map(([problem, detail]) => (detail === null ? text(problem) : `${text(problem)}: ${detail}`))
  }
}
