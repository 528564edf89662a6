import { DOCUMENT_PORT } from '../protocol/document-messages'
import { browser } from '../platform/content-browser'
import type { Port } from '../platform/content-browser'

/** Reopening at once would spin where the background cannot start; the mailbox covers the time between. */
const REOPEN_MS = 1_000
const RECHECK_MS = 50

/**
 * The port whose closing shows the background that a document is gone. The port closes as well when the background's worker is
 * stopped; while `isWanted` requires it, it is opened again, which wakes the worker.
 */
export class PresencePort {
  private port: Port | null = null

  constructor(
    private readonly docId: string,
    private readonly isWanted: () => boolean,
    private readonly onExtensionGone: () => void,
  ) {}

  /** Opens the port unless it is open. Never throws: `onExtensionGone` is called where the extension is gone. */
  open(): void {
    if (this.port !== null) return
    if (!isExtensionThere()) {
      this.onExtensionGone()
      return
    }
    try {
      const port = browser.runtime.connect({ name: DOCUMENT_PORT + this.docId })
      this.port = port
      port.onDisconnect.addListener(() => this.onClosed(port))
    } catch {
      this.onExtensionGone()
    }
  }

  close(): void {
    const { port } = this
    this.port = null
    port?.disconnect()
  }

  private onClosed(port: Port): void {
    if (this.port !== port) return
    this.port = null
    if (!isExtensionThere()) this.onExtensionGone()
    else {
      setTimeout(() => this.recheck(), RECHECK_MS)
      if (this.isWanted()) setTimeout(() => this.open(), REOPEN_MS)
    }
  }

  /** An extension that is being removed closes its ports before its removal is visible. */
  private recheck(): void {
    if (!isExtensionThere()) this.onExtensionGone()
  }
}

/**
 * Whether the extension is still there. Chromium leaves the content scripts of an extension running after it was removed,
 * switched off or updated.
 */
export function isExtensionThere(): boolean {
  return (browser.runtime as Partial<typeof browser.runtime>).id !== undefined
}
