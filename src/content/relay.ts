import * as v from 'valibot'
import type { AgentFacts } from '../domain/agent'
import { isOccupied } from '../domain/agent'
import { hasPassed } from '../domain/clock'
import type { CloseRules } from '../domain/close-rules'
import { isActionable } from '../domain/close-rules'
import type { DocumentEvent } from '../domain/closes/events'
import type { DocumentConfig, PageConfig } from '../protocol/page-config'
import type { PageMessage } from '../protocol/page-messages'
import type { BackgroundMessage, DocumentCheck } from '../protocol/document-messages'
import { documentConfigSchema } from '../protocol/page-config'
import { backgroundMessageSchema, OFFLINE_ORDER_MS } from '../protocol/document-messages'
import { onBackgroundMessage } from '../platform/content-browser'
import { BackgroundLink, openMailbox } from './background-link'
import { linkToBridge } from './bridge-link'
import { describeDocument } from './document-header'
import { LeaveWatch } from './leave-watch'
import { OtherCcps } from './other-ccps'
import { isExtensionThere, PresencePort } from './presence-port'
import { RecoveryAct } from './recovery-act'
import { markAsRecovery, recoveryMark } from './recovery-mark'

/** By this time the bridge has reported that it has an agent, or has none; in ms. */
const BRIDGE_PATIENCE_MS = 40_000

type BridgeEvent = Exclude<PageMessage, { type: 'alive' }>

