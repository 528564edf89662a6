import { strayMark } from '../domain/closes/recovery'
import type { Runtime } from '../platform/browser'
import { isIssued } from '../storage/recovery-marks'
import type { ConfigSender } from './config-sender'
import { emptyMailbox, MailReader, readDocumentMessage } from './inbox'
import type { LentTokens } from './lent-tokens'
import type { Problems } from './problems'
import { closeTab } from './recovery-tab'
import type { CloseEngine } from './close-engine'

export interface DocumentMailParts {
  readonly engine: CloseEngine
  readonly tokens: LentTokens
  readonly configs: ConfigSender
  readonly problems: Problems
}

/** The messages of documents: sent directly while they live, and through the mailbox when they go. */
export class DocumentMail {
  private reader: MailReader | null = null

  constructor(private readonly parts: DocumentMailParts) {}

  /** Reads the mailbox until it is empty. */
  async collect(runId: string): Promise<void> {
    const { engine, problems } = this.parts
    this.reader ??= new MailReader(() => emptyMailbox(runId, (...events) => engine.dispatch(...events), problems))
    await this.reader.collect()
  }

  /** Takes a message of a document, unchecked. @returns its settings as the answer to a hello; otherwise null. */
  async take(message: unknown, sender: Runtime.MessageSender, runId: string): Promise<unknown> {
    const { engine, tokens, configs } = this.parts
    const event = readDocumentMessage(message, sender, runId)
    if (event?.type !== 'document') {
      await tokens.take(message, sender)
      return null
    }
    const mark = strayMark(event, await engine.state())
    if (event.place !== null && mark !== null && (await isIssued(mark))) {
      await closeTab(event.place.tabId)
      return null
    }
    await engine.dispatch(event)
    return event.docEvent.type === 'hello' ? configs.answerFor(event.header, event.place) : null
  }
}
