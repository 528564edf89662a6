import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer } from 'node:tls'
import type { Certificates } from './certificate'

export interface FrontOptions {
  readonly certificates: Certificates
  /** How long an idle connection stays open, in ms. `closeIdleAfter` changes it. */
  readonly keepAliveMs: number
  /** Whether a host speaks HTTP/2 with clients that support it. */
  readonly speaksHttp2: (host: string) => boolean
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** The TLS server of all hosts, on one port. Each host speaks HTTP/1.1 only, or HTTP/2 as well. */
export interface Front {
  listen(): Promise<number>
  /** Closes the connections that carry no request. HTTP/2 clients are notified by GOAWAY. */
  closeIdleConnections(): void
  /** Changes how long an idle connection stays open, in ms: of HTTP/1.1 from its next answer on, of HTTP/2 if it is new. */
  closeIdleAfter(ms: number): void
  close(): Promise<void>
}

/** Makes the server, which does not listen yet. */
export function makeFront({ certificates, keepAliveMs, speaksHttp2, onRequest, onUpgrade }: FrontOptions): Front {
  let idleMs = keepAliveMs
  const http1 = createHttpServer({ keepAliveTimeout: idleMs, requestTimeout: 0 })
  http1.on('request', onRequest)
  http1.on('upgrade', onUpgrade)

  const http2 = createHttp2Server()
  const sessions = new Map<ServerHttp2Session, { streams: number }>()
  http2.on('session', (session) => {
    const load = { streams: 0 }
    sessions.set(session, load)
    session.setTimeout(idleMs, () => {
      if (load.streams === 0) session.close()
    })
    session.on('stream', (stream) => {
      load.streams += 1
      stream.on('close', () => (load.streams -= 1))
    })
    session.on('close', () => sessions.delete(session))
    session.on('error', () => undefined)
  })
  http2.on('request', (request, response) => {
    // The routes read the host from the header, as in HTTP/1.1.
    request.headers.host ??= request.authority
    onRequest(request as unknown as IncomingMessage, response as unknown as ServerResponse)
  })

  const sockets = new Set<Socket>()
  /** Connections without a request so far, which browsers keep ready. Node does not count them as idle. */
  const unused = new Set<Socket>()
  for (const event of ['request', 'upgrade'] as const) {
    http1.on(event, ({ socket }: IncomingMessage) => unused.delete(socket))
  }
  // The server does not listen itself; after this event it tracks its connections.
  http1.emit('listening')
  const front = createTlsServer({
    ALPNCallback: ({ servername, protocols }) =>
      protocols.includes('h2') && speaksHttp2(servername)
        ? 'h2'
        : protocols.find((protocol) => protocol === 'http/1.1'),
    SNICallback: (host, done) => {
      certificates.contextFor(host).then(
        (context) => done(null, context),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      )
    },
  })
  front.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  front.on('tlsClientError', () => undefined)
  front.on('secureConnection', (socket) => {
    socket.on('error', () => undefined)
    if (socket.alpnProtocol === 'h2') {
      http2.emit('connection', socket)
      return
    }
    unused.add(socket)
    // Node's own timeout is only for connections that have carried a request.
    const timer = setTimeout(() => unused.has(socket) && socket.destroy(), idleMs)
    socket.on('close', () => {
      clearTimeout(timer)
      unused.delete(socket)
    })
    http1.emit('connection', socket)
  })

  return {
    listen: async () => {
      await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
      return (front.address() as AddressInfo).port
    },
    closeIdleConnections: () => {
      http1.closeIdleConnections()
      for (const socket of unused) socket.destroy()
      for (const [session, { streams }] of sessions) if (streams === 0) session.close()
    },
    closeIdleAfter: (ms) => {
      idleMs = ms
      http1.keepAliveTimeout = ms
    },
    close: async () => {
      http1.close()
      for (const [session] of sessions) session.destroy()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => front.close(resolve))
    },
  }
}
