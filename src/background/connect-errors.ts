import type { CallError } from '../domain/close-report'
import type { Denier } from '../domain/check'

/** An address at which no token may be requested, and to which none may be sent. */
export class AddressError extends Error {}

/**
 * The caller was denied: 401, 403, or an equivalent. `by` says who has answered: the API or the token's address in Connect's own
 * JSON, or somebody else in between (a captive portal, a proxy, a sign-in page).
 */
export class DeniedError extends Error {
  constructor(
    readonly reason: 'signed_out' | 'refused',
    readonly by: Denier,
    message: string,
    /** How many requests got this answer. */
    readonly times = 1,
  ) {
    super(message)
  }
}

/** The instance has answered with an error of its own. Another attempt may succeed. */
export class AnsweredError extends Error {
  constructor(readonly answer: CallError) {
    super(answer.type)
  }
}
