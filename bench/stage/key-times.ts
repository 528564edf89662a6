import type { Display } from '../../test/browser'

/** A display that notes when its last key was pressed: the moment at which a close begins. */
export interface TimedDisplay extends Display {
  readonly lastKeyAt: number
}

/** The display with a clock on its keys. */
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
