import type { AgentFacts, AgentState } from '../domain/agent'
import { isAtStake } from '../domain/close-rules'
import type { CloseResult, ClosingReport } from '../domain/close-report'
import { FENCE_MS, owedFor } from '../domain/sessions/fence'
import type { PageConfig } from '../protocol/page-config'
import { RETIRE } from '../protocol/page-channel'
import type { AgentWatch } from './agent-watch'
import { unsubscribe, watchAgent } from './agent-watch'
import { callStreams } from './attempts'
import { CapabilityReport } from './capability-report'
import { Closer } from './closer'
import { linkToContent } from './content-link'
import type { ContentLink } from './content-link'
import { DeadMansSwitch } from './dead-mans-switch'
import { watchDeparture } from './departure'
import { DirectPath, PROBE_LOOK_MS } from './direct-path'
import { guard, guardSetUp } from './guard'
import { holdLogout } from './logout-hold'
import { natives } from './natives'
import { ReturnFence } from './return-fence'
import { watchSharedWorkerParams } from './shared-worker-params'
import { hearReloads } from './streams-reloads'
import type { InsecureStreams } from './streams'
import { versionOf } from './streams'
import { TokenRenewal } from './token-renewal'
import { watchTouch } from './touch'
import { waitForStreams } from './wait-for-streams'

/** A page that has shown no agent for so long is said to be unprotected; should one come later, it is protected then. */
const PATIENCE_MS = 30_000

/**
 * Puts the bridge into the page: waits for its Streams, keeps the agent's facts settled, and acts on a close.
 * It adds listeners and subscriptions, and replaces nothing of the page's for longer than one call (see
 * `shared-worker-params.ts`): taking them off leaves the page as stock.
 */
export function installBridge(): void {
  let config: PageConfig | null = null
  let attached = true
  let closer: Closer | null = null
  let releaseLogout: (() => void) | null = null
  let streamsSeen = false
  let agentSeen = false
  let hasReturned = false
  let watch: AgentWatch | null = null
  let reloads: unknown = null
  const departure = watchDeparture()
  const touch = watchTouch()
  const direct = new DirectPath(
    () => config?.directPath !== false,
    guard(() => report()),
  )
  const facts = (): AgentFacts | null => {
    const now = watch?.facts()
    return now ? fence.asComing(now) : null
  }
  const renewal = new TokenRenewal({
    facts,
    access: () => direct.known(),
    onToken: (renewed) => {
      direct.renew(renewed)
      look()
    },
  })
  const deadMansSwitch = new DeadMansSwitch({
    facts,
    config: () => config,
    request: (state, enqueue) => direct.putRequest(state, enqueue),
    isAlive: () => link.isAlive(),
    // The background knows a page that comes back as another document, and tells it its settings anew.
    onReturn: () => {
      hasReturned = true
      fence.forget()
      lentToken = null
      look()
    },
  })
  const capabilities = new CapabilityReport((known) => link.send({ type: 'capabilities', capabilities: known }))
  const forgetParams = watchSharedWorkerParams((params) => {
    direct.adopt(params)
    look()
  })
  let lentToken: string | null = null

  /** Lends the token where the background needs it, and again when it has changed. */
  const lend = (): void => {
    // What a background needs that has not the cookies of this page. In JSON an expiry that nothing tells is null.
    const lent = config?.lendToken ? direct.usable() : null
    // What is not asked for is forgotten there, and lent anew when it is.
    if (config?.lendToken === false) lentToken = null
    if (lent === null || lent.token === lentToken) return
    lentToken = lent.token
    link.send({ type: 'token', lent })
  }

  const report = guard(() => {
    // Before an agent shows, what is missing is still to come.
    if (!attached || !agentSeen || config === null) return
    capabilities.tell({ direct: direct.health(), deadMansSwitch: deadMansSwitch.health() })
  })
  /**
   * Makes ready for a close, which may come at any moment while the agent is routable. Where nothing may be done, nothing
   * is asked.
   */
  const look = guard(() => {
    if (!attached) return
    const agent = facts()
    if (agent !== null && config?.mode === 'act' && isAtStake(agent, config)) {
      if (config.renewToken && config.directPath) renewal.look()
      direct.probe()
    }
    lend()
    deadMansSwitch.look()
    report()
  })
  const lookNowAndThen = guardSetUp(() => {
    if (!attached) return
    look()
    natives.setTimeout(lookNowAndThen, PROBE_LOOK_MS)
  })

  const detach = guard(() => {
    attached = false
    closer?.stop()
    releaseLogout?.()
    departure.stop()
    touch.stop()
    forgetParams()
    deadMansSwitch.stop()
    direct.forget()
    watch?.stop()
    unsubscribe(reloads)
    link.close()
    stopRetiring()
  })

  const protect = (streams: InsecureStreams): void => {
    streamsSeen = true
    const streamsVersion = versionOf(streams)
    const onAgent = (agent: AgentFacts): void => {
      agentSeen = true
      if (attached) fence.note(agent)
      if (attached) link.send({ type: 'agent', agent, streamsVersion })
      look()
    }
    watch = watchAgent(streams, onAgent, () => config?.targetState ?? '')
    reloads = hearReloads(streams, (hint) => departure.note(hint))
    closer = new Closer({ ...watch, facts }, link, departure, direct, () => config, owe)
    closer.start()
    deadMansSwitch.start()
    releaseLogout = holdLogout(closer)
    // After all that acts on what it tells, which it may tell at once.
    watch.start()
    lookNowAndThen()
  }

  const setState = (state: AgentState, onResult: (result: CloseResult) => void): void => {
    if (watch !== null) callStreams(watch, state, false, onResult)
  }
  const fence = new ReturnFence({
    config: () => config,
    setState,
    isClosing: () => closer?.isClosing() ?? false,
    touchedAt: () => touch.at(),
    onUndone: (type, closeId, result) => link.send({ type, closeId, result }),
  })
  const owe = (report: ClosingReport): void => {
    const agent = facts()
    if (agent !== null) fence.owe(owedFor(report, agent.username, natives.now() + FENCE_MS))
  }
  const recover = (closeId: string): void => {
    const target = facts()?.offlineState
    if (target) setState(target, (result) => link.send({ type: 'result', closeId, result }))
  }
  natives.emit(RETIRE)
  const stopRetiring = natives.listen(RETIRE, detach)
  const link: ContentLink = linkToContent(
    (message) => {
      if (message.type === 'configure') {
        config = message.config
        watch?.look()
        if (hasReturned) capabilities.forget()
        hasReturned = false
        fence.owe(config.giveBack)
        look()
      }
      if (message.type === 'leave_choice') closer?.choose(message.choice)
      if (message.type === 'staying') closer?.mayStay(message.closeId)
      if (message.type === 'recover') recover(message.closeId)
      if (message.type === 'sign_off') {
        closer?.signOff(message.kind)
        // Whoever is not there, or asks for Offline, is owed nothing more.
        fence.forget()
      }
      if (message.type === 'detach') detach()
    },
    guardSetUp(() => waitForStreams(protect, () => attached)),
  )
  // Not before `link` is there: all that follows may happen within this call.
  link.greet()
  natives.setTimeout(
    guard(() => {
      if (!attached || agentSeen) return
      link.send({ type: 'unprotected', reason: streamsSeen ? 'no_agent' : 'no_connect' })
    }),
    PATIENCE_MS,
  )
}
