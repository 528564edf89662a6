import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { parseRecord, recordAt, textAt } from './json'

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.from(data as ArrayBuffer).toString('utf8')
}

/** Answers what Streams' WebSocketManager says: heartbeats and subscriptions. */
function reply(socket: WebSocket, data: RawData): void {
  const message = parseRecord(textOf(data)) ?? {}
  const topic = textAt(message, 'topic')
  const send = (content: unknown): void => socket.send(JSON.stringify({ topic, content }))
  if (topic === 'aws/heartbeat') send({ status: 'success' })
  if (topic === 'aws/subscribe') send({ status: 'success', topics: recordAt(message, 'content')['topics'] ?? [] })
}

/** The web sockets of CCPs. Nothing but heartbeats and subscriptions goes over them: agents' states are long polled. */
export class WebSockets {
  private readonly server = new WebSocketServer({ noServer: true })

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (data) => reply(webSocket, data))
      webSocket.on('error', () => webSocket.terminate())
    })
  }

  /** How many are open. */
  get open(): number {
    return this.server.clients.size
  }

  close(): void {
    for (const client of this.server.clients) client.terminate()
    this.server.close()
  }
}
