import { doubling, pauseAfter } from '../domain/back-off'
import type { DocumentHeader } from '../domain/closes/ccp-document'
import type { DocumentEvent } from '../domain/closes/events'
import type { DocumentMessage } from '../protocol/document-messages'
import { mailKey, MAX_MESSAGE } from '../protocol/document-messages'
import type { LentToken, TokenMessage } from '../protocol/token-messages'
import { browser } from '../platform/content-browser'
import { isExtensionThere } from './presence-port'
import { Rate } from './rate'

/** How long to wait for the background's answer before an event is sent again. */
const RESEND = doubling(1_000, 30_000)

/**
 * How much one page may send. An agent's facts change a few times a minute, and a close is four messages: more is a fault of the
 * page, or its attempt to use up what all pages share.
 */
const EVENTS_AT_ONCE = 30
const EVENT_EVERY_MS = 500
const CLOSE_REPORTS_AT_ONCE = 40
const CLOSE_REPORT_EVERY_MS = 2_000

/**
 * Firefox opens an extension's store once per document, at its first use and in several steps: a page that goes meanwhile would
 * lose its close report. Chromium is not affected.
 */
export function openMailbox(): void {
  browser.storage.local.get('mail').catch(() => {
    // The background reports a store that does not open.
  })
}

/** How the events of a document reach the background. */
export class BackgroundLink {
  private seq = 0
  private readonly eventRate = new Rate(EVENTS_AT_ONCE, EVENT_EVERY_MS)
  private readonly closeReportRate = new Rate(CLOSE_REPORTS_AT_ONCE, CLOSE_REPORT_EVERY_MS)
  /** By type: the latest message of a living page that the background has not answered. */
  private readonly unanswered = new Map<string, DocumentEvent | LentToken>()

  /** @param onHello takes the background's answer to a `hello`, unchecked; false where it is no such answer. */
  constructor(
    private readonly header: DocumentHeader,
    private readonly onHello: (answer: unknown) => boolean,
  ) {}

  /**
   * Sends an event of a living page, again until the background has answered: a message to an event page that is being stopped is
   * lost without an error. A newer event of the same type takes its place; that the page shows its agent, and that it cannot, replace
   * each other.
   */
  send(docEvent: DocumentEvent): void {
    const type = docEvent.type === 'unprotected' ? 'agent' : docEvent.type
    this.sendUntilAnswered(type, docEvent, () => this.wrap(docEvent))
  }

  /** This life of the document is over: its close report contains what was not sent before. */
  end(): void {
    this.unanswered.clear()
  }

  /** Sends an event of a dying page by message and by mailbox, since neither is sure to arrive. */
  sendAndMail(docEvent: DocumentEvent): void {
    // The browser itself reports the end of the document, once.
    if (docEvent.type !== 'gone' && !this.closeReportRate.take()) return
    const message = this.wrap(docEvent)
    if (JSON.stringify(message).length > MAX_MESSAGE) return
    this.post(message)
    if (docEvent.type === 'gone') this.end()
    browser.runtime.sendMessage(message).catch(() => {
      // The event is in the mailbox.
    })
  }

  /** Lends the page's token, from memory to memory, and again until it is answered. */
  lend(lent: LentToken): void {
    const message: TokenMessage = { kind: 'token', docId: this.header.docId, lent }
    this.sendUntilAnswered('token', lent, () => message)
  }

  private sendUntilAnswered(type: string, sent: DocumentEvent | LentToken, message: () => object): void {
    this.unanswered.set(type, sent)
    if (this.eventRate.take()) this.say(type, sent, message, 1)
    // Sent later, and only if it is still the newest.
    else setTimeout(() => this.say(type, sent, message, 1), pauseAfter(RESEND, 1))
  }

  private say(type: string, sent: DocumentEvent | LentToken, message: () => object, nth: number): void {
    if (this.unanswered.get(type) !== sent || !isExtensionThere()) return
    browser.runtime.sendMessage(message()).then(
      (answer: unknown) => {
        // The background answers null to other events; without a background the answer is undefined.
        const isAnswered = type === 'hello' ? this.onHello(answer) : answer !== undefined
        if (isAnswered && this.unanswered.get(type) === sent) this.unanswered.delete(type)
      },
      () => {
        // The background could not be started, or was stopped meanwhile.
      },
    )
    setTimeout(() => this.say(type, sent, message, nth + 1), pauseAfter(RESEND, nth))
  }

  private wrap(docEvent: DocumentEvent): DocumentMessage {
    const { seq, header } = this
    this.seq += 1
    return { kind: 'document', seq, at: Date.now(), header, news: docEvent }
  }

  private post(message: DocumentMessage): void {
    browser.storage.local.set({ [mailKey(message)]: message }).catch(() => {
      // Storage is full or broken: the background reports that.
    })
  }
}
