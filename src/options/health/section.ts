import type { Status } from '../../protocol/ui-messages'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { failure } from '../../ui/parts'
import { redrawer } from '../../ui/redraw'
import { healthView } from './view'

/** How often "2 minutes ago" is written anew while it is looked at, in ms. */
const AGE_MS = 15_000

export interface HealthSection {
  /** Whether the section is the one that is shown: the background is asked for no other. */
  show(isShown: boolean): void
  /** Asks the background anew. */
  refresh(): Promise<void>
}

/** What each open CCP and the background can do, kept at what the background says. */
export function healthSection(place: HTMLElement, ask: Ask, requestHosts: () => Promise<boolean>): HealthSection {
  let isShown = false
  let asked = 0
  let status: Status | null = null

  const redraw = redrawer(place, () => null)
  const again = () => void refresh()
  const draw = () => {
    if (status === null) return
    const parts = healthView(status, { now: Date.now(), requestHosts, granted: again })
    // Nothing is moved under whoever reads or has the focus there, unless it says something else.
    if (textOf(place.childNodes) !== textOf(parts)) redraw(() => place.replaceChildren(...parts))
  }
  async function refresh(): Promise<void> {
    if (!isShown) return
    const turn = ++asked
    try {
      const answer = await ask('get_status')
      // A later question has been asked meanwhile: its answer is the one to show.
      if (turn !== asked) return
      status = answer
      draw()
    } catch (error) {
      if (turn !== asked) return
      status = null
      redraw(() => place.replaceChildren(failure(errorText(error), again)))
    } finally {
      place.removeAttribute('aria-busy')
    }
  }
  setInterval(() => {
    if (isShown) draw()
  }, AGE_MS)
  return {
    show: (next) => {
      isShown = next
      if (next) void refresh()
    },
    refresh,
  }
}

function textOf(parts: Iterable<Node>): string {
  return [...parts].map((part) => (part instanceof Element ? part.outerHTML : '')).join('')
}
