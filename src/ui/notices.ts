/** What keeps agents unprotected, with what can be done about it. */
import { h } from './dom'
import { formatNumber } from './format'
import { t, tCount } from './i18n'
import { notice } from './parts'

/**
 * The browser keeps us from the CCP's sites.
 * @param request asks for them, in the user's own click; resolves to whether they were given.
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

/** Tabs show a CCP that our bridge is not in. */
export function unreachedNotice(tabs: number): HTMLElement {
  const count = formatNumber(tabs)
  return notice('warn', tCount('unreachedTitle', tabs, count), h('p', {}, tCount('unreachedText', tabs, count)))
}

/** What the extension found wrong with itself. */
export function problemsNotice(problems: readonly string[]): HTMLElement {
  const items = problems.map((problem) => h('li', {}, problem))
  return notice('bad', t('problemsTitle'), h('p', {}, t('problemsText')), h('ul', {}, ...items))
}
