import { apiPaths } from '../protocol/connect-api'

/** A scheme, two slashes or one: the AWS SDK inside Streams reads everything else as beginning with a host. */
const NAMES_NO_HOST = /^(https?:|\/)/i

/**
 * The address of the instance's API, from what the page hands to Streams: an address, a path, or host and path without a scheme.
 * @param endpoint unchecked; the instance's usual path if it is missing.
 * @returns null where it is not on this page's own origin: the page's token goes nowhere else.
 */
export function apiAddress(endpoint: unknown): string | null {
  const named = typeof endpoint === 'string' && endpoint !== '' ? endpoint : apiPaths(location.hostname).api
  const complete = NAMES_NO_HOST.test(named) ? named : `${location.protocol}//${named}`
  try {
    const url = new URL(complete, location.href)
    return url.origin === location.origin && url.username === '' && url.password === '' ? url.href : null
  } catch {
    return null
  }
}
