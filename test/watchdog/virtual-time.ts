/** Time that passes as fast as there is something to do. */

interface Due {
  readonly at: number
  readonly order: number
  readonly task: () => unknown
}

/** Runs tasks in the order of their times. What they await must come from tasks or from memory. */
export class VirtualTime {
  private readonly heap: Due[] = []
  private order = 0

  /** @param now where time begins, in ms since the epoch. */
  constructor(private current: number) {}

  now = (): number => this.current

  /** @param task what it returns is awaited, if it is a promise, before the next one: it must not sleep then. */
  at(at: number, task: () => unknown): void {
    const due = { at: Math.round(Math.max(at, this.current)), order: this.order, task }
    this.order += 1
    let index = this.heap.push(due) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = this.heap[parent]
      if (above === undefined || !isBefore(due, above)) break
      this.heap[index] = above
      this.heap[parent] = due
      index = parent
    }
  }

  after(ms: number, task: () => unknown): void {
    this.at(this.current + ms, task)
  }

  sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      this.after(ms, () => {
        resolve()
        return settled()
      })
    })

  /** Starts something that sleeps: what it does up to its first sleep is done when this resolves. */
  start(task: () => Promise<unknown>, onError: (error: unknown) => void): Promise<void> {
    task().catch(onError)
    return settled()
  }

  async runUntil(end: number): Promise<void> {
    for (;;) {
      const due = this.heap[0]
      if (due === undefined || due.at > end) break
      this.pop()
      this.current = due.at
      const result = due.task()
      if (result instanceof Promise) await result
    }
    this.current = end
  }

  private pop(): void {
    const last = this.heap.pop()
    const { length } = this.heap
    if (last === undefined || length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= length) break
      const [left, right] = [this.heap[child], this.heap[child + 1]]
      if (left !== undefined && right !== undefined && isBefore(right, left)) child += 1
      const below = this.heap[child]
      if (below === undefined || !isBefore(below, last)) break
      this.heap[index] = below
      index = child
    }
    this.heap[index] = last
  }
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

/** When all that waited for memory alone has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
