import type { AgentFacts, AgentState } from '../domain/agent'
import type { CrashProtectionHealth } from '../domain/capabilities'
import { forbidsCrashProtection, crashProtectionTarget } from '../domain/crash-protection-rules'
import type { PageConfig } from '../protocol/page-config'
import type { ApiRequest } from './api-call'
import { guard, guardSetUp } from './guard'
import { isInsideCcp } from './inside-ccp'
import { natives } from './natives'

/** What the crash protection needs from the bridge. */
export interface CrashProtectionParts {
  readonly facts: () => AgentFacts | null
  readonly config: () => PageConfig | null
  readonly request: (state: AgentState, enqueue: boolean) => { url: string; request: ApiRequest } | null
  /** Whether the extension is still there. */
  readonly isAlive: () => boolean
  /** Called when something may have changed that must be looked up. */
  readonly onReturn: () => void
}

/**
 * Has Chromium hold the Offline request: where the renderer dies, no handler of the page runs, and the browser sends it. It would
 * send it on every reload as well, after the page is back: so `pagehide` withdraws it, once all that is to be done has been done.
 */
export class CrashProtection {
  #armed: { readonly key: string; readonly disarm: () => void } | null = null
  /** The page around this one does not allow it, or its quota is too small: that does not change in a document's life. */
  #isRefused = false
  /** Between `pagehide` and a return from the back/forward cache. */
  #isHidden = false
  #isStopped = false
  #stops: (() => void)[] = []

  readonly #parts: CrashProtectionParts

  constructor(parts: CrashProtectionParts) {
    this.#parts = parts
  }

  readonly #onPageHide = guardSetUp(() => {
    this.#isHidden = true
    this.#disarm()
  })
  readonly #onPageShow = guard((event: Event) => {
    if (!(event as PageTransitionEvent).persisted) return
    this.#isHidden = false
    this.#parts.onReturn()
  })

  /** Call it after the listeners that act in `pagehide` are added. */
  start(): void {
    this.#stops = [natives.listen('pagehide', this.#onPageHide), natives.listen('pageshow', this.#onPageShow)]
  }

  stop(): void {
    this.#isStopped = true
    this.#disarm()
    for (const stop of this.#stops) stop()
  }

  /** Arms, re-arms or disarms it, as the current facts require. Call it whenever they may have changed. */
  update(): void {
    const wanted = this.#wanted()
    const key = wanted === null ? null : natives.stringify(wanted)
    if (key === (this.#armed?.key ?? null)) return
    this.#disarm()
    if (wanted === null || key === null || natives.fetchLater === null) return
    try {
      this.#armed = { key, disarm: natives.fetchLater(wanted.url, wanted.request) }
    } catch {
      this.#isRefused = true
    }
  }

  health(): CrashProtectionHealth {
    const config = this.#parts.config()
    if (natives.fetchLater === null) return 'unsupported'
    if (config !== null && forbidsCrashProtection(config)) return 'forbidden'
    if (this.#isRefused) return 'refused'
    return this.#armed === null ? 'ready' : 'armed'
  }

  #wanted(): { url: string; request: ApiRequest } | null {
    if (this.#isStopped || this.#isHidden || this.#isRefused || natives.fetchLater === null || isInsideCcp())
      return null
    const config = this.#parts.config()
    const facts = this.#parts.facts()
    if (facts === null || config === null) return null
    const target = crashProtectionTarget(facts, config)
    if (target === null || !this.#parts.isAlive()) return null
    // A refusal of `enqueueNextState` could not be followed by a second try: it is requested only where it makes a difference.
    return this.#parts.request(target, config.enqueue && facts.contacts.length > 0)
  }

  #disarm(): void {
    this.#armed?.disarm()
    this.#armed = null
  }
}
