import type { CloseState } from '../domain/closes/state'
import type { Runtime } from '../platform/browser'
import type { LentToken } from '../protocol/token-messages'
import { loadSettings } from '../storage/settings-store'
import { TokenStore } from '../storage/token-store'
import { readToken } from './inbox'
import { mayLend } from './page-config-for'

/** The tokens that pages have lent, for as long as a close of their document may need them and the settings allow it. */
export class LentTokens {
  private readonly store = new TokenStore()

  constructor(private readonly state: () => Promise<CloseState>) {}

  /** The first token of these documents that has not expired. */
  of(docIds: readonly string[]): Promise<LentToken | null> {
    return this.store.of(docIds, Date.now())
  }

  /** Stores the token that a message lends; other messages, and tokens from where none may come, are ignored. */
  async take(message: unknown, sender: Runtime.MessageSender): Promise<void> {
    const lent = readToken(message, sender, await this.state())
    if (lent !== null && mayLend((await loadSettings()).settings)) await this.store.keep(lent.docId, lent.lent)
  }

  /** Deletes tokens that nothing can need any more. */
  async forget(): Promise<void> {
    if (this.store.isEmpty()) return
    await this.store.keepOnly(async () => {
      const [{ settings }, { documents }] = await Promise.all([loadSettings(), this.state()])
      return new Set(mayLend(settings) ? Object.keys(documents) : [])
    })
  }
}
