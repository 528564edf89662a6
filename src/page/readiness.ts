import type { AgentFacts } from '../domain/agent'
import { isActionable } from '../domain/close-rules'
import type { PageCapabilities } from '../domain/capabilities'
import type { PageConfig } from '../protocol/page-config'
import { CapabilityReport } from './capability-report'
import type { ContentLink } from './content-link'
import type { CrashProtection } from './crash-protection'
import type { DirectPath } from './direct-path'
import { guard, guardSetUp } from './guard'
import { natives } from './natives'
import type { PageAgent } from './page-agent'
import { TokenRenewal } from './token-renewal'

const MINUTE_MS = 60_000

/** What readiness needs from the bridge. */
export interface ReadinessParts {
  readonly agent: PageAgent
  readonly direct: DirectPath
  readonly crashProtection: CrashProtection
  readonly link: () => ContentLink
  readonly config: () => PageConfig | null
  readonly isAttached: () => boolean
  /** How many requests an hour it takes to watch an agent whose Streams is out of reach; null where Streams is there. */
  readonly requestsPerHour: () => number | null
}

/**
 * Prepares for a close, which may come at any moment while the agent is routable, and reports how ready the page is. Where
 * nothing may be done, nothing is requested.
 */
export class Readiness {
  #lentToken: string | null = null
  /** The agent that was last seen here; null before the first. */
  #username: string | null = null
  readonly #renewal: TokenRenewal
  readonly #capabilities: CapabilityReport
  readonly #parts: ReadinessParts

  constructor(parts: ReadinessParts) {
    this.#parts = parts
    this.#renewal = new TokenRenewal({
      username: () => this.#username,
      access: () => parts.direct.token.access(),
      expiresAt: () => parts.direct.token.expiresAt(),
      onToken: (renewed) => {
        parts.direct.renew(renewed)
        this.update()
      },
    })
    this.#capabilities = new CapabilityReport((known) =>
      parts.link().send({ type: 'capabilities', capabilities: known }),
    )
  }

  /** Notes which agent the page shows. */
  agentShown({ username }: AgentFacts): void {
    this.#username = username
  }

  /** The background has received nothing of this document yet. */
  forgetSent(): void {
    this.#capabilities.forget()
  }

  /** The background holds no token of this document. */
  forgetLent(): void {
    this.#lentToken = null
  }

  /** Call it whenever something may have changed. */
  readonly update = guard(() => this.#look(false))

  readonly #lookNow = guard(() => this.#look(true))

  /** @param isTimed whether it comes at a time of its own, and not with an event of Streams. */
  #look(isTimed: boolean): void {
    const { direct, crashProtection, config: configured, isAttached } = this.#parts
    if (!isAttached()) return
    const config = configured()
    const isActionable = this.#isActionable()
    if (config?.mode === 'act') {
      const isNeeded = isActionable || this.#isByApi()
      if (isNeeded && config.renewToken && config.directPath) this.#renewal.renewIfDue()
      if (isActionable || this.#isUnwatched()) direct.probe(isTimed)
    }
    this.#lend(config)
    crashProtection.update()
    this.report()
  }

  /** Somebody may be about to close the page: the connection for its request is opened. */
  readonly warmUp = guard(() => {
    if (this.#parts.isAttached() && this.#isActionable()) this.#parts.direct.warmUp()
  })

  /** Looks now, and from then on every minute or so. */
  readonly lookNowAndThen = guardSetUp(() => {
    if (!this.#parts.isAttached()) return
    this.#lookNow()
    natives.setTimeout(this.lookNowAndThen, this.#parts.direct.lookAgainMs())
  })

  /** Reports what the page can do, if that has changed. */
  readonly report = guard(() => {
    const { direct, crashProtection, config, isAttached, requestsPerHour } = this.#parts
    if (!isAttached() || this.#username === null || config() === null) return
    const perHour = requestsPerHour()
    const byApi: Partial<PageCapabilities> = perHour === null ? {} : { hiddenStreams: { requestsPerHour: perHour } }
    this.#capabilities.tell({ direct: direct.health(), deadMansSwitch: crashProtection.health(), ...byApi })
  })

  /** Whether a close would change the agent's state. */
  #isActionable(): boolean {
    const facts = this.#parts.agent.facts()
    const config = this.#parts.config()
    return facts !== null && config?.mode === 'act' && isActionable(facts, config)
  }

  /** Whether an agent was seen here through the API alone, whatever they do: without a token nobody watches them. */
  #isByApi(): boolean {
    return this.#username !== null && this.#parts.requestsPerHour() !== null
  }

  /** An agent was seen here, and nobody watches them any more, which another token may change. */
  #isUnwatched(): boolean {
    return this.#isByApi() && this.#parts.agent.facts() === null
  }

  /** Lends the token where the background needs it, and again when it has changed. */
  #lend(config: PageConfig | null): void {
    // Lent to a background that does not have the cookies of this page. An unknown expiry is null in JSON.
    const lent = config?.lendToken ? this.#parts.direct.usable() : null
    // The background drops a token that it does not need; the token is lent again when it does.
    if (config?.lendToken === false) this.#lentToken = null
    if (lent === null) return
    const expiresAt = this.#parts.direct.token.expiresAt()
    // With another expiry too: the clocks may have been compared since.
    const key = `${lent.token} ${Math.round(expiresAt / MINUTE_MS)}`
    if (key === this.#lentToken) return
    this.#lentToken = key
    this.#parts.link().send({ type: 'token', lent: { ...lent, expiresAt } })
  }
}
