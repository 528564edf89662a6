/** Tells the documents around this one, as far as they are of the same site: what happens in a frame happens in its CCP. */
export function tellParents(type: string): void {
  for (let inner: Window = window; inner !== inner.parent; inner = inner.parent) {
    try {
      inner.parent.dispatchEvent(new Event(type))
    } catch {
      // Of another site: no CCP of this instance is around it that could hear.
      return
    }
  }
}