/** Connects the bridge in the page with the background, for each life of this document. */
export function startRelay(): void {
  let agentEvent: Extract<DocumentEvent, { type: 'agent' }> | null = null
  let lostEvent: DocumentEvent | null = null
  let config: DocumentConfig | null = null
  let configured = ''
  const others = new OtherCcps(() => {
    if (config !== null && JSON.stringify(others.corrected(config)) !== configured) configure(config)
  })
  let closings = 0
  /** Whether the bridge has reported that this document is protected, or why it is not. */
  let hasSpoken = false
  let life = begin(document.readyState !== 'loading')

  // Before the link: a bridge that was there first sends all that it knows within that call.
  const leave = new LeaveWatch((choice) => bridge.send({ type: 'leave_choice', choice }))
  const recovery = new RecoveryAct({
    set: (closeId) => bridge.send({ type: 'recover', closeId }),
    onFound: (closeId, finding) => life.background.send({ type: 'recovered', closeId, finding }),
  })
  const bridge = linkToBridge(onBridgeEvent, isExtensionThere, () => {
    // The background answers a hello once: the settings may have come before the bridge.
    if (config !== null) configure(config)
  })
  window.addEventListener('pagehide', onPageHide)
  window.addEventListener('pageshow', onPageShow)
  onBackgroundMessage(obey)
  openMailbox()
  life.hello()
  setTimeout(() => {
    // The page may have silenced its bridge: the background learns at least that.
    if (!hasSpoken && isExtensionThere()) life.background.send({ type: 'unprotected', reason: 'no_bridge' })
  }, BRIDGE_PATIENCE_MS)

  function begin(late: boolean): ReturnType<typeof newLife> {
    return newLife(late, takeConfig, isWatched, retire)
  }

  /** Whether the background must learn at once that this document is gone. */
  function isWatched(): boolean {
    return isWatchWanted(agentEvent?.agent ?? null, config)
  }

  function takeConfig(next: DocumentConfig): void {
    if (next.recovery?.mark) markAsRecovery(next.recovery.mark)
    config = next
    configure(next)
    if (isWatched()) life.port.open()
    recovery.consider(config, agentEvent?.agent ?? null)
  }

  /** Sends the settings to the bridge, with what the other CCPs have reported since. */
  function configure(known: DocumentConfig): void {
    const next = others.corrected(known)
    configured = JSON.stringify(next)
    const page: PageConfig & { recovery?: unknown } = { ...next }
    delete page.recovery
    bridge.send({ type: 'configure', config: page })
  }

  function onBridgeEvent(docEvent: BridgeEvent): void {
    // An extension that was updated meanwhile uses another content script.
    if (!isExtensionThere()) {
      retire()
      return
    }
    // First the other CCPs of this agent: where they close together, the next one decides within milliseconds.
    others.note(life.docId, docEvent)
    tell(docEvent)
    // Last the modal, which is for the person at the screen.
    leave.note(docEvent)
  }

  function tell(docEvent: BridgeEvent): void {
    hasSpoken ||= docEvent.type === 'agent' || docEvent.type === 'unprotected'
    switch (docEvent.type) {
      case 'leave_refused':
        break
      case 'agent':
        agentEvent = docEvent
        lostEvent = null
        life.background.send(docEvent)
        if (isWatchWanted(docEvent.agent, config)) life.port.open()
        recovery.consider(config, docEvent.agent)
        break
      case 'unprotected':
        lostEvent = docEvent
        life.background.send(docEvent)
        break
      case 'capabilities':
        life.background.send(docEvent)
        break
      case 'token':
        life.background.lend(docEvent.lent)
        break
      case 'closing':
        closings += 1
        life.background.sendAndMail(docEvent)
        break
      case 'undone':
      case 'given_back':
      case 'stayed':
        life.background.sendAndMail(docEvent)
        break
      case 'result':
        if (!recovery.hear(docEvent.closeId, docEvent.result)) life.background.sendAndMail(docEvent)
        break
    }
  }

  function onPageHide(): void {
    if (!isExtensionThere()) return
    others.sayGone(life.docId)
    life.background.sendAndMail({ type: 'gone' })
  }

  function onPageShow(event: PageTransitionEvent): void {
    if (!event.persisted || !isExtensionThere()) return
    life.end()
    others.open()
    life = begin(false)
    life.hello()
    if (agentEvent !== null) life.background.send(agentEvent)
    if (lostEvent !== null) life.background.send(lostEvent)
  }

  /** @returns the answer to a message for this document. */
  function obey(message: unknown): boolean | DocumentCheck | undefined {
    const parsed = v.safeParse(backgroundMessageSchema, message)
    if (!parsed.success) return undefined
    if (parsed.output.type === 'configure') {
      takeConfig(parsed.output.config)
      return undefined
    }
    const isMe = parsed.output.docId === life.docId
    if (parsed.output.type === 'staying') {
      if (isMe) bridge.send({ type: 'staying', closeId: parsed.output.closeId })
      return undefined
    }
    if (parsed.output.type === 'set_offline') return isMe ? setOfflineWhileOpen(parsed.output) : undefined
    if (parsed.output.type === 'check') {
      return isMe ? { isBridgeThere: bridge.isHeard(), isConfigured: config !== null } : undefined
    }
    if (isMe) life.port.open()
    return isMe ? true : undefined
  }

  /** The bridge reports within this call what it does. @returns whether it sets the agent Offline. */
  function setOfflineWhileOpen({ kind, at, closeId }: Extract<BackgroundMessage, { type: 'set_offline' }>): boolean {
    if (hasPassed(at, OFFLINE_ORDER_MS, Date.now())) return false
    const before = closings
    if (closeId === undefined) {
      bridge.send({ type: 'set_offline', kind })
      return closings > before
    }
    // Requested once more: a contact, or another status, that has come since is not overwritten.
    const agent = agentEvent?.agent
    if (agent === undefined || isOccupied(agent) || config?.mode !== 'act' || !isActionable(agent, config)) return false
    bridge.send({ type: 'recover', closeId })
    return true
  }

  /** The extension is gone, or another content script has taken over: leaves nothing behind. */
  function retire(): void {
    bridge.send({ type: 'detach' })
    bridge.close()
    others.close()
    life.background.end()
    leave.stop()
    window.removeEventListener('pagehide', onPageHide)
    window.removeEventListener('pageshow', onPageShow)
  }
}

/** Whether the background must learn at once that this document is gone. */
function isWatchWanted(agent: AgentFacts | null, rules: CloseRules | null): boolean {
  if (agent === null) return false
  return rules === null ? agent.state.type === 'routable' || isOccupied(agent) : isActionable(agent, rules)
}

/** One life of the document: a page that comes back from the back/forward cache begins another. */
function newLife(
  late: boolean,
  onConfig: (config: DocumentConfig) => void,
  isWanted: () => boolean,
  onExtensionGone: () => void,
) {
  const header = describeDocument(late)
  // Until the background has answered its hello, the bridge may do nothing.
  const background = new BackgroundLink(header, (answer) => {
    const config = v.safeParse(documentConfigSchema, answer)
    if (config.success) onConfig(config.output)
    return config.success
  })
  const port = new PresencePort(header.docId, isWanted, onExtensionGone)
  const hello = (): void => {
    const recovers = recoveryMark()
    background.send(recovers === null ? { type: 'hello' } : { type: 'hello', recovers })
    port.open()
  }
  const end = (): void => {
    background.end()
    port.close()
  }
  return { docId: header.docId, background, port, hello, end }
}
