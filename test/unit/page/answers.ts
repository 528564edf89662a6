import { TextDecoder, TextEncoder } from 'node:util'

/** What the window of a test lacks to read an answer. */
export const READING = { TextDecoder }

/** The body of an answer, as `fetch` gives it. */
export function bodyOf(text: string): object {
  const chunks = [new TextEncoder().encode(text)]
  const read = (): Promise<object> => {
    const value = chunks.shift()
    return Promise.resolve(value === undefined ? { done: true } : { done: false, value })
  }
  return { getReader: () => ({ read, cancel: () => Promise.resolve() }) }
}
