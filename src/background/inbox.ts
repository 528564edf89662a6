import * as v from 'valibot'
import type { CcpEvent } from '../domain/closes/events'
import type { TabPlace } from '../domain/closes/ccp-document'
import type { CloseState } from '../domain/closes/state'
import { parsedUrl } from '../domain/parsed-url'
import { isCcpUrl } from '../protocol/ccp-urls'
import { isApiAddress } from '../protocol/connect-api'
import type { DocumentMessage } from '../protocol/document-messages'
import { DOCUMENT_PORT, documentMessageSchema } from '../protocol/document-messages'
import type { TokenMessage } from '../protocol/token-messages'
import { tokenMessageSchema } from '../protocol/token-messages'
import { id } from '../protocol/shapes'
import { browser } from '../platform/browser'
import type { Runtime } from '../platform/browser'
import { discardMail, readMail } from '../storage/mailbox'
import type { Problems } from './problems'

/** How many letters are handled in one reading. */
const LETTERS = 32

/** Where a message comes from, by the browser's word; null for anything but a CCP document of this browser. */
function placeOf(sender: Runtime.MessageSender): TabPlace | null {
  if (sender.id !== browser.runtime.id || sender.tab?.id === undefined || sender.frameId === undefined) return null
  if (!isCcpUrl(sender.url ?? '')) return null
  const { id: tabId, incognito, cookieStoreId } = sender.tab
  // Firefox names the cookie store of every tab, with other names for containers; Chromium names none.
  const ownCookies = !incognito && (cookieStoreId === undefined || cookieStoreId === 'firefox-default')
  return { tabId, frameId: sender.frameId, ownCookies }
}

/** A document may speak for its own origin alone. */
function speaksForItself({ header }: DocumentMessage, url: string): boolean {
  const [browserSays, pageSays] = [parsedUrl(url), parsedUrl(header.url)]
  return header.instance === browserSays?.hostname && pageSays?.origin === browserSays.origin
}

function receivedEvent(message: DocumentMessage, place: TabPlace | null, runId: string): CcpEvent {
  const { at, seq, header, news: docEvent } = message
  return { type: 'document', at, runId, seq, header, place, docEvent }
}

/** A document's message as an event; null if it is malformed, or not from where it says. */
export function readDocumentMessage(message: unknown, sender: Runtime.MessageSender, runId: string): CcpEvent | null {
  const parsed = v.safeParse(documentMessageSchema, message)
  const place = placeOf(sender)
  if (!parsed.success || place === null || !speaksForItself(parsed.output, sender.url ?? '')) return null
  return receivedEvent(parsed.output, place, runId)
}

/**
 * A token that a document lends, with the document's origin by the browser's word; null if it is malformed, or for another
 * origin.
 */
export function readToken(
  message: unknown,
  sender: Runtime.MessageSender,
  { documents }: CloseState,
): TokenMessage | null {
  const parsed = v.safeParse(tokenMessageSchema, message)
  const place = placeOf(sender)
  if (!parsed.success || place === null || place.ownCookies) return null
  const { docId, lent } = parsed.output
  const known = documents[docId]?.place
  if (known?.tabId !== place.tabId || known.frameId !== place.frameId) return null
  const url = new URL(lent.url)
  return url.origin === new URL(sender.url ?? '').origin && isApiAddress(url) ? parsed.output : null
}

/** The document that a port belongs to, and its place; null where the port is not a document's. */
export function readPort(port: Runtime.Port): { docId: string; place: TabPlace } | null {
  const place = port.sender ? placeOf(port.sender) : null
  if (place === null || !port.name.startsWith(DOCUMENT_PORT)) return null
  const docId = port.name.slice(DOCUMENT_PORT.length)
  return v.is(id, docId) ? { docId, place } : null
}

/**
 * Empties the mailbox whenever something new is in it, one reading at a time: a page that floods it causes one long reading, not
 * as many as there are letters.
 */
export class MailReader {
  private isDue = false
  private isReading = false

  /** @param read empties the mailbox once, and resolves with whether there is more. */
  constructor(private readonly read: () => Promise<boolean>) {}

  /** Resolves when the mailbox is empty, or is being read already. Rejects where it could not be read. */
  async collect(): Promise<void> {
    this.isDue = true
    if (this.isReading) return
    this.isReading = true
    try {
      while (this.isDue) {
        this.isDue = false
        if (await this.read()) this.isDue = true
      }
    } finally {
      this.isReading = false
    }
  }
}

/**
 * Empties the mailbox into `handle`, letter by letter; each letter is deleted when it has been handled and stored. One that
 * cannot be handled is put aside and reported, and holds up no other. After some letters the mailbox is to be read again, so that
 * newer letters of others wait no longer than that.
 * @returns whether there is more.
 */
export async function emptyMailbox(
  runId: string,
  handle: (...events: CcpEvent[]) => Promise<boolean>,
  problems: Problems,
): Promise<boolean> {
  const { letters, unreadable } = await readMail()
  if (unreadable.length > 0) problems.report('problem_mailDamaged', String(unreadable.length))
  const done = [...unreadable]
  let failure: Error | null = null
  let handled = unreadable.length
  for (const { key, message } of letters.slice(0, LETTERS)) {
    const isOurs = isCcpUrl(message.header.url) && speaksForItself(message, message.header.url)
    try {
      if (!isOurs || (await handle(receivedEvent(message, null, runId)))) {
        done.push(key)
        handled += 1
      }
    } catch (error) {
      failure = error instanceof Error ? error : new Error('A letter could not be handled.')
    }
  }
  await discardMail(done)
  if (failure !== null) throw failure
  return letters.length > LETTERS && handled > 0
}
