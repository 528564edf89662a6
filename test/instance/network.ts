import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** The present one-way delay, and a promise that holds data back while it is pending. */
interface Conditions {
  oneWayMs: number
  held: Promise<void> | undefined
}

/**
 * Passes data from one socket to another, delayed and in order. Data sent before `openAt` leaves only then: on a real
 * path TCP's handshake takes a round trip first, which the loopback interface does not show.
 */
class DelayLine {
  private lastDue = 0
  private timer: NodeJS.Timeout | undefined
  private readonly queue: { readonly due: number; readonly act: () => void }[] = []

  constructor(
    private readonly conditions: Conditions,
    private readonly openAt: number,
  ) {}

  push(act: () => void): void {
    const due = Math.max(this.lastDue, Math.max(Date.now(), this.openAt) + this.conditions.oneWayMs)
    this.lastDue = due
    this.queue.push({ due, act })
    if (this.queue.length === 1) this.deliver()
  }

  private deliver(): void {
    clearTimeout(this.timer)
    if (this.conditions.held) {
      void this.conditions.held.then(() => this.deliver())
      return
    }
    let head = this.queue[0]
    while (head && head.due <= Date.now()) {
      this.queue.shift()
      head.act()
      head = this.queue[0]
    }
    if (head) this.timer = setTimeout(() => this.deliver(), Math.max(1, head.due - Date.now()))
  }
}

/**
 * The network between browsers and instance: a TCP proxy in front of the TLS server. It does not know TLS, so TLS
 * handshakes are delayed like everything else.
 */
export class Network {
  private readonly conditions: Conditions = { oneWayMs: 0, held: undefined }
  private readonly sockets = new Set<Socket>()
  private readonly proxy: Server
  private release: (() => void) | undefined
  private refusing = false
  private keepAlive = true

  constructor(private readonly innerPort: () => number) {
    this.proxy = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.accept(socket))
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.proxy.once('error', reject)
      this.proxy.listen(port, '127.0.0.1', resolve)
    })
    return (this.proxy.address() as AddressInfo).port
  }

  /** Sets the round trip for all further data, in ms. Each way takes half of it. */
  roundTrip(ms: number): void {
    this.conditions.oneWayMs = ms / 2
  }

  /**
   * Takes the network away. `reset`: all connections, also new ones,
   * are reset. `silence`: connections stay, but carry no data.
   */
  cut(how: 'reset' | 'silence' = 'reset'): void {
    if (how === 'silence') {
      this.conditions.held ??= new Promise((resolve) => (this.release = resolve))
      return
    }
    this.refusing = true
    for (const socket of this.sockets) socket.resetAndDestroy()
  }

  /** Restores the network. Data held back by `silence` is delivered, as TCP would do. */
  restore(): void {
    this.refusing = false
    this.conditions.held = undefined
    this.release?.()
    this.release = undefined
  }

  /** Resets the connections that are open now, including idle ones. New connections work. */
  dropConnections(): void {
    for (const socket of this.sockets) socket.resetAndDestroy()
  }

  /** With false, every answer closes its connection, so that the next request has to open one. */
  reuseConnections(reuse: boolean): void {
    this.keepAlive = reuse
  }

  get reusesConnections(): boolean {
    return this.keepAlive
  }

  get openConnections(): number {
    return this.sockets.size / 2
  }

  async close(): Promise<void> {
    this.restore()
    for (const socket of this.sockets) socket.destroy()
    await new Promise<void>((resolve) => this.proxy.close(() => resolve()))
  }

  private accept(client: Socket): void {
    if (this.refusing) {
      client.resetAndDestroy()
      return
    }
    const server = connect({ port: this.innerPort(), host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const openAt = Date.now() + 2 * this.conditions.oneWayMs
    this.join(client, server, new DelayLine(this.conditions, openAt))
    this.join(server, client, new DelayLine(this.conditions, 0))
  }

  private join(from: Socket, to: Socket, line: DelayLine): void {
    this.sockets.add(from)
    from.on('data', (chunk) => line.push(() => to.write(chunk)))
    from.on('end', () => line.push(() => to.end()))
    from.on('error', () => line.push(() => to.destroy()))
    from.on('close', () => {
      this.sockets.delete(from)
      line.push(() => to.destroySoon())
    })
  }
}
