import { TextDecoder, TextEncoder } from 'node:util'

/** What jsdom's window lacks for reading a response. */
export const READING = { TextDecoder }

/** A response body, as `fetch` returns it. */
export function bodyOf(text: string): object {
  const chunks = [new TextEncoder().encode(text)]
  const read = (): Promise<object> => {
    const value = chunks.shift()
    return Promise.resolve(value === undefined ? { done: true } : { done: false, value })
  }
  return { getReader: () => ({ read, cancel: () => Promise.resolve() }) }
}
