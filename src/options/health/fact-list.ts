/** A list of facts as Health lays them out: labels and values. */
import { h } from '../../ui/dom'
import type { MessageKey } from '../../ui/i18n'
import { t } from '../../ui/i18n'
import { pill } from '../../ui/parts'

export function factList(...facts: readonly HTMLElement[]): HTMLElement {
  return h('dl', { class: 'facts' }, ...facts)
}

export function factOf(label: MessageKey, ...content: readonly HTMLElement[]): HTMLElement {
  return h('div', {}, h('dt', { class: 'muted' }, t(label)), h('dd', {}, ...content))
}

/** That data are withheld until a person consents to them; nothing where none are. */
export function consentFacts(withheld: readonly unknown[], help: MessageKey): HTMLElement[] {
  if (withheld.length === 0) return []
  const missing = pill('warn', 'warning', t('fleetConsentMissing'))
  return [factOf('fleetConsent', missing, h('small', { class: 'muted' }, t(help)))]
}

/** Whether the browser lets the extension send to an address's host. */
export function accessFact(isGranted: boolean, ...help: readonly HTMLElement[]): HTMLElement {
  const [granted, missing] = [t('healthHostGranted'), t('healthHostMissing')]
  const state = isGranted ? pill('good', 'check', granted) : pill('neutral', 'question', missing)
  return factOf('fleetAccess', state, ...help)
}
