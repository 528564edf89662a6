import type { DocumentHeader } from '../domain/sessions/state'
import type { DocumentNews } from '../domain/sessions/events'
import type { DocumentMessage } from '../protocol/document-messages'
import { mailKey } from '../protocol/document-messages'
import type { LentToken, TokenMessage } from '../protocol/token-messages'
import { browser } from '../platform/browser'

/** How a document's news reach the background. */
export class BackgroundLink {
  private seq = 0

  /** @param onAnswer what the background answers to a `hello`, unchecked. */
  constructor(
    private readonly header: DocumentHeader,
    private readonly onAnswer: (answer: unknown) => void,
  ) {}

  /** Says what a living page has to say; it can be said again, and the last words carry all that counts. */
  tell(news: DocumentNews): void {
    browser.runtime.sendMessage(this.wrap(news)).then(this.onAnswer, () => {
      // The background could not be started: hello is said again until it answers.
    })
  }

  /** Says what a dying page has to say: both ways, since neither is sure to be heard. */
  tellLast(news: DocumentNews): void {
    const message = this.wrap(news)
    this.post(message)
    browser.runtime.sendMessage(message).catch(() => {
      // The mailbox has it.
    })
  }

  /** Lends the page's token, from memory to memory. */
  lend(lent: LentToken): void {
    const message: TokenMessage = { kind: 'token', docId: this.header.docId, lent }
    browser.runtime.sendMessage(message).catch(() => {
      // Without it the close is told as one that could not be asked about.
    })
  }

  private wrap(news: DocumentNews): DocumentMessage {
    const { seq, header } = this
    this.seq += 1
    return { kind: 'document', seq, at: Date.now(), header, news }
  }

  private post(message: DocumentMessage): void {
    browser.storage.local.set({ [mailKey(message)]: message }).catch(() => {
      // Storage is full or broken: the background says so where the administrator looks.
    })
  }
}
