/** Facts as the health section lays them out: a label, and what is known. */
import { h } from '../../ui/dom'
import type { MessageKey } from '../../ui/i18n'
import { t } from '../../ui/i18n'

export function factList(...facts: readonly HTMLElement[]): HTMLElement {
  return h('dl', { class: 'facts' }, ...facts)
}

export function factOf(label: MessageKey, ...content: readonly HTMLElement[]): HTMLElement {
  return h('div', {}, h('dt', { class: 'muted' }, t(label)), h('dd', {}, ...content))
}
