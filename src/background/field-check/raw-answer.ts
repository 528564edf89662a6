/** A response of the instance as the field check needs it: with its status, and as JSON where it is the API's own. */
import { readApiAnswer } from '../../domain/evidence'

export interface RawAnswer {
  /** null where no response came. */
  readonly status: number | null
  /** The answer's object; null if it is not the API's own. */
  readonly body: Readonly<Record<string, unknown>> | null
  readonly error: string | null
}

export const NO_ANSWER: RawAnswer = { status: null, body: null, error: null }

/** The service's own names for errors; anything else is not kept. */
const ERROR_NAME = /^[A-Za-z]{3,60}$/

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
