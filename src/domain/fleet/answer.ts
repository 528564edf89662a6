/**
 * What a collector's answer means for the records that were sent: the rules of OTLP/HTTP; where these leave a choice, the records
 * are retained.
 */

export interface HttpAnswer {
  readonly status: number
  /** The header of that name. */
  readonly retryAfter: string | null
  /** For an answer of 2xx: what the collector has rejected; null where it took all. */
  readonly partial: { readonly rejected: number; readonly message: string } | null
}

export type Verdict =
  /** The collector has taken the batch. Records that it has rejected are not to be sent again, and may be any of them. */
  | { readonly kind: 'taken'; readonly rejected: number; readonly message: string | null }
  /** To be sent again later. */
  | { readonly kind: 'again'; readonly retryAfterMs: number | null }
  /** The address, the key or the method is wrong: the records are retained, since somebody may mend that. */
  | { readonly kind: 'refused' }
  /** The batch cannot be read, or is too large: a smaller one may pass. */
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

/** In ms, of seconds or a date; null for anything else. */
function waitOf(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null) return null
  if (/^\s*\d{1,9}\s*$/.test(retryAfter)) return Number(retryAfter) * 1_000
  // Engines parse a bare number as a date, too.
  const at = /[a-z]/i.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
