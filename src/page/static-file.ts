import { natives } from './natives'

/** How pages load files that servers send to everybody, and their names. */
const IS_ELEMENT = /^(script|link|css|img)$/
const IS_STATIC = /\.(js|mjs|css|png|svg|jpg|gif|ico|woff2?)$/i

/** A static file that this page has loaded from an origin, or null. */
export function staticFileOf(origin: string): string | null {
  for (const { name, initiatorType } of natives.resources()) {
    try {
      const { href, origin: from, pathname } = new URL(name)
      if (from === origin && IS_ELEMENT.test(initiatorType) && IS_STATIC.test(pathname)) return href
    } catch {
      // No address.
    }
  }
  return null
}
