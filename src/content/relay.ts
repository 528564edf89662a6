import * as v from 'valibot'
import type { AgentFacts } from '../domain/agent'
import { isOccupied } from '../domain/agent'
import { hasPassed } from '../domain/clock'
import type { SignOffKind } from '../domain/close-report'
import type { CloseRules } from '../domain/close-rules'
import { isAtStake } from '../domain/close-rules'
import type { DocumentNews } from '../domain/sessions/events'
import type { DocumentConfig, PageConfig } from '../protocol/page-config'
import type { PageMessage } from '../protocol/page-messages'
import type { DocumentCheck } from '../protocol/document-messages'
import { documentConfigSchema } from '../protocol/page-config'
import { backgroundMessageSchema, SIGN_OFF_MS } from '../protocol/document-messages'
import { browser } from '../platform/browser'
import { BackgroundLink, openMailbox } from './background-link'
import { linkToBridge } from './bridge-link'
import { describeDocument } from './document-header'
import { LeaveWatch } from './leave-watch'
import { OtherCcps } from './other-ccps'
import { isExtensionThere, LifeLine } from './life-line'
import { RecoveryAct } from './recovery'
import { markAsRecovery, recoveryMark } from './recovery-mark'

type BridgeNews = Exclude<PageMessage, { type: 'alive' }>

/** Joins the bridge in the page and the background, for each life of this document. */
export function startRelay(): void {
  let agentNews: Extract<DocumentNews, { type: 'agent' }> | null = null
  let config: DocumentConfig | null = null
  let told = ''
  const others = new OtherCcps(() => {
    if (config !== null && JSON.stringify(others.without(config)) !== told) configure(config)
  })
  let closings = 0
  let life = begin(document.readyState !== 'loading')

  // Before the link: a bridge that was there first says all that it knows within that call.
  const leave = new LeaveWatch((choice) => bridge.send({ type: 'leave_choice', choice }))
  const recovery = new RecoveryAct({
    set: (closeId) => bridge.send({ type: 'recover', closeId }),
    onFound: (closeId, finding) => life.background.tell({ type: 'recovered', closeId, finding }),
  })
  const bridge = linkToBridge(onBridgeNews, isExtensionThere)
  window.addEventListener('pagehide', onPageHide)
  window.addEventListener('pageshow', onPageShow)
  browser.runtime.onMessage.addListener(onBackgroundMessage)
  openMailbox()
  life.hello()

  function begin(late: boolean): ReturnType<typeof newLife> {
    return newLife(late, takeConfig, isWatched, retire)
  }

  /** Whether the background must hear at once that this document is gone. */
  function isWatched(): boolean {
    return isWatchWanted(agentNews?.agent ?? null, config)
  }

  function takeConfig(next: DocumentConfig): void {
    if (next.recovery !== null) markAsRecovery(next.recovery.closeId)
    config = next
    configure(next)
    if (isWatched()) life.line.open()
    recovery.consider(config, agentNews?.agent ?? null)
  }

  /** Hands the settings to the bridge, with what the other CCPs have said since. */
  function configure(known: DocumentConfig): void {
    const next = others.without(known)
    told = JSON.stringify(next)
    const page: PageConfig & { recovery?: unknown } = { ...next }
    delete page.recovery
    bridge.send({ type: 'configure', config: page })
  }

  function onBridgeNews(news: BridgeNews): void {
    // An extension that has been updated since speaks through another content script.
    if (!isExtensionThere()) {
      retire()
      return
    }
    // After all that must be said: what is told here is for the person before the screen.
    others.note(life.docId, news)
    tell(news)
    leave.note(news)
  }

  function tell(news: BridgeNews): void {
    switch (news.type) {
      case 'leave_refused':
        break
      case 'agent':
        agentNews = news
        life.background.tell(news)
        if (isWatchWanted(news.agent, config)) life.line.open()
        recovery.consider(config, news.agent)
        break
      case 'unprotected':
      case 'capabilities':
        life.background.tell(news)
        break
      case 'token':
        life.background.lend(news.lent)
        break
      case 'closing':
        closings += 1
        life.background.tellLast(news)
        break
      case 'undone':
      case 'given_back':
      case 'stayed':
        life.background.tellLast(news)
        break
      case 'result':
        if (!recovery.hear(news.closeId, news.result)) life.background.tellLast(news)
        break
    }
  }

  function onPageHide(): void {
    if (!isExtensionThere()) return
    others.sayGone(life.docId)
    life.background.tellLast({ type: 'gone' })
  }

  function onPageShow(event: PageTransitionEvent): void {
    if (!event.persisted || !isExtensionThere()) return
    life.end()
    others.open()
    life = begin(false)
    life.hello()
    if (agentNews !== null) life.background.tell(agentNews)
  }

  function onBackgroundMessage(message: unknown): Promise<boolean | DocumentCheck> | undefined {
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
    if (parsed.output.type === 'sign_off') return isMe ? Promise.resolve(signOff(parsed.output)) : undefined
    if (parsed.output.type === 'check') {
      return isMe ? Promise.resolve({ isBridgeThere: bridge.isHeard(), isConfigured: config !== null }) : undefined
    }
    if (isMe) life.line.open()
    return isMe ? Promise.resolve(true) : undefined
  }

  /** The bridge says within this call what it does. @returns whether it sets the agent Offline. */
  function signOff({ kind, at }: { kind: SignOffKind; at: number }): boolean {
    const before = closings
    if (!hasPassed(at, SIGN_OFF_MS, Date.now())) bridge.send({ type: 'sign_off', kind })
    return closings > before
  }

  /** The extension is gone, or another content script has taken over: leave nothing behind. */
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

/** Whether the background must hear at once that this document is gone. */
function isWatchWanted(agent: AgentFacts | null, rules: CloseRules | null): boolean {
  if (agent === null) return false
  return rules === null ? agent.state.type === 'routable' || isOccupied(agent) : isAtStake(agent, rules)
}

/** One life of the document: a page that comes back from the back/forward cache begins another. */
function newLife(
  late: boolean,
  onConfig: (config: DocumentConfig) => void,
  isWanted: () => boolean,
  onExtensionGone: () => void,
) {
  const header = describeDocument(late)
  // Until there is an answer to its hello the bridge may do nothing.
  const background = new BackgroundLink(header, (answer) => {
    const config = v.safeParse(documentConfigSchema, answer)
    if (config.success) onConfig(config.output)
    return config.success
  })
  const line = new LifeLine(header.docId, isWanted, onExtensionGone)
  const hello = (): void => {
    const recovers = recoveryMark()
    background.tell(recovers === null ? { type: 'hello' } : { type: 'hello', recovers })
    line.open()
  }
  const end = (): void => {
    background.end()
    line.close()
  }
  return { docId: header.docId, background, line, hello, end }
}
