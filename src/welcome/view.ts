import { h } from '../ui/dom'
import type { GlyphName } from '../ui/glyph'
import { glyph } from '../ui/glyph'
import type { MessageKey } from '../ui/i18n'
import { t } from '../ui/i18n'
import { hostsNotice, unreachedNotice } from '../ui/notices'

/** What the page has found out of what is still to be done. */
export interface Readiness {
  readonly hasAccess: boolean
  /** Tabs that show a CCP without our bridge in it. */
  readonly unreachedTabs: number
  /** Whether the button is in the toolbar; null where the browser does not say. */
  readonly isPinned: boolean | null
}

const FACTS: readonly (readonly [GlyphName, MessageKey])[] = [
  ['power', 'welcomeFactClose'],
  ['clock', 'welcomeFactContact'],
  ['shield', 'welcomeFactLog'],
]

/** What it does, in three sentences. */
export function factItems(): HTMLElement[] {
  return FACTS.map(([name, text]) => h('li', {}, glyph(name), h('p', {}, t(text))))
}

/** What is to be done before it can, with what of it is done already. */
export function stepItems(
  { hasAccess, unreachedTabs, isPinned }: Readiness,
  requestHosts: () => Promise<boolean>,
  refresh: () => void,
): HTMLElement[] {
  const access = hasAccess ? done('welcomeAccess') : h('li', {}, hostsNotice(requestHosts, refresh))
  const ccp = unreachedTabs > 0 ? h('li', {}, unreachedNotice(unreachedTabs)) : hint('power', 'welcomeOpenCcp')
  const pin = isPinned === true ? done('welcomePinned') : hint('pin', 'welcomePin')
  return hasAccess ? [access, ccp, pin] : [access, pin]
}

function done(text: MessageKey): HTMLElement {
  return h('li', { class: 'step card good' }, glyph('check'), h('p', {}, t(text)))
}

function hint(name: GlyphName, text: MessageKey): HTMLElement {
  return h('li', { class: 'step card' }, glyph(name), h('p', {}, t(text)))
}
