import * as v from 'valibot'
import type { SessionEvent } from '../domain/sessions/events'
import type { TabPlace } from '../domain/sessions/ccp-document'
import type { SessionsState } from '../domain/sessions/state'
import { isCcpUrl } from '../protocol/ccp-urls'
import type { DocumentMessage } from '../protocol/document-messages'
import { DOCUMENT_PORT, documentMessageSchema } from '../protocol/document-messages'
import type { TokenMessage } from '../protocol/token-messages'
import { tokenMessageSchema } from '../protocol/token-messages'
import { browser } from '../platform/browser'
import type { Runtime } from '../platform/browser'
import { discardMail, readMail } from '../storage/mailbox'
import type { Problems } from './problems'

/** Where a message comes from, by the browser's word; null for anything but a CCP document of this browser. */
function placeOf(sender: Runtime.MessageSender): TabPlace | null {
  if (sender.id !== browser.runtime.id || sender.tab?.id === undefined || sender.frameId === undefined) return null
  if (!isCcpUrl(sender.url ?? '')) return null
  const { id: tabId, incognito, cookieStoreId } = sender.tab
  // Firefox names the store of every tab, and its containers' otherwise; Chromium names none.
  const ownCookies = !incognito && (cookieStoreId === undefined || cookieStoreId === 'firefox-default')
  return { tabId, frameId: sender.frameId, ownCookies }
}

/** A document may speak for its own origin alone. */
function speaksForItself({ header }: DocumentMessage, url: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(header.url)) return false
  const { origin, hostname } = new URL(url)
  return header.instance === hostname && new URL(header.url).origin === origin
}

function newsEvent(message: DocumentMessage, place: TabPlace | null, runId: string): SessionEvent {
  const { at, seq, header, news } = message
  return { type: 'news', at, runId, seq, header, place, news }
}

/** A document's message as an event; null where it is none, or not from where it says. */
export function readDocumentMessage(
  message: unknown,
  sender: Runtime.MessageSender,
  runId: string,
): SessionEvent | null {
  const parsed = v.safeParse(documentMessageSchema, message)
  const place = placeOf(sender)
  if (!parsed.success || place === null || !speaksForItself(parsed.output, sender.url ?? '')) return null
  return newsEvent(parsed.output, place, runId)
}

/** A token that a document lends, from where the document is known to be; null where it is none, or not for its own origin. */
export function readToken(
  message: unknown,
  sender: Runtime.MessageSender,
  { documents }: SessionsState,
): TokenMessage | null {
  const parsed = v.safeParse(tokenMessageSchema, message)
  const place = placeOf(sender)
  if (!parsed.success || place === null || place.ownCookies) return null
  const { docId, lent } = parsed.output
  const known = documents[docId]?.place
  if (known?.tabId !== place.tabId || known.frameId !== place.frameId) return null
  return new URL(lent.url).origin === new URL(sender.url ?? '').origin ? parsed.output : null
}

/** The events that a document's port means; null where the port is not a document's. */
export function readPort(port: Runtime.Port): { docId: string; place: TabPlace } | null {
  const place = port.sender ? placeOf(port.sender) : null
  if (place === null || !port.name.startsWith(DOCUMENT_PORT)) return null
  return { docId: port.name.slice(DOCUMENT_PORT.length), place }
}

/** Empties the mailbox into `handle`; mail is thrown away only when it has been handled and stored. */
export async function emptyMailbox(
  runId: string,
  handle: (...events: SessionEvent[]) => Promise<boolean>,
  problems: Problems,
): Promise<void> {
  const mail = await readMail()
  if (mail.keys.length === 0) return
  if (mail.unreadable.length > 0) problems.report('problem_mailDamaged', String(mail.unreadable.length))
  const ours = mail.messages.filter(
    (message) => isCcpUrl(message.header.url) && speaksForItself(message, message.header.url),
  )
  const isStored = await handle(...ours.map((message) => newsEvent(message, null, runId)))
  if (isStored) await discardMail(mail)
}
