import type { Status } from '../../protocol/ui-messages'
import { h } from '../../ui/dom'
import { formatDateTime, formatNumber } from '../../ui/format'
import { t } from '../../ui/i18n'
import { pill } from '../../ui/parts'
import { factList, factOf } from './fact-list'

/** What the browser, its profile and the organization allow. */
export function browserCard(status: Status): HTMLElement {
  return h(
    'article',
    { class: 'this-browser card', 'aria-labelledby': 'health-browser' },
    h(
      'div',
      { class: 'top' },
      h('h3', { id: 'health-browser' }, t('healthBrowserTitle')),
      factList(
        hostsFact(status),
        privateFact(status),
        policyFact(status),
        profileFact(status),
        requestsFact(status),
        factOf('healthVersion', h('span', {}, status.version)),
      ),
    ),
  )
}

function hostsFact({ hosts }: Status): HTMLElement {
  const rows = hosts.map(({ pattern, isGranted }) =>
    h(
      'li',
      {},
      isGranted ? pill('good', 'check', t('healthHostGranted')) : pill('bad', 'cross', t('healthHostMissing')),
      h('code', {}, pattern),
    ),
  )
  return factOf('healthHosts', h('ul', { class: 'hosts' }, ...rows))
}

function privateFact({ isInPrivate }: Status): HTMLElement {
  if (isInPrivate) return factOf('healthPrivate', h('span', {}, t('healthPrivateAllowed')))
  return factOf(
    'healthPrivate',
    pill('neutral', 'dash', t('healthPrivateNot')),
    h('small', { class: 'muted' }, t('healthPrivateNotHelp')),
  )
}

function policyFact({ policy: { state, managed } }: Status): HTMLElement {
  switch (state) {
    case 'none':
      return factOf('healthPolicy', h('span', {}, t('healthPolicyNone')))
    case 'delivered':
      return factOf('healthPolicy', h('span', {}, t('healthPolicyDelivered', formatNumber(managed))))
    case 'kept':
      return factOf('healthPolicy', h('span', {}, t('healthPolicyKept')))
    case 'waiting':
      return factOf('healthPolicy', h('span', {}, t('healthPolicyWaiting')))
  }
}

function profileFact({ profile: { isNew, since } }: Status): HTMLElement {
  if (isNew) {
    return factOf(
      'healthProfile',
      pill('neutral', 'clock', t('healthProfileNew')),
      h('small', { class: 'muted' }, t('healthProfileNewHelp')),
    )
  }
  const words = since === null ? t('healthProfileUnknown') : t('healthProfileKept', formatDateTime(since))
  return factOf('healthProfile', h('span', {}, words))
}

/** What the requests of the newest closes have met: how many, of how many. */
function requestsFact({ closeRequests: { closes, cold, refused } }: Status): HTMLElement {
  const of = (count: number, key: 'healthRequestsCold' | 'healthRequestsRefused'): HTMLElement[] =>
    count === 0 ? [] : [pill('warn', 'warning', t(key, formatNumber(count), formatNumber(closes)))]
  const met = [...of(cold, 'healthRequestsCold'), ...of(refused, 'healthRequestsRefused')]
  if (closes === 0) return factOf('healthRequests', h('span', {}, t('healthRequestsNone')))
  if (met.length === 0) return factOf('healthRequests', h('span', {}, t('healthRequestsFine', formatNumber(closes))))
  return factOf('healthRequests', ...met, h('small', { class: 'muted' }, t('healthRequestsHelp')))
}
