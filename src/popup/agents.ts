import type { AgentFacts } from '../domain/agent'
import { agentKey, isStuck } from '../domain/agent'
import { statusWord } from '../domain/status-word'
import type { DocumentStatus } from '../protocol/ui-messages'
import { statusText } from '../ui/status-text'
import { h } from '../ui/dom'
import { formatNumber, formatTime } from '../ui/format'
import { glyph } from '../ui/glyph'
import { t, tCount } from '../ui/i18n'
import { outlookPill, outlookSentence } from '../ui/outlook-words'
import { notice, pill } from '../ui/parts'
import { STATE_TYPES } from '../ui/words'
import type { Actions } from './actions'
import { goOfflinePart } from './go-offline-part'
import { returnPart } from './return-part'

/** The cards of the open CCPs: one for each agent, and one for each page whose agent is not known. */
export function agentCards(documents: readonly DocumentStatus[], actions: Actions, now: number): HTMLElement[] {
  const groups = new Map<string, [DocumentStatus, ...DocumentStatus[]]>()
  for (const doc of documents) {
    // A page without protection is never hidden behind a protected one of the same agent.
    const key = doc.agent && doc.protection.status !== 'unprotected' ? agentKey(doc.instance, doc.agent) : doc.docId
    const group = groups.get(key)
    if (group) group.push(doc)
    else groups.set(key, [doc])
  }
  return [...groups.values()].map((group) => card(group, actions, now))
}

function card(group: readonly [DocumentStatus, ...DocumentStatus[]], actions: Actions, now: number): HTMLElement {
  const doc = group.find(({ protection }) => protection.status === 'protected') ?? group[0]
  const { agent, outlook } = doc
  const { text, glyph: name } = outlookSentence(outlook, agent)
  if (outlook.is === 'unprotected') return notice('bad', doc.instance, h('p', {}, text))
  const head = agent === null ? pageNow(doc) : stateNow(doc, agent, group.length, now)
  const stuck = agent !== null && isStuck(agent) ? [notice('warn', t('stuckTitle'), h('p', {}, t('stuckText')))] : []
  const onClose = h('p', { class: 'onclose' }, glyph(name), h('span', {}, text))
  return h(
    'article',
    { class: 'agent card' },
    head,
    ...stuck,
    ...returnPart(doc, actions, now),
    onClose,
    ...goOfflinePart(doc, actions),
  )
}

function pageNow(doc: DocumentStatus): HTMLElement {
  return h(
    'div',
    { class: 'now neutral' },
    h('span', { class: 'dot' }),
    h('h3', { class: 'line host' }, doc.instance),
    h('p', { class: 'line' }, closePill(doc)),
  )
}

function stateNow(doc: DocumentStatus, agent: AgentFacts, pages: number, now: number): HTMLElement {
  const { word, tone } = STATE_TYPES[agent.state.type]
  const since = agent.state.startTimestamp
  const known = statusWord(agent.state)
  // A contact says enough by its name.
  const isNamed = known !== null && known !== 'statusError'
  const meaning = [
    word === null || isNamed ? null : t(word),
    since === null ? null : t('popupSince', formatTime(since, now)),
  ]
  const who = [agent.name || agent.username, pages > 1 ? tCount('popupPages', pages, formatNumber(pages)) : null]
  return h(
    'div',
    { class: `now ${tone}` },
    h('span', { class: 'dot' }),
    h('h3', {}, statusText(agent.state, agent.contacts)),
    closePill(doc),
    h('p', { class: 'line muted' }, joined(meaning)),
    h('p', { class: 'line muted' }, joined(who)),
    h('p', { class: 'line muted' }, doc.instance),
  )
}

function closePill({ outlook }: DocumentStatus): HTMLElement {
  const { word, tone, glyph: name } = outlookPill(outlook)
  return pill(tone, name, t(word))
}

function joined(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(' · ')
}
