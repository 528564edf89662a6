/** A touch's click follows its release by a moment; a release elsewhere has no click. In ms. */
const CLICK_AFTER_MS = 100

/**
 * Redraws a place without disturbing the person who works in it. A click needs its button from press to release, so drawings that
 * come meanwhile wait (only the newest of them), and the element that had the focus gets it again.
 * @param otherwise gets the focus where that element is gone.
 * @returns draws, now or when the press is over.
 */
export function redrawer(place: HTMLElement, otherwise: () => HTMLElement | null): (replace: () => void) => void {
  let isPressed = false
  let waiting: (() => void) | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  const press = () => {
    clearTimeout(timer)
    isPressed = true
  }
  const settle = () => {
    clearTimeout(timer)
    isPressed = false
    const replace = waiting
    waiting = null
    if (replace !== null) keepingFocus(place, replace, otherwise)
  }
  const release = () => {
    if (!isPressed) return
    clearTimeout(timer)
    timer = setTimeout(settle, CLICK_AFTER_MS)
  }
  place.addEventListener('pointerdown', ({ button }) => {
    if (button === 0) press()
  })
  // Enter clicks at once; the space bar, when it is let go.
  place.addEventListener('keydown', ({ key }) => {
    if (key === ' ') press()
  })
  // After the button's own listener: changes by the click itself are shown at once.
  place.addEventListener('click', settle)
  for (const end of ['pointerup', 'pointercancel', 'contextmenu', 'keyup']) window.addEventListener(end, release, true)
  // The window's own `blur`: with each press the focus moves, and the element that had it gets one, too.
  window.addEventListener('blur', release)

  return (replace) => {
    if (isPressed) waiting = replace
    else keepingFocus(place, replace, otherwise)
  }
}

/** The element with the focus is identified by its `data-focus`. */
function keepingFocus(place: HTMLElement, replace: () => void, otherwise: () => HTMLElement | null): void {
  const held = document.activeElement
  const isInside = held !== place && place.contains(held)
  const name = held instanceof HTMLElement ? held.dataset['focus'] : undefined
  replace()
  if (!isInside) return
  const same = [...place.querySelectorAll<HTMLElement>('[data-focus]')].find((each) => each.dataset['focus'] === name)
  ;(same ?? otherwise())?.focus()
}
