import { setTimeout as delay } from 'node:timers/promises'
import type { Display } from '../../test/browser'

/** How long a person takes from one key of a combination to the next, in ms; a driver takes none. */
const BETWEEN_KEYS_MS = 120

/**
 * A display that remembers when its last key was pressed (ms since the epoch; 0: never): at that moment a close begins.
 */
export interface TimedDisplay extends Display {
  readonly lastKeyAt: number
}

/** Wraps a display, so that keys are pressed as people press them, and the time of the last one is remembered. */
export function withKeyTimes(display: Display): TimedDisplay {
  let lastKeyAt = 0
  return {
    ...display,
    get lastKeyAt() {
      return lastKeyAt
    },
    key: async (combination) => {
      const modifiers = combination.split('+')
      const last = modifiers.pop() ?? ''
      if (modifiers.length === 0) {
        lastKeyAt = Date.now()
        await display.key(last)
        return
      }
      await display.hold(modifiers.join('+'), async (press) => {
        await delay(BETWEEN_KEYS_MS)
        lastKeyAt = Date.now()
        await press(last)
      })
    },
  }
}
