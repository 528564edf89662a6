import type { ClosingReport } from '../domain/close-report'
import { LATE_REQUEST_MS, statusRestoreOf } from '../domain/closes/guarded-close'
import type { ContentMessage } from '../protocol/content-messages'
import type { PageConfig } from '../protocol/page-config'
import { RETIRE } from '../protocol/page-channel'
import type { OnFacts } from './agent-watch'
import { unsubscribe, watchAgent } from './agent-watch'
import { ApiAgent } from './api-agent'
import { Closer } from './closer'
import { linkToContent } from './content-link'
import type { ContentLink } from './content-link'
import { CrashProtection } from './crash-protection'
import { watchDeparture } from './departure'
import { DirectPath } from './direct-path'
import { guard, guardSetUp } from './guard'
import { watchLeavingSigns } from './leaving-signs'
import { holdLogout } from './logout-hold'
import { natives } from './natives'
import { PageAgent } from './page-agent'
import { Protection } from './protection'
import { Readiness } from './readiness'
import { LateRequestGuard } from './late-request-guard'
import { watchSharedWorkerParams } from './shared-worker-params'
import { hearReloads } from './streams-reloads'
import type { InsecureStreams } from './streams'
import { versionOf } from './streams'
import { watchUserInput } from './user-input'
import { waitForStreams } from './wait-for-streams'

/**
 * Puts the bridge into the page: it waits for the page's Streams, keeps the agent's facts up to date, and acts on a close. Taking it
 * off leaves the page as stock.
 */
export function installBridge(): void {
  new Bridge().install()
}

