import { guard } from './guard'
import { natives } from './natives'

const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Meta', 'Alt'])

/**
 * Watches for what comes before a person closes the page: the pointer leaves it, a modifier key goes down, it loses the
 * focus or is hidden.
 * @returns how to stop.
 */
export function watchLeavingSigns(onSign: () => void): () => void {
  const hooks: Readonly<Record<string, (event: Event) => boolean>> = {
    mouseout: (event) => (event as MouseEvent).relatedTarget === null,
    keydown: (event) => MODIFIERS.has((event as KeyboardEvent).key),
    blur: (event) => event.target === window,
    visibilitychange: () => document.visibilityState === 'hidden',
  }
  const stops = Object.entries(hooks).map(([type, isSign]) =>
    natives.listen(
      type,
      guard((event: Event) => {
        if (isSign(event)) onSign()
      }),
    ),
  )
  return () => {
    for (const stop of stops) stop()
  }
}
