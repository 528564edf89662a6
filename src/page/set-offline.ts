import type { CallError, CloseResult } from '../domain/close-report'
import { refusesEnqueue } from '../domain/close-report'
import { guard } from './guard'
import type { InsecureAgent } from './streams'
import { bag } from './streams'

/** Streams passes errors as objects with `type`, as JSON text, or as plain text, depending on version and operation. */
export function readError(error: unknown): CallError {
  let value = error
  if (typeof error === 'string') {
    try {
      value = JSON.parse(error)
    } catch {
      value = { message: error }
    }
  }
  const { type, code, name, message } = bag(value)
  const word = [type, code, name].find((candidate) => typeof candidate === 'string' && candidate !== '')
  return {
    type: typeof word === 'string' ? word.slice(0, 1024) : 'UnknownError',
    message: typeof message === 'string' ? message.slice(0, 1024) : '',
  }
}

/**
 * Asks Streams to set the state, and asks again without `enqueueNextState` where that is refused. Throws only where Streams does,
 * before anything was sent.
 * @param state the page's own state object.
 * @param onResult called with each of Connect's answers, if the page lives that long.
 */
export function setOffline(
  agent: InsecureAgent,
  state: unknown,
  enqueue: boolean,
  onResult: (result: CloseResult) => void,
): void {
  const callbacks = {
    success: guard(() => onResult({ ok: true })),
    failure: guard((failure: unknown) => {
      const error = readError(failure)
      onResult({ ok: false, error })
      if (enqueue && refusesEnqueue(error)) setOffline(agent, state, false, onResult)
    }),
  }
  // Old versions know of no options.
  agent.setState(state, callbacks, ...(enqueue ? [{ enqueueNextState: true }] : []))
}
