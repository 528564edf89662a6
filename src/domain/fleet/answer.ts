/** What a collector's answer means for what was sent: the rules of OTLP/HTTP, where they leave a choice on the side of keeping. */

export interface HttpAnswer {
  readonly status: number
  /** The header of that name. */
  readonly retryAfter: string | null
  /** Of an answer of 2xx: what it did not take; null where it took all. */
  readonly partial: { readonly rejected: number; readonly message: string } | null
}

export type Verdict =
  /** It is the collector's now. What it has rejected is not to be sent again, and may be any of them. */
  | { readonly kind: 'taken'; readonly rejected: number; readonly message: string | null }
  /** Later. */
  | { readonly kind: 'again'; readonly retryAfterMs: number | null }
  /** The address, the key or the way is wrong: it is kept, for somebody may mend that. */
  | { readonly kind: 'refused' }
  /** It cannot be read, or is too much at once: less of it may do. */
  | { readonly kind: 'unreadable' }

/** @param now ms since the epoch, for a `Retry-After` that is a date. */
export function verdictOn({ status, retryAfter, partial }: HttpAnswer, now: number): Verdict {
  if (status >= 200 && status < 300) {
    return { kind: 'taken', rejected: partial?.rejected ?? 0, message: partial?.message ?? null }
  }
  if (status === 408 || status === 429 || status >= 500) return { kind: 'again', retryAfterMs: waitOf(retryAfter, now) }
  if (status === 400 || status === 413 || status === 422) return { kind: 'unreadable' }
  return { kind: 'refused' }
}

/** Seconds, or a date; null for anything else. */
function waitOf(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null) return null
  if (/^\s*\d{1,9}\s*$/.test(retryAfter)) return Number(retryAfter) * 1_000
  // Engines find a date in a bare number, too.
  const at = /[a-z]/i.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
