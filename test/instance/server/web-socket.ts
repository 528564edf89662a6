import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { snapshotOf } from '../api/snapshot'
import type { Tenant } from '../api/tenant'
import type { AgentModel } from '../model/agent-model'
import { jsonOf } from '../world/json-of'
import { parseRecord, recordAt, textAt } from './json'

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.from(data as ArrayBuffer).toString('utf8')
}

/** Answers the messages of Streams' WebSocketManager: heartbeats and subscriptions. */
function reply(socket: WebSocket, data: RawData): void {
  const message = parseRecord(textOf(data)) ?? {}
  const topic = textAt(message, 'topic')
  const send = (content: unknown): void => socket.send(JSON.stringify({ topic, content }))
  if (topic === 'aws/heartbeat') send({ status: 'success' })
  if (topic === 'aws/subscribe') send({ status: 'success', topics: recordAt(message, 'content')['topics'] ?? [] })
}

/** The end of the path of web sockets that push snapshots, in worlds that do so. */
export const PUSH_PATH = '/snapshots'

/** The web sockets of CCPs: for heartbeats and subscriptions, and for snapshots where the world pushes them. */
export class WebSockets {
  private readonly server = new WebSocketServer({ noServer: true })

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (data) => reply(webSocket, data))
      webSocket.on('error', () => webSocket.terminate())
    })
  }

  /** Accepts a worker's web socket, and sends the agent's snapshot now and at each change. */
  push(request: IncomingMessage, socket: Duplex, head: Buffer, tenant: Tenant, agent: AgentModel): void {
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      const published = tenant.publishedOf(agent)
      const send = (): void =>
        webSocket.send(JSON.stringify(jsonOf(snapshotOf(tenant.alias, published.view(), tenant.world), tenant.world)))
      webSocket.on('close', published.onChange(send))
      webSocket.on('error', () => webSocket.terminate())
      send()
    })
  }

  /** The number of open web sockets. */
  get open(): number {
    return this.server.clients.size
  }

  close(): void {
    for (const client of this.server.clients) client.terminate()
    this.server.close()
  }
}
