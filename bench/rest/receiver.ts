/** Receives heartbeats as a watchdog does, and counts the bytes on the wire. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { takeHeartbeat } from '../../watchdog/src/ingest'
import { MemoryTable } from '../../test/watchdog/memory-table'

export interface Received {
  /** Requests that were accepted, and CORS preflights. */
  heartbeats: number
  preflights: number
  /** Bytes of HTTP/1.1 received and sent, headers included, without TLS; counted when a connection is closed. */
  bytesIn: number
  bytesOut: number
}

export interface Receiver {
  readonly url: string
  readonly received: Received
  close(): Promise<void>
}

/** Starts a receiver on this machine. @param secret the setting `watchdogSecret` */
export async function startReceiver(secret: string): Promise<Receiver> {
  const received: Received = { heartbeats: 0, preflights: 0, bytesIn: 0, bytesOut: 0 }
  const secretHashes = [createHash('sha256').update(secret).digest('hex')]
  const parts = { table: new MemoryTable(), secretHashes, instance: 'acme', now: Date.now }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { method = '', headers } = request
      void takeHeartbeat(parts, {
        method,
        headers: { authorization: headers.authorization, origin: headers.origin },
        body,
      }).then((answer) => {
        if (method === 'OPTIONS') received.preflights += 1
        else if (answer.statusCode === 200) received.heartbeats += 1
        response.writeHead(answer.statusCode, answer.headers).end(answer.body)
      })
    })
  })
  server.on('connection', (socket) => {
    socket.on('close', () => {
      received.bytesIn += socket.bytesRead
      received.bytesOut += socket.bytesWritten
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    received,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      // The sockets' `close` events come after the server's.
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
