/** An event of the browser's API, as far as extensions use it. */
export class FakeEvent<Args extends unknown[], Answer = unknown> {
  private readonly listeners = new Set<(...args: Args) => Answer>()

  readonly addListener = (listener: (...args: Args) => Answer): void => {
    this.listeners.add(listener)
  }
  readonly removeListener = (listener: (...args: Args) => Answer): void => {
    this.listeners.delete(listener)
  }
  readonly hasListener = (listener: (...args: Args) => Answer): boolean => this.listeners.has(listener)

  emit(...args: Args): Answer[] {
    return [...this.listeners].map((listener) => listener(...args))
  }
}

/** Values that cross between worlds are copied, as in browsers. */
export const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))
