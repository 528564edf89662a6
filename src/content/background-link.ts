import type { DocumentHeader } from '../domain/sessions/ccp-document'
import type { DocumentNews } from '../domain/sessions/events'
import type { DocumentMessage } from '../protocol/document-messages'
import { mailKey } from '../protocol/document-messages'
import type { LentToken, TokenMessage } from '../protocol/token-messages'
import { browser } from '../platform/browser'
import { isExtensionThere } from './life-line'

/** News that nobody took are told again after this long, and then less and less often. */
const TELL_AGAIN_MS = 1_000
const TELL_SLOWEST_MS = 30_000

/**
 * Firefox opens the store of an extension for each document anew, at its first use and in several steps: a page that goes
 * meanwhile would take its last words along. Chromium does not mind.
 */
export function openMailbox(): void {
  browser.storage.local.get('mail').catch(() => {
    // Said by the background, where the administrator looks.
  })
}

/** How a document's news reach the background. */
export class BackgroundLink {
  private seq = 0
  /** By type, what a living page has said last and the background has not answered to. */
  private readonly unheard = new Map<string, DocumentNews | LentToken>()

  /** @param onHello takes what the background answers to a `hello`, unchecked; false where that is no answer to it. */
  constructor(
    private readonly header: DocumentHeader,
    private readonly onHello: (answer: unknown) => boolean,
  ) {}

  /**
   * Says what a living page has to say, again until the background has answered: a message to an event page that is being
   * stopped is lost without an error. Newer news of the same type take its place.
   */
  tell(news: DocumentNews): void {
    this.sayUntilHeard(news.type, news, () => this.wrap(news))
  }

  /** This life of the document is over: what it has not got across, its last words have told. */
  end(): void {
    this.unheard.clear()
  }

  /** Says what a dying page has to say: both ways, since neither is sure to be heard. */
  tellLast(news: DocumentNews): void {
    const message = this.wrap(news)
    this.post(message)
    if (news.type === 'gone') this.end()
    browser.runtime.sendMessage(message).catch(() => {
      // The mailbox has it.
    })
  }

  /** Lends the page's token, from memory to memory, and as surely as news are told. */
  lend(lent: LentToken): void {
    const message: TokenMessage = { kind: 'token', docId: this.header.docId, lent }
    this.sayUntilHeard('token', lent, () => message)
  }

  private sayUntilHeard(type: string, said: DocumentNews | LentToken, message: () => object): void {
    this.unheard.set(type, said)
    this.say(type, said, message, TELL_AGAIN_MS)
  }

  private say(type: string, said: DocumentNews | LentToken, message: () => object, again: number): void {
    if (this.unheard.get(type) !== said || !isExtensionThere()) return
    browser.runtime.sendMessage(message()).then(
      (answer: unknown) => {
        // Whoever has taken other news says null; where nobody was there to answer it is undefined.
        const isHeard = type === 'hello' ? this.onHello(answer) : answer !== undefined
        if (isHeard && this.unheard.get(type) === said) this.unheard.delete(type)
      },
      () => {
        // The background could not be started, or went while it was told.
      },
    )
    setTimeout(() => this.say(type, said, message, Math.min(2 * again, TELL_SLOWEST_MS)), again)
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
