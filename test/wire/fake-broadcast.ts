/** `BroadcastChannel` between documents of one origin and storage partition, within one process. */

interface Listener {
  readonly reach: string
  readonly name: string
  readonly hear: (data: unknown) => void
}

/** All channels of one browser. */
export class FakeAir {
  private readonly listeners = new Set<Listener>()

  /**
   * The class that a document finds under the name. `reach` is its origin, and what separates its storage from others
   * of that origin; while `isThere` is false, messages to the document are lost.
   */
  channelClass(reach: string, isThere: () => boolean): object {
    const { listeners } = this
    return class extends EventTarget {
      private readonly own: Listener
      constructor(name: string) {
        super()
        const hear = (data: unknown): void => {
          if (isThere() && listeners.has(this.own)) this.dispatchEvent(Object.assign(new Event('message'), { data }))
        }
        this.own = { reach, name, hear }
        listeners.add(this.own)
      }
      postMessage(data: unknown): void {
        for (const other of listeners) {
          const isMeant = other !== this.own && other.reach === reach && other.name === this.own.name
          if (isMeant) queueMicrotask(() => other.hear(data))
        }
      }
      close(): void {
        listeners.delete(this.own)
      }
    }
  }
}
