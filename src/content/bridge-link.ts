import * as v from 'valibot'
import type { ContentMessage } from '../protocol/content-messages'
import type { PageMessage } from '../protocol/page-messages'
import { BRIDGE_GREETING, CONTENT_GREETING, toContent, toPage } from '../protocol/page-channel'
import { MAX_MESSAGE } from '../protocol/document-messages'
import { pageMessageSchema } from '../protocol/page-messages'

/** Longer than any message of the bridge: the page could send anything. Tokens have no fixed length. */
const MAX_LENGTH = 64 * 1024

/** The content script's end of the channel to the bridge in the page. */
export interface BridgeLink {
  send(message: ContentMessage): void
  /** Whether a valid message of a bridge has come. The page can forge it, like all that it sends. */
  isHeard(): boolean
  close(): void
}

function read(detail: unknown): PageMessage | null {
  if (typeof detail !== 'string' || detail.length > MAX_LENGTH) return null
  try {
    const parsed = v.safeParse(pageMessageSchema, JSON.parse(detail))
    if (!parsed.success) return null
    return detail.length > MAX_MESSAGE && parsed.output.type !== 'token' ? null : parsed.output
  } catch {
    return null
  }
}

/**
 * Agrees with the bridge on a channel, whichever of the two came first. Messages outside the protocol are dropped.
 * @param isAlive whether the extension is still there: while it is not, the bridge gets no answer, and does nothing.
 * @param onLateBridge called when a bridge has come after this call: it has heard nothing that was sent before.
 */
export function linkToBridge(
  onMessage: (message: Exclude<PageMessage, { type: 'alive' }>) => void,
  isAlive: () => boolean,
  onLateBridge: () => void,
): BridgeLink {
  const channel = crypto.randomUUID()
  let isHeard = false
  const greet = (): void => {
    // An older content script that an update has left here must not answer for the new one.
    if (!isAlive()) return
    window.dispatchEvent(new CustomEvent(CONTENT_GREETING, { detail: channel }))
  }
  const send = (message: ContentMessage): void => {
    window.dispatchEvent(new CustomEvent(toPage(channel), { detail: JSON.stringify(message) }))
  }
  const hear = (event: Event): void => {
    const message = read((event as CustomEvent<unknown>).detail)
    if (message === null) return
    isHeard = true
    if (message.type !== 'alive') onMessage(message)
    else if (isAlive()) send({ type: 'alive' })
  }
  const greetLate = (): void => {
    greet()
    onLateBridge()
  }
  window.addEventListener(toContent(channel), hear)
  window.addEventListener(BRIDGE_GREETING, greetLate)
  greet()
  return {
    send,
    isHeard: () => isHeard,
    close: () => {
      window.removeEventListener(toContent(channel), hear)
      window.removeEventListener(BRIDGE_GREETING, greetLate)
    },
  }
}
