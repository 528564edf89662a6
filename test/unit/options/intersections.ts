/** jsdom has no IntersectionObserver: nothing is ever in sight there. The test says what is. */
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

/** The element is scrolled to. Whoever does not observe it is not told. */
export function comesIntoSight(target: Element): void {
  for (const { targets, callback } of observers) if (targets.has(target)) callback([{ target, isIntersecting: true }])
}
