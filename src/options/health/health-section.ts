import type { Status } from '../../protocol/ui-messages'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { failure } from '../../ui/parts'
import { redrawer } from '../../ui/redraw'
import { healthView } from './health-view'

/** How often "2 minutes ago" is updated while the section is shown, in ms. */
const AGE_MS = 15_000

export interface HealthSection {
  /** Takes whether the section is shown: the background is asked only while it is. */
  show(isShown: boolean): void
  /** Asks the background again. */
  refresh(): Promise<void>
}

/** What each open CCP and the background can do, kept up to date with the background. */
export function healthSection(place: HTMLElement, ask: Ask, requestHosts: () => Promise<boolean>): HealthSection {
  let isShown = false
  let asked = 0
  let status: Status | null = null
  /** What was drawn last: what a view has added itself since, such as the result of a click, is no difference. */
  let drawn = ''

  const redraw = redrawer(place, () => null)
  const again = () => void refresh()
  const draw = () => {
    if (status === null) return
    const parts = healthView(status, { now: Date.now(), requestHosts, granted: again })
    // Redraw only what has changed: people read here, and may have the focus here.
    if (textOf(parts) === drawn) return
    drawn = textOf(parts)
    redraw(() => place.replaceChildren(...parts))
  }
  async function refresh(): Promise<void> {
    if (!isShown) return
    const turn = ++asked
    try {
      const answer = await ask('get_status')
      // A later request is under way: show its answer instead.
      if (turn !== asked) return
      status = answer
      draw()
    } catch (error) {
      if (turn !== asked) return
      status = null
      drawn = ''
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
