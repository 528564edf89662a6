import type { CallError } from '../domain/close-report'
import type { Denier } from '../domain/verification'

/** An address that no token may be asked for at, or sent to. */
export class AddressError extends Error {}

/**
 * The caller was denied: 401, 403, or what answers in their place. `by` says who has spoken: the API or the way to a token
 * in Connect's own JSON, or anybody on the way to them (a captive portal, a proxy, a page to sign in).
 */
export class DeniedError extends Error {
  constructor(
    readonly reason: 'signed_out' | 'refused',
    readonly by: Denier,
    message: string,
    /** How many requests were answered so. */
    readonly times = 1,
  ) {
    super(message)
  }
}

/** The instance has answered with an error that another attempt may not meet. */
export class AnsweredError extends Error {
  constructor(readonly answer: CallError) {
    super(answer.type)
  }
}
