import { connect as tlsConnect } from 'node:tls'
import { createContext, runInContext, type Context } from 'node:vm'
import { WebSocket } from 'ws'
import { ask } from '../client'

/** Just enough of a browser to run the real bundles in Node: a page and its SharedWorker, without rendering. */

interface Port {
  onmessage: ((event: { data: unknown }) => void) | undefined
  other: Port | undefined
  readonly listeners: Set<(event: { data: unknown }) => void>
  start(): void
  close(): void
  postMessage(data: unknown): void
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void
}

function newPort(): Port {
  const listeners = new Set<(event: { data: unknown }) => void>()
  const port: Port = {
    onmessage: undefined,
    other: undefined,
    listeners,
    start: () => undefined,
    close: () => (port.other = undefined),
    addEventListener: (_type, listener) => listeners.add(listener),
    postMessage: (data) => {
      const event = { data: structuredClone(data) }
      setImmediate(() => {
        port.other?.onmessage?.(event)
        for (const listener of port.other?.listeners ?? []) listener(event)
      })
    },
  }
  return port
}

function newPortPair(): [Port, Port] {
  const [here, there] = [newPort(), newPort()]
  here.other = there
  there.other = here
  return [here, there]
}

/** The part of XMLHttpRequest that the AWS SDK in the bundles uses. */
function requestClass(tcpPort: number, origin: string) {
  return class extends EventTarget {
    readonly HEADERS_RECEIVED = 2
    readonly DONE = 4
    readonly upload = new EventTarget()
    readyState = 0
    status = 0
    responseType = ''
    response: ArrayBuffer | undefined
    timeout = 0
    withCredentials = false
    private target = ''
    private method = 'GET'
    private responseHeaders = ''
    private readonly headers: Record<string, string> = { Origin: origin, 'User-Agent': 'Chrome/0.0 (in Node)' }
    private readonly controller = new AbortController()

    open(method: string, url: string): void {
      this.method = method
      this.target = new URL(url, origin).href
    }

    setRequestHeader(name: string, value: string): void {
      this.headers[name] = value
    }

    getAllResponseHeaders(): string {
      return this.responseHeaders
    }

    abort(): void {
      this.controller.abort()
    }

    send(body?: string): void {
      const { method, headers, controller } = this
      ask(tcpPort, this.target, {
        method,
        headers,
        signal: controller.signal,
        ...(body !== undefined && { body }),
      }).then(
        (answer) => {
          const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${String(value)}`)
          const bytes = Buffer.from(answer.text, 'utf8')
          this.responseHeaders = lines.join('\r\n')
          this.status = answer.status
          this.response = new Uint8Array(bytes).buffer
          for (const readyState of [2, 4]) {
            this.readyState = readyState
            this.dispatchEvent(new Event('readystatechange'))
          }
        },
        () => this.dispatchEvent(new Event('error')),
      )
    }
  }
}

export interface VmBrowser {
  readonly page: Context
  readonly worker: Context
  /** Runs a script in the page. */
  run(script: string): unknown
  close(): void
}

/** Opens a page at an address: runs the page's script, and the worker's script in its SharedWorker. */
export function openPage(tcpPort: number, address: string, pageScript: string, workerScript: string): VmBrowser {
  const { origin, host, hostname, href } = new URL(address)
  const timers = new Set<NodeJS.Timeout>()
  const sockets = new Set<WebSocket>()
  let closed = false
  // Streams keeps retrying whatever fails, so all timers have to end when the page is closed.
  const kept = (timer: NodeJS.Timeout): NodeJS.Timeout => {
    timers.add(timer)
    if (closed) clearTimeout(timer)
    return timer
  }
  class MappedSocket extends WebSocket {
    constructor(url: string) {
      const createConnection = () =>
        tlsConnect({ host: '127.0.0.1', port: tcpPort, servername: host, rejectUnauthorized: false })
      super(url, { createConnection })
      sockets.add(this)
    }
  }
  const newGlobals = (): Record<string, unknown> => ({
    console: { log() {}, info() {}, warn() {}, error() {}, debug() {}, trace() {} },
    setTimeout: (act: () => void, ms: number) => kept(setTimeout(act, ms)),
    setInterval: (act: () => void, ms: number) => kept(setInterval(act, ms)),
    clearTimeout,
    clearInterval,
    navigator: { onLine: true, userAgent: 'Chrome/0.0 (in Node)' },
    location: { href, origin, host, hostname, port: '', protocol: 'https:', reload() {}, assign() {} },
    XMLHttpRequest: requestClass(tcpPort, origin),
    WebSocket: MappedSocket,
    URL,
    URLSearchParams,
    TextDecoder,
    TextEncoder,
    crypto: globalThis.crypto,
  })
  const worker = createContext(newGlobals())
  worker['self'] = worker
  runInContext(workerScript, worker)
  const page = createContext(newGlobals())
  const storage = { getItem: () => null, setItem() {}, removeItem() {} }
  const window = { addEventListener() {}, removeEventListener() {}, postMessage() {}, dispatchEvent() {} }
  Object.assign(page, window, { self: page, window: page, top: page, parent: page, localStorage: storage })
  Object.assign(page, {
    sessionStorage: storage,
    document: { referrer: '', addEventListener() {}, createElement: () => ({}) },
  })
  page['SharedWorker'] = class {
    readonly port: Port
    constructor() {
      const [here, there] = newPortPair()
      this.port = here
      ;(worker['onconnect'] as (event: { ports: Port[] }) => void)({ ports: [there] })
    }
  }
  runInContext(pageScript, page)
  return {
    page,
    worker,
    run: (script) => runInContext(script, page) as unknown,
    close: () => {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.terminate()
    },
  }
}
