import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2Session } from 'node:http2'

/** What HTTP/2 messages have in addition. */
interface OfHttp2 {
  readonly stream?: { readonly session?: Http2Session }
}

const sessionOf = (message: object): Http2Session | undefined => (message as OfHttp2).stream?.session

/** An object that stands for the connection of a request. Requests on the same connection have the same object. */
export const connectionOf = (request: IncomingMessage): object => sessionOf(request) ?? request.socket

/** Breaks the connection on which an answer would be sent. */
export function breakConnection(response: ServerResponse): void {
  const session = sessionOf(response)
  if (session) session.destroy()
  else response.socket?.destroy()
}

/** Closes the connection after this answer. */
export function endConnectionWith(response: ServerResponse): void {
  const session = sessionOf(response)
  // close() notifies the client at once (GOAWAY), and lets requests in progress finish.
  if (session) response.on('close', () => session.close())
  else response.shouldKeepAlive = false
}
