import type { ContentMessage } from '../protocol/content-messages'
import type { PageMessage } from '../protocol/page-messages'
import { BRIDGE_GREETING, CONTENT_GREETING, toContent, toPage } from '../protocol/page-channel'
import { guardSetUp } from './guard'
import { natives } from './natives'
import { readContentMessage } from './read-content-message'

/** The bridge's end of the channel to the content script. */
export interface ContentLink {
  /** Announces the bridge. A content script that came first answers within this call, and the link is made. */
  greet(): void
  /** Sends a message within this call. False where nobody listens yet. */
  send(message: PageMessage): boolean
  /** Asks, and gets the answer within this call: false where the extension was removed or switched off. */
  isAlive(): boolean
  close(): void
}

const CHANNEL_NAME = /^[\w-]{8,64}$/

/** Waits for the content script, or greets one that came first, and listens on the channel that it names. */
export function linkToContent(onMessage: (message: ContentMessage) => void, onLinked: () => void): ContentLink {
  let channel: string | null = null
  let answered = false

  const hear = guardSetUp((event: Event) => {
    const { detail } = event as CustomEvent<unknown>
    if (typeof detail !== 'string') return
    const message = readContentMessage(detail)
    if (message === null) return
    if (message.type === 'alive') answered = true
    else onMessage(message)
  })
  const greet = guardSetUp((event: Event) => {
    const { detail } = event as CustomEvent<unknown>
    if (channel !== null || typeof detail !== 'string' || !CHANNEL_NAME.test(detail)) return
    channel = detail
    stop()
    stop = natives.listen(toPage(channel), hear)
    if (link.isAlive()) onLinked()
  })
  const link: ContentLink = {
    greet: () => natives.emit(BRIDGE_GREETING),
    send: (message) => {
      if (channel === null) return false
      natives.emit(toContent(channel), natives.stringify(message))
      return true
    },
    isAlive: () => {
      answered = false
      link.send({ type: 'alive' })
      return answered
    },
    close: () => {
      stop()
      channel = null
    },
  }
  let stop = natives.listen(CONTENT_GREETING, greet)
  return link
}
