import type { DepartureHint } from '../domain/close-report'
import { guard } from './guard'
import { natives } from './natives'
import { tellFrames } from './tell-frames'

/**
 * How long a hint stands for the unload that follows it, in ms: that of a navigation, or a reload, comes at once. The longer
 * it stands, the stronger it is: what is weaker does not take its place.
 */
const STANDS_MS: Record<DepartureHint, number> = { navigation: 1_000, reload: 2_000, terminated: 9_000, logout: 10_000 }
/** Told to the documents of this site, since a reload takes all of them along. */
const RELOADING = 'ccp-signoff:reloading'

const isLogout = (url: string): boolean => {
  const { origin, pathname } = new URL(url, location.href)
  return origin === location.origin && /\/logout\/?$/.test(pathname)
}

/** The Logout link that a person has clicked; null where it is another link, or no person. */
export function logoutLinkOf(event: Event): HTMLAnchorElement | null {
  const link = event.composedPath().find((part) => part instanceof HTMLAnchorElement)
  return event.isTrusted && link !== undefined && isLogout(link.href) ? link : null
}

/** What `navigate` events carry: not in every TypeScript library, and not in every browser. */
interface NavigateEventLike extends Event {
  readonly navigationType?: string
  readonly hashChange?: boolean
  readonly downloadRequest?: string | null
  readonly destination?: { readonly url?: string; readonly sameDocument?: boolean }
}

/** Remembers what the page shows of where it is about to go. */
export interface Departure {
  hint(): DepartureHint | null
  /** Takes note of what Streams says: TERMINATED means that the agent has logged out, here or in another CCP. */
  note(hint: DepartureHint): void
  stop(): void
}

export function watchDeparture(): Departure {
  let noted: { hint: DepartureHint; at: number } | null = null

  const note = (hint: DepartureHint): void => {
    const standing = standingHint()
    if (standing === null || STANDS_MS[hint] >= STANDS_MS[standing]) noted = { hint, at: natives.now() }
  }
  const standingHint = (): DepartureHint | null =>
    noted !== null && natives.now() - noted.at < STANDS_MS[noted.hint] ? noted.hint : null
  const onReloading = guard(() => note('reload'))
  const onKey = guard((event: Event) => {
    const { key, code, ctrlKey, metaKey, isTrusted } = event as KeyboardEvent
    // Where the layout has no Latin letters, browsers go by the place of the key.
    const isR = key.toLowerCase() === 'r' || (code === 'KeyR' && key > '~')
    const isReload = key === 'F5' || key === 'BrowserRefresh' || ((ctrlKey || metaKey) && isR)
    if (!isTrusted || !isReload) return
    note('reload')
    tellFrames(RELOADING)
  })
  const onClick = guard((event: Event) => {
    if (logoutLinkOf(event) !== null) note('logout')
  })
  const onNavigate = guard((event: Event) => {
    const { navigationType, hashChange, downloadRequest, destination } = event as NavigateEventLike
    if (hashChange || destination?.sameDocument || typeof downloadRequest === 'string') return
    if (navigationType === 'reload') note('reload')
    else note(destination?.url && isLogout(destination.url) ? 'logout' : 'navigation')
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
    note,
    stop: () => {
      for (const stop of stops) stop()
      navigation?.removeEventListener('navigate', onNavigate)
    },
  }
}
