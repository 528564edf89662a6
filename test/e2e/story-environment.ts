import { TestEnvironment } from 'jest-environment-node'
import type { Accounts } from './account'

/** Adds the instance's record to each failure of a story: on another machine nothing else remains of it. */
export default class StoryEnvironment extends TestEnvironment {
  #startedAt = 0

  /** @param event one of jest-circus. */
  handleTestEvent(event: { readonly name: string; readonly error?: unknown }): void {
    if (event.name === 'test_start') this.#startedAt = Date.now()
    if (event.name !== 'test_fn_failure') return
    // An error of the story's own realm: `instanceof` does not know it.
    const { error } = event
    const accounts = (this.global as { storyAccounts?: Accounts }).storyAccounts
    if (accounts === undefined || typeof error !== 'object' || error === null || !('stack' in error)) return
    const recorded = [...accounts].map((accountSince) => accountSince(this.#startedAt)).join('\n')
    const [message = '', ...frames] = String(error.stack).split(/\n(?=\s+at )/)
    error.stack = `${message}\n\nThe instance recorded:\n${recorded}\n\n${frames.join('\n')}`
  }
}
