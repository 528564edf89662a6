import { guard } from './guard'
import { natives } from './natives'

const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Meta', 'Alt'])

/**
 * Watches for what precedes a close by a person: the pointer leaves the page, a modifier key goes down, the page loses the focus
 * or is hidden.
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
