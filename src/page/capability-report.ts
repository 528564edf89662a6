import type { PageCapabilities } from '../domain/capabilities'
import { natives } from './natives'

/** Reports what the document can do without Streams, when that has changed. */
export class CapabilityReport {
  #sent = ''

  readonly #send: (capabilities: PageCapabilities) => boolean

  /** @param send false where nobody received it. */
  constructor(send: (capabilities: PageCapabilities) => boolean) {
    this.#send = send
  }

  tell(capabilities: PageCapabilities): void {
    const text = natives.stringify(capabilities)
    if (text !== this.#sent && this.#send(capabilities)) this.#sent = text
  }

  /** A new listener has received nothing yet. */
  forget(): void {
    this.#sent = ''
  }
}
