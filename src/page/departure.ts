import type { DepartureHint } from '../domain/close-report'
import { guard } from './guard'
import { natives } from './natives'
import { notifyFrames } from './notify-frames'

/**
 * How long a hint holds for the unload that follows it, in ms: the unload of a navigation or a reload comes at once. A weaker
 * hint does not replace a stronger one, which holds longer.
 */
const STANDS_MS: Record<DepartureHint, number> = { navigation: 1_000, reload: 2_000, terminated: 9_000, logout: 10_000 }
/** Sent to the documents of this site, since a reload affects them all. */
const RELOADING = 'ccp-signoff:reloading'

/** Whether an address is the one at which this instance ends a session. */
export const isLogout = (url: string): boolean => {
  try {
    const { origin, pathname } = new URL(url, location.href)
    return origin === location.origin && /\/logout\/?$/.test(pathname)
  } catch {
    return false
  }
}

/** How long after a click on a link that does not leave the page its `beforeunload` may come, in ms. */
const LEAVES_NOTHING_MS = 1_000

/** Schemes whose pages a browser shows itself; every other one is passed to a program, and the page stays. */
const SHOWN = /^(https?|about|blob|data|file|filesystem|javascript|view-source):$/

/** Whether an address opens a program (`tel:`, `mailto:`, `sip:`, ...). */
const isOfProgram = (url: string): boolean => {
  try {
    return !SHOWN.test(new URL(url, location.href).protocol)
  } catch {
    return false
  }
}

/** Whether a link is a download from this origin: browsers open links to other origins, whatever the attribute says. */
const isDownload = (link: HTMLAnchorElement): boolean =>
  link.hasAttribute('download') && new URL(link.href, location.href).origin === location.origin

const linkOf = (event: Event): HTMLAnchorElement | undefined =>
  event.composedPath().find((part) => part instanceof HTMLAnchorElement)

/** The Logout link that a person has clicked; null where it is another link, or the click is a script's. */
export function logoutLinkOf(event: Event): HTMLAnchorElement | null {
  const link = linkOf(event)
  return event.isTrusted && link !== undefined && isLogout(link.href) ? link : null
}

/** The parts of a `navigate` event: not every TypeScript library has them, nor every browser. */
interface NavigateEventLike extends Event {
  readonly navigationType?: string
  readonly hashChange?: boolean
  readonly downloadRequest?: string | null
  readonly destination?: { readonly url?: string; readonly sameDocument?: boolean }
}

/** Remembers the signs of where the page is about to go. */
export interface Departure {
  hint(): DepartureHint | null
  /**
   * Whether the present `beforeunload` is that of a link which does not leave the page: true once for each. Should the page go
   * after all, `pagehide` shows it.
   */
  leavesNothing(): boolean
  /** Notes a sign from Streams: TERMINATED means that the agent has logged out, here or in another CCP. */
  note(hint: DepartureHint): void
  stop(): void
}

export function watchDeparture(): Departure {
  let noted: { hint: DepartureHint; at: number } | null = null
  /** When a link was followed that does not leave the page. */
  let nothingAt = -Infinity

  const note = (hint: DepartureHint): void => {
    const standing = standingHint()
    if (standing === null || STANDS_MS[hint] >= STANDS_MS[standing]) noted = { hint, at: natives.now() }
  }
  const standingHint = (): DepartureHint | null =>
    noted !== null && natives.now() - noted.at < STANDS_MS[noted.hint] ? noted.hint : null
  const onReloading = guard(() => note('reload'))
  const onKey = guard((event: Event) => {
    const { key, code, ctrlKey, metaKey, isTrusted } = event as KeyboardEvent
    // Where the layout has no Latin letters, browsers go by the position of the key.
    const isR = key.toLowerCase() === 'r' || (code === 'KeyR' && key > '~')
    const isReload = key === 'F5' || key === 'BrowserRefresh' || ((ctrlKey || metaKey) && isR)
    if (!isTrusted || !isReload) return
    note('reload')
    notifyFrames(RELOADING)
  })
  const onClick = guard((event: Event) => {
    if (logoutLinkOf(event) !== null) note('logout')
    const link = linkOf(event)
    if (link !== undefined && (isOfProgram(link.href) || isDownload(link))) nothingAt = natives.now()
  })
  const onNavigate = guard((event: Event) => {
    const { navigationType, hashChange, downloadRequest, destination } = event as NavigateEventLike
    if (hashChange || destination?.sameDocument) return
    const { url = '' } = destination ?? {}
    if (typeof downloadRequest === 'string' || isOfProgram(url)) {
      nothingAt = natives.now()
      return
    }
    nothingAt = -Infinity
    if (navigationType === 'reload') note('reload')
    else note(url !== '' && isLogout(url) ? 'logout' : 'navigation')
  })

  const navigation = (window as { navigation?: EventTarget }).navigation
  const stops = [
    natives.listen('keydown', onKey),
    natives.listen(RELOADING, onReloading),
    natives.listen('click', onClick),
  ]
  navigation?.addEventListener('navigate', onNavigate)
  return {
    hint: standingHint,
    leavesNothing: () => {
      const isNothing = natives.now() - nothingAt < LEAVES_NOTHING_MS
      nothingAt = -Infinity
      return isNothing
    },
    note,
    stop: () => {
      for (const stop of stops) stop()
      navigation?.removeEventListener('navigate', onNavigate)
    },
  }
}
