import type { CcpDocument } from '../domain/closes/ccp-document'
import type { CcpEvent } from '../domain/closes/events'
import type { CloseState } from '../domain/closes/state'
import type { Runtime } from '../platform/browser'
import { browser } from '../platform/browser'
import { sendToDocument } from './ccp-tabs'
import { readPort } from './inbox'
import type { Problems } from './problems'

/** What the presence ports need from the background. */
export interface PresencePortsParts {
  readonly state: () => Promise<CloseState>
  readonly dispatch: (event: CcpEvent) => Promise<unknown>
  /** Resolves when the events that preceded this worker are known. */
  readonly started: () => Promise<unknown>
  readonly problems: Problems
}

/** The ports that documents hold open: the end of a port shows that its document is gone, for whatever reason. */
export class PresencePorts {
  /** By document: the last port that it has opened. */
  private readonly ports = new Map<string, Runtime.Port>()

  constructor(private readonly parts: PresencePortsParts) {}

  /** Listens on the first tick of the worker. */
  listen(): void {
    browser.runtime.onConnect.addListener((port) => this.hold(port))
  }

  /**
   * The worker that held a document's port may have died with it: documents that are still there answer, and open another.
   * @param tabId where only the documents of one tab are to be asked.
   */
  async askWhoLives(runId: string, tabId?: number): Promise<void> {
    const { documents } = await this.parts.state()
    const silent = Object.values(documents).filter(
      (doc) =>
        doc.runId === runId &&
        doc.gone === null &&
        (tabId === undefined || doc.place?.tabId === tabId) &&
        !(this.ports.has(doc.docId) && doc.unheardSince === null),
    )
    await Promise.all(silent.map((doc) => this.ask(doc)))
  }

  private async ask(doc: CcpDocument): Promise<void> {
    const { docId, place } = doc
    if (place === null) return
    // A frozen page answers when it runs again: until then nothing is reported about it.
    const answer = this.ports.has(docId) || (await sendToDocument(doc, { type: 'ping', docId }))
    const isThere = answer === true || this.ports.has(docId)
    await this.parts.dispatch(
      isThere
        ? { type: 'heard', at: Date.now(), docId }
        : { type: 'lost', at: Date.now(), docId, place, by: 'no_answer' },
    )
  }

  private hold(port: Runtime.Port): void {
    const document = readPort(port)
    if (document === null) return
    const { docId } = document
    this.ports.set(docId, port)
    port.onDisconnect.addListener(() => {
      // A document that has opened another port since is there.
      if (this.ports.get(docId) !== port) return
      this.ports.delete(docId)
      const lost = { type: 'lost', at: Date.now(), by: 'disconnect', ...document } as const
      const noted = this.parts.started().then(() => this.parts.dispatch(lost))
      void this.parts.problems.watch('problem_documentUnnoted', noted)
    })
  }
}
