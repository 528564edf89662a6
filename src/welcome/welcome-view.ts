import { h } from '../ui/dom'
import type { GlyphName } from '../ui/glyph'
import { glyph } from '../ui/glyph'
import type { MessageKey } from '../ui/i18n'
import { t } from '../ui/i18n'
import { hostsNotice, unreachedNotice } from '../ui/notices'

/** What is still to be done before closing a CCP is protected. */
export interface Readiness {
  readonly hasAccess: boolean
  /** Tabs with a CCP that the bridge is not in. */
  readonly unreachedTabs: number
  /** Whether the button is in the toolbar; null if the browser does not say. */
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

/** The steps to be taken first, with those that are done marked. */
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
