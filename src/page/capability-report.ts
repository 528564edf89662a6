import type { PageCapabilities } from '../domain/capabilities'
import { natives } from './natives'

/** After this long without a change, in ms, the last measurement is reported: each report is written to disk. */
const REFRESH_MS = 60 * 60_000
/** The same where requests are counted, since the first count covers a minute alone. */
const COUNTED_MS = 10 * 60_000

/** Reports what the document can do without Streams, when that has changed. */
export class CapabilityReport {
  #kind = ''
  #sentAt = 0

  readonly #send: (capabilities: PageCapabilities) => boolean

  /** @param send false where nobody received it. */
  constructor(send: (capabilities: PageCapabilities) => boolean) {
    this.#send = send
  }

  tell(capabilities: PageCapabilities): void {
    const { direct, deadMansSwitch, hiddenStreams } = capabilities
    const kind = natives.stringify([direct.status, deadMansSwitch, !hiddenStreams])
    const now = natives.now()
    const isDue = kind !== this.#kind || now - this.#sentAt >= (hiddenStreams ? COUNTED_MS : REFRESH_MS)
    if (!isDue || !this.#send(capabilities)) return
    this.#kind = kind
    this.#sentAt = now
  }

  /** A new listener has received nothing yet. */
  forget(): void {
    this.#kind = ''
  }
}
