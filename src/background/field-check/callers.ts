/** The two callers of the instance for the field check: the background itself, and the page of an open CCP. */
import type { TabPlace } from '../../domain/closes/ccp-document'
import { isCcpUrl } from '../../protocol/ccp-urls'
import { apiPaths } from '../../protocol/connect-api'
import { readText } from '../../protocol/read-text'
import { browser } from '../../platform/browser'
import type { RawAnswer } from './raw-answer'
import { NO_ANSWER, rawAnswer } from './raw-answer'

export interface ApiCall {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Caller {
  /** Asks for a token, with the caller's own cookies. */
  authorize(): Promise<RawAnswer>
  post(call: ApiCall): Promise<RawAnswer>
}

/** The timeout of a request, in ms: longer than an instance keeps a long poll open. */
const PATIENCE_MS = 40_000

/**
 * The background as caller, with the browser's session.
 * @param url the address of a CCP of the instance
 * @throws Error where it is not the address of a CCP
 */
export function backgroundCaller(url: string): Caller {
  if (!isCcpUrl(url)) throw new Error('Not an address of an instance.')
  const { origin, hostname } = new URL(url)
  const paths = apiPaths(hostname)
  const ask = async (address: string, init: RequestInit): Promise<RawAnswer> => {
    try {
      const response = await fetch(address, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) })
      return rawAnswer(response.status, response.headers.get('Content-Type'), (await readText(response)) ?? '')
    } catch {
      return NO_ANSWER
    }
  }
  return {
    authorize: () => ask(origin + paths.authorize, { credentials: 'include', redirect: 'manual', cache: 'no-store' }),
    post: (call) => ask(origin + paths.api, { ...call, method: 'POST', credentials: 'include', redirect: 'error' }),
  }
}

/** The response to a request that was made in a page. */
export interface PageResponse {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly text: string
}

/** The page of an open CCP as caller. Its requests have the instance's own origin. */
export function pageCaller(url: string, place: TabPlace): Caller {
  const paths = apiPaths(new URL(url).hostname)
  const ask = async (path: string, init: object): Promise<RawAnswer> => {
    const response = await askInPage(place, path, init)
    if (response === null) return NO_ANSWER
    const contentType = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null
    return rawAnswer(response.status, contentType, response.text)
  }
  return {
    authorize: () => ask(paths.authorize, { credentials: 'same-origin', redirect: 'error', cache: 'no-store' }),
    post: (call) => ask(paths.api, { ...call, method: 'POST', credentials: 'same-origin', redirect: 'error' }),
  }
}

/** Requests the page again, and returns its response headers; null where no response came. */
export async function pageHeaders(place: TabPlace): Promise<PageResponse['headers'] | null> {
  const response = await askInPage(place, null, { credentials: 'same-origin', redirect: 'manual', cache: 'no-store' })
  return response?.headers ?? null
}

async function askInPage(place: TabPlace, path: string | null, init: object): Promise<PageResponse | null> {
  return (await runInPage(place, requestFromPage, path, init, PATIENCE_MS)) ?? null
}

/** Runs a function in the page's main world. Resolves with its result; null where the page is gone or forbids it. */
export async function runInPage<Args extends unknown[], R>(
  { tabId, frameId }: Pick<TabPlace, 'tabId' | 'frameId'>,
  func: (...args: Args) => R,
  ...args: Args
): Promise<Awaited<R> | null> {
  // The types of the polyfill do not know `world` yet.
  const injection = { target: { tabId, frameIds: [frameId] }, world: 'MAIN' as const, func, args }
  try {
    const [answer] = await browser.scripting.executeScript(injection)
    return (answer?.result ?? null) as Awaited<R> | null
  } catch {
    return null
  }
}

/**
 * Runs in the page, so it must be self-contained.
 * @param path on the page's own origin; null for the page itself, of which only the headers are read
 */
async function requestFromPage(path: string | null, init: object, patienceMs: number): Promise<PageResponse | null> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), patienceMs)
  try {
    const address = path === null ? location.origin + location.pathname : location.origin + path
    const response = await fetch(address, { ...init, signal: controller.signal })
    // The limit of `readText`, which is not available in the page.
    const text = path === null ? '' : (await response.text()).slice(0, 1024 * 1024)
    if (path === null) void response.body?.cancel().catch(() => undefined)
    return { status: response.status, headers: [...response.headers], text }
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}
