interface Due {
  readonly at: number
  readonly order: number
  readonly task: () => unknown
}

/**
 * Simulated time, which jumps from one task to the next. Tasks run in the order of their times. They may await only
 * other tasks, or promises that settle without timers or I/O.
 */
export class VirtualTime {
  private readonly heap: Due[] = []
  private order = 0

  /** @param current when time begins, in ms since the epoch */
  constructor(private current: number) {}

  now = (): number => this.current

  /**
   * Runs a task at a time. If it returns a promise, the next task
   * waits for it, so that promise must not depend on `sleep`.
   */
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

  /** Starts a task that sleeps. Resolves when it has reached its first sleep. */
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

/** Resolves after all promises that are already settled have been processed. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
