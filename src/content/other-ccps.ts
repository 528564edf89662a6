import * as v from 'valibot'
import type { CcpMessage } from '../protocol/ccp-channel'
import { CCP_CHANNEL, ccpMessageSchema } from '../protocol/ccp-channel'
import type { PageConfig } from '../protocol/page-config'
import type { PageMessage } from '../protocol/page-messages'

/** A CCP that began to close this long ago, and is still there, counts as open: a dialog, a download, a slow machine. */
export const CLOSING_MS = 5_000
/** Longer than any message that these pages send. */
const MAX_LENGTH = 256

function read(data: unknown): CcpMessage | null {
  if (typeof data !== 'string' || data.length > MAX_LENGTH) return null
  try {
    const parsed = v.safeParse(ccpMessageSchema, JSON.parse(data))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}

interface Heard {
  readonly is: CcpMessage['is']
  readonly at: number
  /** It has asked for Offline, and has not reported since that it stays. */
  readonly hasActed: boolean
}

/**
 * What the other CCPs of this origin report of their own closing, as it happens: of several that go at once, the last must know
 * that it is the last.
 */
export class OtherCcps {
  private readonly heard = new Map<string, Heard>()
  private channel: BroadcastChannel | null = null
  /** Whether the close under way is a reload. */
  private isReloading = false

  /** @param onChange called when `without` may have changed. */
  constructor(private readonly onChange: () => void) {
    this.open()
  }

  /** Listens; again after `close`. */
  open(): void {
    if (this.channel !== null) return
    try {
      this.channel = new BroadcastChannel(CCP_CHANNEL)
      this.channel.addEventListener('message', this.onMessage)
    } catch {
      // A document without an origin of its own: the background tells it about the others.
    }
  }

  /** An open channel would keep a page out of the back/forward cache. */
  close(): void {
    this.channel?.close()
    this.channel = null
  }

  /** Tells the others what the bridge has decided about a close of this document. */
  note(docId: string, docEvent: Pick<PageMessage, 'type'> | Extract<PageMessage, { type: 'closing' }>): void {
    if (docEvent.type === 'stayed') {
      this.isReloading = false
      this.say(docId, 'back')
    }
    if (!('report' in docEvent)) return
    const { did } = docEvent.report
    // A reload is no close: the others are not the last.
    this.isReloading = did.action === 'left' && did.reason === 'reload'
    if (!this.isReloading) this.say(docId, did.action === 'attempted' ? 'acting' : 'closing')
  }

  /** Tells the others that this document goes, in its last message. */
  sayGone(docId: string): void {
    if (!this.isReloading) this.say(docId, 'gone')
    this.close()
  }

  private say(docId: string, is: CcpMessage['is']): void {
    const message: CcpMessage = { docId, is }
    this.channel?.postMessage(JSON.stringify(message))
  }

  /**
   * Corrects the background's configuration by what is known better here: without CCPs that are gone, or that are about to go and
   * have deferred to others. While one of them is about to go this page may be the browser's last, however many windows there
   * are.
   */
  corrected<C extends PageConfig>(config: C): C {
    const otherCcps = config.otherCcps.filter((docId) => !this.isLeaving(docId))
    const mayQuit = config.otherCcps.some((docId) => this.isLeaving(docId) && this.heard.get(docId)?.is === 'closing')
    return { ...config, otherCcps, lastWindow: config.lastWindow || mayQuit }
  }

  private isLeaving(docId: string): boolean {
    const heard = this.heard.get(docId)
    if (heard === undefined) return false
    const isRecent = Date.now() - heard.at < CLOSING_MS
    switch (heard.is) {
      case 'back':
      case 'acting':
        return false
      case 'closing':
        return isRecent
      case 'gone':
        // Its request is under way: CCPs that go together with it need not ask again.
        return !(heard.hasActed && isRecent)
    }
  }

  private readonly onMessage = ({ data }: MessageEvent<unknown>): void => {
    const message = read(data)
    if (message === null) return
    const { docId, is } = message
    const hasActed = is === 'acting' || (is === 'gone' && this.heard.get(docId)?.hasActed === true)
    this.heard.set(docId, { is, hasActed, at: Date.now() })
    this.onChange()
    setTimeout(this.onChange, CLOSING_MS)
  }
}
