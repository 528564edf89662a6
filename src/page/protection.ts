import { guard } from './guard'
import { natives } from './natives'
import type { UnprotectedReason } from '../domain/reasons'

/** A page that has shown no agent for this long is reported as unprotected; should one come later, it is protected then. */
const PATIENCE_MS = 30_000
/** A page that loaded this long ago, without a Streams that starts, is reported at once: Streams may still come. */
const LOADED_MS = 2_000
/** A page that has started its SharedWorker, and has shown no Streams for this long, hides it. */
const HIDDEN_MS = 5_000

/** Whether the page is protected, and what is reported if it is not. */
export class Protection {
  #isStreamsSeen = false
  #isWorkerStarted = false
  #isHidden = false
  #isAgentSeen = false
  #isStopped = false
  #stopListening = (): void => undefined
  readonly #say: (reason: UnprotectedReason, soFar: boolean) => void

  /** @param say reports to the background why this page is not protected; `soFar` if it may still become so. */
  constructor(say: (reason: UnprotectedReason, soFar: boolean) => void) {
    this.#say = say
  }

  /** Starts the clock. */
  start(): void {
    natives.setTimeout(
      guard(() => this.#sayUnlessSeen()),
      PATIENCE_MS,
    )
    const onLoaded = guard(() => {
      natives.setTimeout(
        guard(() => this.#sayMissing()),
        LOADED_MS,
      )
    })
    if (document.readyState === 'complete') onLoaded()
    else this.#stopListening = natives.listen('load', onLoaded)
  }

  stop(): void {
    this.#isStopped = true
    this.#stopListening()
  }

  streamsSeen(): void {
    this.#isStreamsSeen = true
  }

  agentSeen(): void {
    this.#isAgentSeen = true
  }

  /**
   * The page has started its SharedWorker: a Streams is at work in it.
   * @param onHidden called where it has not shown a while later.
   */
  workerStarted(onHidden: () => void): void {
    this.#isWorkerStarted = true
    natives.setTimeout(
      guard(() => {
        if (this.#isStopped || this.#isStreamsSeen || this.#isHidden) return
        this.#isHidden = true
        onHidden()
      }),
      HIDDEN_MS,
    )
  }

  /** The agent of a hidden Streams cannot be watched either, or no longer. */
  cannotWatch(): void {
    if (!this.#isStopped && !this.#isStreamsSeen) this.#say('streams_hidden', false)
  }

  #sayUnlessSeen(): void {
    if (this.#isStopped || this.#isAgentSeen) return
    if (this.#isHidden && !this.#isStreamsSeen) this.#say('streams_hidden', false)
    else this.#say(this.#isStreamsSeen ? 'no_agent' : 'no_connect', false)
  }

  /** A page with frames may be the one around a CCP, which has a bridge of its own. */
  #sayMissing(): void {
    const isAtWork = this.#isStreamsSeen || this.#isWorkerStarted || this.#isAgentSeen
    if (!this.#isStopped && !isAtWork && window.length === 0) this.#say('no_connect', true)
  }
}
