import * as v from 'valibot'
import type { LentToken } from '../protocol/token-messages'
import { lentTokenSchema } from '../protocol/token-messages'
import { browser } from '../platform/browser'

/** Keys of `storage.session` with this prefix hold one token each. */
export const TOKEN_PREFIX = 'token:'

/**
 * The tokens that pages have lent, by document. In `storage.session` alone: in memory, out of reach of content scripts,
 * and gone with the browser.
 */
export class TokenStore {
  private queue: Promise<unknown> = Promise.resolve()
  /** Most browsers never have any, and need not look repeatedly. */
  private isSurelyEmpty = false

  /** Whether there is nothing to delete. */
  isEmpty(): boolean {
    return this.isSurelyEmpty
  }

  keep(docId: string, lent: LentToken): Promise<void> {
    return this.enqueue(async () => {
      this.isSurelyEmpty = false
      await browser.storage.session.set({ [TOKEN_PREFIX + docId]: lent })
    })
  }

  /** The first token of these documents that has not expired. */
  of(docIds: readonly string[], now: number): Promise<LentToken | null> {
    return this.enqueue(async () => {
      for (const docId of docIds) {
        const key = TOKEN_PREFIX + docId
        const stored = v.safeParse(lentTokenSchema, (await browser.storage.session.get(key))[key])
        if (stored.success && now < (stored.output.expiresAt ?? Infinity)) return stored.output
      }
      return null
    })
  }

  /**
   * Deletes the tokens of all other documents.
   * @param wanted is called when the turn has come: documents may have been added since the call.
   */
  keepOnly(wanted: () => Promise<ReadonlySet<string>>): Promise<void> {
    return this.enqueue(async () => {
      const docIds = await wanted()
      const kept = Object.keys(await browser.storage.session.get(null)).filter((key) => key.startsWith(TOKEN_PREFIX))
      const old = kept.filter((key) => !docIds.has(key.slice(TOKEN_PREFIX.length)))
      if (old.length > 0) await browser.storage.session.remove(old)
      this.isSurelyEmpty = kept.length === old.length
    })
  }

  private enqueue<T>(task: () => Promise<T>): Promise<T> {
    const done = this.queue.then(task)
    this.queue = done.catch(() => undefined)
    return done
  }
}
