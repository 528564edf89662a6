/** jsdom has no IntersectionObserver, so nothing ever comes into view there; the test triggers it. */
const observers = new Set<FakeObserver>()

class FakeObserver {
  readonly targets = new Set<Element>()
  constructor(readonly callback: (seen: { target: Element; isIntersecting: boolean }[]) => void) {
    observers.add(this)
  }
  observe(target: Element): void {
    this.targets.add(target)
  }
  unobserve(target: Element): void {
    this.targets.delete(target)
  }
}

export function fakeIntersections(): void {
  observers.clear()
  Object.assign(globalThis, { IntersectionObserver: FakeObserver })
}

/** The element is scrolled into view; only its observers are notified. */
export function comesIntoSight(target: Element): void {
  for (const { targets, callback } of observers) if (targets.has(target)) callback([{ target, isIntersecting: true }])
}
