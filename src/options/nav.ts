/** Shows the section that the address names (`#settings`), or else the first one, and marks its link. */
export function startNav(page: Document, shown: (id: string) => void): void {
  const sections = [...page.querySelectorAll<HTMLElement>('main > section')]
  const links = [...page.querySelectorAll<HTMLAnchorElement>('nav a')]

  const show = () => {
    const current = sections.find(({ id }) => `#${id}` === location.hash) ?? sections[0]
    for (const section of sections) section.hidden = section !== current
    for (const link of links) {
      if (link.hash === `#${current?.id}`) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    if (current) shown(current.id)
    return current
  }
  addEventListener('hashchange', () => {
    show()?.focus({ preventScroll: true })
    scrollTo(0, 0)
  })
  show()
}
