import type { CcpDocument, DocumentHeader, TabPlace } from '../domain/closes/ccp-document'
import type { CloseState } from '../domain/closes/state'
import type { DocumentConfig } from '../protocol/page-config'
import { browser } from '../platform/browser'
import { issueMark } from '../storage/recovery-marks'
import { loadSettings } from '../storage/settings-store'
import { sendToDocument } from './ccp-tabs'
import type { Surroundings } from './page-config-for'
import { pageConfigFor, recoveryConfig } from './page-config-for'

/** Sends each open CCP what its bridge must know before a close, whenever that changes: at the close it is too late. */
export class ConfigSender {
  /** By document: what was sent last, as JSON. A new worker sends it to all of them once more. */
  private readonly sent = new Map<string, string>()
  private queue: Promise<void> = Promise.resolve()

  constructor(private readonly state: () => Promise<CloseState>) {}

  /** The answer to a document's hello. */
  async answerFor(header: DocumentHeader, place: TabPlace | null): Promise<DocumentConfig> {
    const around = await this.surroundings()
    const { recovery } = around.state
    if (recovery !== null && recovery.tabId === place?.tabId) {
      const mark = place.frameId === 0 ? await issueMark() : null
      return recoveryConfig(around.state, around.settings, mark)
    }
    const config = pageConfigFor(header, around)
    this.sent.set(header.docId, JSON.stringify(config))
    return config
  }

  /** Sends every open document what has changed for it. */
  follow(): Promise<void> {
    this.queue = this.queue
      .catch(() => undefined)
      .then(async () => {
        const around = await this.surroundings()
        // Also to one that has begun to close: it may be the last, now that another has gone before it.
        const open = Object.values(around.state.documents).filter((doc) => doc.gone === null && doc.place !== null)
        const ids = new Set(open.map(({ docId }) => docId))
        for (const docId of this.sent.keys()) if (!ids.has(docId)) this.sent.delete(docId)
        for (const doc of open) this.send(doc, pageConfigFor(doc, around))
      })
    return this.queue
  }

  /** A page that is frozen, or shows a dialog, may answer late or never: nobody waits for it. */
  private send(doc: CcpDocument, config: DocumentConfig): void {
    const text = JSON.stringify(config)
    if (this.sent.get(doc.docId) === text) return
    this.sent.set(doc.docId, text)
    void sendToDocument(doc, { type: 'configure', config })
  }

  private async surroundings(): Promise<Surroundings> {
    const [state, { settings }, windows] = await Promise.all([
      this.state(),
      loadSettings(),
      browser.windows.getAll({ windowTypes: ['normal', 'popup'] }),
    ])
    return { state, settings, windows: windows.length, now: Date.now() }
  }
}
