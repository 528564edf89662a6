/** What keeps agents unprotected, with what can be done about it. */
import { h } from './dom'
import { formatNumber } from './format'
import { t, tCount } from './i18n'
import { notice } from './parts'

/**
 * The browser denies access to the CCP's sites.
 * @param request asks for it, in the user's own click; resolves with whether it was granted.
 */
export function hostsNotice(request: () => Promise<boolean>, granted: () => void): HTMLElement {
  const answer = h('p', { role: 'status' })
  const onClick = () => {
    request().then(
      (isGranted) => {
        if (isGranted) granted()
        else answer.textContent = t('hostsDenied')
      },
      () => {
        answer.textContent = t('hostsDenied')
      },
    )
  }
  return notice(
    'bad',
    t('hostsTitle'),
    h('p', {}, t('hostsText')),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'button', class: 'primary', 'data-focus': 'hosts', onclick: onClick }, t('hostsButton')),
    ),
    answer,
  )
}

/** Tabs show a CCP in which the bridge is not. */
export function unreachedNotice(tabs: number): HTMLElement {
  const count = formatNumber(tabs)
  return notice('warn', tCount('unreachedTitle', tabs, count), h('p', {}, tCount('unreachedText', tabs, count)))
}

/** The problems that the extension has found in itself. */
export function problemsNotice(problems: readonly string[]): HTMLElement {
  const items = problems.map((problem) => h('li', {}, problem))
  return notice('bad', t('problemsTitle'), h('p', {}, t('problemsText')), h('ul', {}, ...items))
}
