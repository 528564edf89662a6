import type { PageCapabilities } from '../domain/capabilities'
import { natives } from './natives'

/** Tells what the document can do without Streams, when it differs from what was told before. */
export class CapabilityReport {
  #sent = ''

  readonly #send: (capabilities: PageCapabilities) => boolean

  /** @param send false where nobody heard it. */
  constructor(send: (capabilities: PageCapabilities) => boolean) {
    this.#send = send
  }

  tell(capabilities: PageCapabilities): void {
    const text = natives.stringify(capabilities)
    if (text !== this.#sent && this.#send(capabilities)) this.#sent = text
  }

  /** Somebody listens who has heard nothing yet. */
  forget(): void {
    this.#sent = ''
  }
}
