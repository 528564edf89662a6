import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** How long data takes one way now, and whether it moves at all. */
interface Conditions {
  oneWayMs: number
  held: Promise<void> | undefined
}

/**
 * Passes the data of one socket on to the other, late and in order. Data sent before `openAt` leaves then: loopback shakes hands
 * at once, but on a real path TCP's own handshake takes a round trip first.
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
 * The way between the browsers and the instance: a TCP proxy before the TLS server. It knows nothing of TLS, so that
 * handshakes pay the round trip like everything else.
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

  /** Sets the round trip from here on, in milliseconds; half of it goes each way. */
  roundTrip(ms: number): void {
    this.conditions.oneWayMs = ms / 2
  }

  /** No network: all connections are cut. New ones are reset, or, with `silence`, open and carry nothing. */
  cut(how: 'reset' | 'silence' = 'reset'): void {
    if (how === 'silence') {
      this.conditions.held ??= new Promise((resolve) => (this.release = resolve))
      return
    }
    this.refusing = true
    for (const socket of this.sockets) socket.resetAndDestroy()
  }

  /** The network is back. What `silence` held is delivered, as TCP would. */
  restore(): void {
    this.refusing = false
    this.conditions.held = undefined
    this.release?.()
    this.release = undefined
  }

  /** Cuts the connections that are open now, idle ones too. New ones are welcome. */
  dropConnections(): void {
    for (const socket of this.sockets) socket.resetAndDestroy()
  }

  /** With false, every answer closes its connection: the next request has to open one. */
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
