import { natives } from './natives'

/** Files that pages load as elements, and servers send to everybody. */
const IS_STATIC = /\.(js|mjs|css|png|svg|jpg|gif|ico|woff2?)$/i

/** A static file that this page has loaded from an origin, or null. */
export function staticFileOf(origin: string): string | null {
  for (const { name, initiatorType } of natives.resources()) {
    if (initiatorType === 'fetch' || initiatorType === 'xmlhttprequest' || initiatorType === 'beacon') continue
    try {
      const url = new URL(name)
      if (url.origin === origin && IS_STATIC.test(url.pathname)) return url.href
    } catch {
      // No address.
    }
  }
  return null
}
