import type { Display } from '../../test/browser'

/**
 * A display that remembers when its last key was pressed (ms since the epoch; 0: never): at that moment a close begins.
 */
export interface TimedDisplay extends Display {
  readonly lastKeyAt: number
}

/** Wraps a display, so that it remembers the time of its last key. */
export function withKeyTimes(display: Display): TimedDisplay {
  let lastKeyAt = 0
  return {
    ...display,
    get lastKeyAt() {
      return lastKeyAt
    },
    key: (combination) => {
      lastKeyAt = Date.now()
      return display.key(combination)
    },
  }
}
