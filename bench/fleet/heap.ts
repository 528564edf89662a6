/** A priority queue: the item with the earliest time comes first. */
export class Heap<T> {
  private readonly items: { readonly at: number; readonly item: T }[] = []

  get size(): number {
    return this.items.length
  }

  /** The time of the next item; Infinity for an empty queue. */
  get next(): number {
    return this.items[0]?.at ?? Infinity
  }

  push(at: number, item: T): void {
    const { items } = this
    items.push({ at, item })
    for (let child = items.length - 1; child > 0;) {
      const parent = (child - 1) >> 1
      if (this.at(parent) <= this.at(child)) break
      this.swap(parent, child)
      child = parent
    }
  }

  pop(): T | undefined {
    const { items } = this
    const first = items[0]
    const last = items.pop()
    if (first === undefined || last === undefined || items.length === 0) return first?.item
    items[0] = last
    for (let parent = 0; ;) {
      const left = 2 * parent + 1
      const least = this.at(left + 1) < this.at(left) ? left + 1 : left
      if (this.at(least) >= this.at(parent)) break
      this.swap(parent, least)
      parent = least
    }
    return first.item
  }

  private at(index: number): number {
    return this.items[index]?.at ?? Infinity
  }

  private swap(a: number, b: number): void {
    const [one, other] = [this.items[a], this.items[b]]
    if (one === undefined || other === undefined) return
    this.items[a] = other
    this.items[b] = one
  }
}