/** Connects the parts of the page's world; each has a file of its own. */
class Bridge {
  #config: PageConfig | null = null
  #isAttached = true
  /** Between a return from the back/forward cache and the settings that follow it. */
  #hasReturned = false
  /** The `connect` object with which the page has called `initSharedWorker`. */
  #keptStreams: unknown
  #apiAgent: ApiAgent | null = null
  #closer: Closer | null = null
  #link!: ContentLink
  readonly #stops: (() => void)[] = []
  readonly #departure = watchDeparture()
  readonly #userInput = watchUserInput()
  readonly #direct = new DirectPath(
    () => this.#config?.directPath !== false,
    guard(() => this.#readiness.report()),
  )
  readonly #agent = new PageAgent(this.#direct, (facts) => this.#lateRequestGuard.asComing(facts))
  readonly #crashProtection = new CrashProtection({
    facts: () => this.#agent.facts(),
    config: () => this.#config,
    request: (state, enqueue) => this.#direct.putRequest(state, enqueue),
    isAlive: () => this.#link.isAlive(),
    onReturn: () => this.#onReturn(),
  })
  readonly #readiness = new Readiness({
    agent: this.#agent,
    direct: this.#direct,
    crashProtection: this.#crashProtection,
    link: () => this.#link,
    config: () => this.#config,
    isAttached: () => this.#isAttached,
    requestsPerHour: () => this.#apiAgent?.requestsPerHour() ?? null,
  })
  readonly #lateRequestGuard = new LateRequestGuard({
    config: () => this.#config,
    setState: (state, onResult) => this.#agent.setState(state, onResult),
    isClosing: () => this.#closer?.isClosing() ?? false,
    lastInputAt: () => this.#userInput.at(),
    onReverted: (type, closeId, result) => this.#link.send({ type, closeId, result }),
  })
  readonly #protection = new Protection((reason, soFar) =>
    this.#link.send({ type: 'unprotected', reason, ...(soFar && { soFar }) }),
  )

  install(): void {
    this.#stops.push(
      watchSharedWorkerParams((params, streams) => {
        this.#keptStreams = streams
        this.#direct.adopt(params)
        this.#protection.workerStarted(() => this.#protectByApi())
        this.#readiness.update()
      }),
    )
    // A bridge that an earlier version has left in this page comes off.
    natives.emit(RETIRE)
    this.#stops.push(natives.listen(RETIRE, this.#detach))
    this.#link = linkToContent(
      (message) => this.#onMessage(message),
      guardSetUp(() =>
        waitForStreams(
          (streams) => this.#protect(streams),
          () => this.#isAttached,
          () => this.#keptStreams,
        ),
      ),
    )
    // Not before the link is there: all that follows may happen within this call.
    this.#link.greet()
    this.#protection.start()
  }

  /** Takes the bridge off the page. */
  readonly #detach = guard(() => {
    this.#isAttached = false
    this.#closer?.stop()
    for (const stop of this.#stops) stop()
    this.#departure.stop()
    this.#userInput.stop()
    this.#protection.stop()
    this.#crashProtection.stop()
    this.#direct.forget()
    this.#agent.stop()
    this.#link.close()
  })

  #protect(streams: InsecureStreams): void {
    this.#protection.streamsSeen()
    this.#apiAgent = null
    const onAgent = this.#onAgent(versionOf(streams))
    this.#agent.use(watchAgent(streams, onAgent, () => this.#config?.targetState ?? ''))
    const reloads = hearReloads(streams, (hint) => this.#departure.note(hint))
    this.#stops.push(() => unsubscribe(reloads))
    this.#watchForCloses()
  }

  /** The page has a Streams at work that is out of reach: its token suffices. */
  #protectByApi(): void {
    const apiAgent = new ApiAgent({
      // As for all requests that a page makes to the API on its own: in mode `act`, and where the settings allow it.
      access: () => (this.#config?.mode === 'act' ? this.#direct.usable() : null),
      onChange: this.#onAgent(null),
      onUnwatched: () => this.#protection.cannotWatch(),
      onTime: (sent) => this.#direct.token.compareClocks(sent),
      targetState: () => this.#config?.targetState ?? '',
    })
    this.#apiAgent = apiAgent
    this.#agent.use(apiAgent)
    this.#watchForCloses()
  }

  #watchForCloses(): void {
    if (this.#closer === null) {
      const closer = new Closer(
        this.#agent,
        this.#link,
        this.#departure,
        this.#direct,
        () => this.#config,
        (report) => this.#restoreStatusOf(report),
      )
      this.#closer = closer
      closer.start()
      this.#crashProtection.start()
      this.#stops.push(holdLogout(closer), watchLeavingSigns(this.#readiness.warmUp))
    }
    // After all that use its facts, which it may report at once.
    this.#agent.start()
    this.#readiness.lookNowAndThen()
  }

  #onAgent(streamsVersion: string | null): OnFacts {
    return (agent, isChange) => {
      this.#protection.agentSeen()
      this.#readiness.agentShown(agent)
      if (this.#isAttached) {
        this.#lateRequestGuard.note(agent)
        this.#closer?.note(agent)
        if (isChange) this.#link.send({ type: 'agent', agent, streamsVersion })
      }
      this.#readiness.update()
    }
  }

  #onMessage(message: ContentMessage): void {
    switch (message.type) {
      case 'configure':
        this.#configure(message.config)
        break
      case 'leave_choice':
        this.#closer?.choose(message.choice)
        break
      case 'staying':
        this.#closer?.mayStay(message.closeId)
        break
      case 'recover':
        this.#recover(message.closeId)
        break
      case 'set_offline':
        this.#closer?.setOfflineWhileOpen(message.kind)
        // An agent who is away, or asks for Offline, gets no status restored.
        this.#lateRequestGuard.forget()
        break
      case 'detach':
        this.#detach()
        break
      case 'alive':
        break
    }
  }

  #configure(config: PageConfig): void {
    this.#config = config
    this.#agent.look()
    if (this.#hasReturned) this.#readiness.forgetSent()
    this.#hasReturned = false
    this.#lateRequestGuard.restoreStatus(config.statusRestore)
    this.#readiness.update()
  }

  /** The background knows a page that comes back as another document, and sends it its settings again. */
  #onReturn(): void {
    this.#hasReturned = true
    this.#lateRequestGuard.forget()
    this.#readiness.forgetLent()
    this.#readiness.update()
  }

  #restoreStatusOf(report: ClosingReport): void {
    const agent = this.#agent.facts()
    if (agent !== null)
      this.#lateRequestGuard.restoreStatus(statusRestoreOf(report, agent.username, natives.now() + LATE_REQUEST_MS))
  }

  #recover(closeId: string): void {
    const target = this.#agent.facts()?.offlineState
    if (target) this.#agent.setState(target, (result) => this.#link.send({ type: 'result', closeId, result }))
  }
}
