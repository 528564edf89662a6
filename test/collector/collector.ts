/** A collector for tests: takes OTLP/HTTP, decodes it by the official definitions, and fails when it is told to. */
import { EventEmitter, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeRequest, encodeResponse } from './decode'
import type { Received } from './decode'

/** How a request is to be answered instead of being taken. */
export interface Fault {
  readonly status: number
  readonly retryAfter?: string
  /** With a status of 200: takes the request, and says that it has rejected so many. */
  readonly rejected?: number
  /** The connection is cut instead of an answer. With a status of 200 what was sent has been taken all the same. */
  readonly cut?: boolean
}

export interface CollectorOptions {
  /** The value of the header `X-Key` without which nothing is taken; none: anybody is heard. */
  readonly key?: string
  /** Lets pages and extensions of any origin read its answers. */
  readonly cors?: boolean
  /** Told of each record that was taken. They are then not kept: there may be a million. */
  readonly onRecord?: (record: Received) => void
  /** How each request is answered; null: it is taken. Before `faults` and `fault`. */
  readonly decide?: () => Fault | null
}

export interface RequestSeen {
  readonly method: string
  readonly headers: IncomingMessage['headers']
  readonly bytes: number
  readonly status: number
  readonly at: number
}

/** No status of an answer. */
const CUT = 0

export class Collector {
  readonly records: Received[] = []
  readonly requests: RequestSeen[] = []
  /** Answers for the next requests, one each; then all is well. */
  readonly faults: Fault[] = []
  /** How every request is answered for as long as it is set. */
  fault: Fault | null = null
  private readonly seen = new EventEmitter()
  private readonly server = createServer((request, response) => void this.answer(request, response))

  constructor(private readonly options: CollectorOptions = {}) {}

  /** Listens on loopback. */
  async listen(port = 0): Promise<void> {
    this.server.listen(port, '127.0.0.1')
    await once(this.server, 'listening')
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://localhost:${this.port}/v1/logs`
  }

  /** The records of an event that were taken. */
  of(event: string): Received[] {
    return this.records.filter((record) => record.event === event)
  }

  /** Resolves with the first record that fits, taken already or to come. */
  async record(what: string, fits: (record: Received) => boolean, timeoutMs = 30_000): Promise<Received> {
    const timeout = AbortSignal.timeout(timeoutMs)
    for (;;) {
      const found = this.records.find(fits)
      if (found !== undefined) return found
      await once(this.seen, 'request', { signal: timeout }).catch((cause: unknown) => {
        const told = this.records.map(({ event, body }) => `${event}: ${String(body)}`).join('\n')
        throw new Error(`No record of ${what} after ${timeoutMs} ms. There are:\n${told}`, { cause })
      })
    }
  }

  /** Resolves when so many requests have been answered. */
  async answered(count: number, timeoutMs = 30_000): Promise<void> {
    const timeout = AbortSignal.timeout(timeoutMs)
    while (this.requests.length < count) await once(this.seen, 'request', { signal: timeout })
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    this.server.close()
    await once(this.server, 'close')
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const contentType = request.headers['content-type'] ?? ''
    if (this.options.cors === true) {
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Access-Control-Allow-Headers', '*')
    }
    const [status, content] = this.take(request, contentType, body, response)
    if (status === CUT) {
      request.socket.destroy()
      return
    }
    response.writeHead(status, { 'Content-Type': contentType }).end(content)
    if (request.method === 'POST' && this.options.onRecord === undefined) {
      const { method, headers } = request
      this.requests.push({ method, headers, bytes: body.length, status, at: Date.now() })
      this.seen.emit('request')
    }
  }

  private take(
    request: IncomingMessage,
    contentType: string,
    body: Buffer,
    response: ServerResponse,
  ): [status: number, content: Buffer | string] {
    if (request.method === 'OPTIONS') return [204, '']
    if (request.url !== '/v1/logs') return [404, 'Not found']
    if (this.options.key !== undefined && request.headers['x-key'] !== this.options.key) return [401, 'Who are you?']
    const fault = this.options.decide?.() ?? this.faults.shift() ?? this.fault
    if (fault !== null) {
      if (fault.retryAfter !== undefined) response.setHeader('Retry-After', fault.retryAfter)
      if (fault.status !== 200) return [fault.cut === true ? CUT : fault.status, 'As told']
    }
    const records = decodeRequest(contentType, body)
    if (this.options.onRecord === undefined) this.records.push(...records)
    else records.forEach(this.options.onRecord)
    if (fault?.cut === true) return [CUT, '']
    const rejected = fault?.rejected ?? 0
    return [200, encodeResponse(contentType, rejected, rejected === 0 ? '' : 'Some were not to my liking')]
  }
}
