/** What more than one page shows in the same way. */
import type { LogEntry } from '../domain/log-entry'
import { h } from './dom'
import type { GlyphName } from './glyph'
import { glyph } from './glyph'
import { t } from './i18n'
import type { Tone } from './words'
import { OUTCOMES, shownOutcome } from './words'

export function pill(tone: Tone, name: GlyphName, text: string): HTMLElement {
  return h('span', { class: `pill ${tone}` }, glyph(name), text)
}

export function outcomePill(entry: Pick<LogEntry, 'outcome' | 'would'>): HTMLElement {
  const { word, tone, glyph: name } = OUTCOMES[shownOutcome(entry)]
  return pill(tone, name, t(word))
}

/** A message that stands out: what is the matter, and what can be done about it. */
export function notice(tone: Tone, title: string, ...content: readonly (Node | null)[]): HTMLElement {
  return h('div', { class: `notice ${tone}` }, glyph('warning'), h('div', {}, h('h3', {}, title), ...content))
}

/** A notice that says why a page could not be filled, and offers to try again. */
export function failure(message: string, retry: () => void): HTMLElement {
  const button = h('button', { type: 'button', 'data-focus': 'retry', onclick: retry }, t('retry'))
  return h(
    'div',
    { class: 'notice bad', role: 'alert' },
    glyph('warning'),
    h('div', {}, h('p', {}, message), h('div', { class: 'buttons' }, button)),
  )
}
