import type { MessageKey } from '../platform/text'
import { text } from '../platform/text'

/** What can go wrong inside the extension, by the key of its text. */
export type ProblemKey = Extract<MessageKey, `problem_${string}`>

/**
 * Internal problems, for the administrator, in the browser's language: shown by the popup and the options page while they last.
 * What succeeds again is no problem any more.
 */
export class Problems {
  private readonly seen = new Map<ProblemKey, string | null>()

  /** @param detail shown after the text, unchanged. */
  report(problem: ProblemKey, detail: string | null = null): void {
    this.seen.set(problem, detail)
  }

  /** Reports a failed call, with the error's message alone. */
  reportError(problem: ProblemKey, error: unknown): void {
    this.report(problem, error instanceof Error ? error.message : String(error))
  }

  /** Reports a failing task, until it succeeds again. Never rejects. */
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
