import type { Access } from './api-call'
import { natives } from './natives'
import { milliseconds } from './read-agent'

/** A larger difference of two clocks is taken for an error in the answer, in ms. */
const LARGEST_MS = 24 * 60 * 60_000

/**
 * The token that the page handed to Streams, and until when it is valid. Its expiry is a time of the service's clock, and so it is
 * compared with that clock, as soon as an answer has told how far it is ahead of this machine's.
 */
export class PageToken {
  #access: Access | null = null
  /** When it was handed over, in ms since the epoch. */
  #handedAt = 0
  /** How far the service's clock is ahead of this machine's, in ms; null until it is known. */
  #aheadMs: number | null = null

  /** Expired or not; null before the page has handed one over. */
  access(): Access | null {
    return this.#access
  }

  take(access: Access): void {
    this.#access = access
    this.#handedAt = natives.now()
  }

  forget(): void {
    this.#access = null
  }

  /**
   * When it expires, by this machine's clock, in ms since the epoch; Infinity where nobody knows. A token that would have expired before
   * it was handed over has an expiry of another clock, or in another unit: the instance alone can judge it.
   */
  expiresAt(): number {
    const expiresAt = (this.#access?.expiresAt ?? 0) - (this.#aheadMs ?? 0)
    return expiresAt <= this.#handedAt ? Infinity : expiresAt
  }

  /** @param sent the service's time right now, as AWS JSON has it: in seconds, or as ISO text. */
  compareClocks(sent: unknown): void {
    const serviceNow = milliseconds(typeof sent === 'number' ? sent * 1_000 : sent)
    if (serviceNow === null) return
    const aheadMs = serviceNow - natives.now()
    if (Math.abs(aheadMs) < LARGEST_MS) this.#aheadMs = aheadMs
  }

  /** Whether the expiry rests on a comparison of the clocks. */
  isCompared(): boolean {
    return this.#aheadMs !== null
  }
}
