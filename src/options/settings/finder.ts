import { h } from '../../ui/dom'
import { t } from '../../ui/i18n'

/** A group of settings on the page. */
export interface GroupView {
  readonly title: string
  readonly element: HTMLElement
  readonly heading: HTMLElement
  /** Folds the group; null where it is never folded. */
  readonly fold: HTMLDetailsElement | null
  /** Its fields, each with the key of its setting. */
  readonly fields: readonly { readonly key: string; readonly element: HTMLElement }[]
}

/**
 * A search through the settings, and links to their groups. It searches names, sentences and keys, and opens folded groups
 * that have a match.
 */
export function settingsFinder(groups: readonly GroupView[]): HTMLElement {
  const none = h('p', { class: 'muted', role: 'status' })
  const search = h('input', {
    type: 'search',
    id: 'settings-search',
    autocomplete: 'off',
    placeholder: t('settingsSearch'),
    'aria-label': t('settingsSearch'),
    oninput: () => filter(),
  })
  const filter = () => {
    const words = search.value.toLocaleLowerCase().split(/\s+/).filter(Boolean)
    let found = 0
    for (const { element, fold, fields } of groups) {
      let shown = 0
      for (const field of fields) {
        const text = `${field.key}\n${field.element.textContent}`.toLocaleLowerCase()
        field.element.hidden = !words.every((word) => text.includes(word))
        if (!field.element.hidden) shown += 1
      }
      element.hidden = shown === 0
      if (fold !== null) fold.open = words.length > 0
      found += shown
    }
    none.textContent = found === 0 ? t('settingsNoneFound') : ''
  }
  const jumps = groups.map(({ title, heading, element, fold }) =>
    h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: 'link',
          onclick: () => {
            if (element.hidden) {
              search.value = ''
              filter()
            }
            if (fold !== null) fold.open = true
            heading.focus({ preventScroll: true })
            element.scrollIntoView({ block: 'start' })
          },
        },
        title,
      ),
    ),
  )
  return h(
    'div',
    { class: 'finder', role: 'search', 'aria-label': t('settingsSearch') },
    search,
    h('nav', { 'aria-label': t('settingsJump') }, h('ul', {}, ...jumps)),
    none,
  )
}
