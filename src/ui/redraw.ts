/** A touch's click follows its release by a moment; a release elsewhere has no click. In ms. */
const CLICK_AFTER_MS = 100

/**
 * Redraws a place without disturbing the person who works in it. A click needs its button from press to release, so what comes
 * meanwhile waits (only the newest of it), and the element that had the focus gets it back.
 * @param otherwise gets the focus where what had it is gone.
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
  // After the button's own listener: what the click itself has changed is seen at once.
  place.addEventListener('click', settle)
  for (const end of ['pointerup', 'pointercancel', 'contextmenu', 'keyup']) window.addEventListener(end, release, true)
  // The window's own: with each press the focus moves, and what had it has a `blur`.
  window.addEventListener('blur', release)

  return (replace) => {
    if (isPressed) waiting = replace
    else keepingFocus(place, replace, otherwise)
  }
}

/** What had the focus is known by its `data-focus`. */
function keepingFocus(place: HTMLElement, replace: () => void, otherwise: () => HTMLElement | null): void {
  const held = document.activeElement
  const isInside = held !== place && place.contains(held)
  const name = held instanceof HTMLElement ? held.dataset['focus'] : undefined
  replace()
  if (!isInside) return
  const same = [...place.querySelectorAll<HTMLElement>('[data-focus]')].find((each) => each.dataset['focus'] === name)
  ;(same ?? otherwise())?.focus()
}
