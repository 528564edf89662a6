import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2Session } from 'node:http2'

/** What HTTP/2 messages have besides. */
interface OfHttp2 {
  readonly stream?: { readonly session?: Http2Session }
}

const sessionOf = (message: object): Http2Session | undefined => (message as OfHttp2).stream?.session

/** What distinguishes one connection from another: several requests may be on it. */
export const connectionOf = (request: IncomingMessage): object => sessionOf(request) ?? request.socket

/** Breaks the connection that an answer was to go over. */
export function breakConnection(response: ServerResponse): void {
  const session = sessionOf(response)
  if (session) session.destroy()
  else response.socket?.destroy()
}

/** Has the connection end with this answer. */
export function endConnectionWith(response: ServerResponse): void {
  const session = sessionOf(response)
  // The client is notified at once, and gets the answers that it still waits for.
  if (session) response.on('close', () => session.close())
  else response.shouldKeepAlive = false
}
