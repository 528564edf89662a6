/** At most one call a second of each operation: half of the quota that is planned for, which the account shares. In ms. */
const TIMING_MS = 1_000

/** Spaces calls within one time slot. Only one sweep owns a slot, so all sweeps together keep to the rate. */
export class Pacer {
  private readonly next = new Map<string, number>()

  /**
   * @param from when the slot was claimed, in ms since the epoch
   * @param until when the last call may begin, in ms since the epoch
   */
  constructor(
    private readonly parts: { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> },
    private readonly from: number,
    private readonly until: number,
  ) {}

  /** Waits until the operation may be called. @returns false, without waiting, if that would be after `until` */
  async turn(operation: string, until = this.until): Promise<boolean> {
    const now = this.parts.now()
    const at = Math.max(now, this.next.get(operation) ?? this.from)
    if (at > until) return false
    this.next.set(operation, at + TIMING_MS)
    if (at > now) await this.parts.sleep(at - now)
    return true
  }
}
