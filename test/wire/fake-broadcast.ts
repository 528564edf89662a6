/** `BroadcastChannel` as documents of one origin and one partition of storage have it, in one process. */

interface Listener {
  readonly reach: string
  readonly name: string
  readonly hear: (data: unknown) => void
}

/** All channels of one browser. */
export class FakeAir {
  private readonly listeners = new Set<Listener>()

  /**
   * The class that a document finds under the name.
   * @param reach its origin, and what sets its storage apart from others of that origin.
   * @param isThere what a document that has gone would hear is lost.
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
