/** A response as the field check needs it: with its HTTP status, and parsed if the API itself has answered. */
import { readApiAnswer } from '../../domain/evidence'

export interface RawAnswer {
  /** The HTTP status; null where no response came. */
  readonly status: number | null
  /** The answer's object; null where it is an error, or not an answer of the API. */
  readonly body: Readonly<Record<string, unknown>> | null
  /**
   * The API's name of the error, `other` for an unusual name,
   * `no_answer` where the API has not answered; null for success.
   */
  readonly error: string | null
}

export const NO_ANSWER: RawAnswer = { status: null, body: null, error: null }

/** What names of the service's errors look like; anything else is not kept. */
const ERROR_NAME = /^[A-Za-z]{3,60}$/

/** Reads a response. */
export function rawAnswer(status: number, contentType: string | null, text: string): RawAnswer {
  const answer = readApiAnswer({ status, contentType, text })
  switch (answer.is) {
    case 'answer':
      return { status, body: answer.body, error: null }
    case 'error':
      return { status, body: null, error: ERROR_NAME.test(answer.error.type) ? answer.error.type : 'other' }
    case 'no_answer':
      return { status, body: null, error: 'no_answer' }
  }
}
