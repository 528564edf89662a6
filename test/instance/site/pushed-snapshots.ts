/**
 * Added to the SharedWorker in worlds that push snapshots: its request for the next snapshot waits for a web socket
 * instead. No public version of Streams has this mode; only the name of its option is known.
 */
{
  interface Client {
    authToken: string
    _callImpl: (this: Client, method: string, params: object, callbacks: { success(data: unknown): void }) => void
  }
  const { AWSClient } = (globalThis as unknown as { connect: { AWSClient: { prototype: Client } } }).connect
  const { _callImpl: call } = AWSClient.prototype
  let latest: unknown = null
  let waiting: ((snapshot: unknown) => void) | null = null
  let isOpen = false

  /** Converts timestamps to dates and leaves out nulls, as the AWS SDK does: Streams takes a `queue` of null for one. */
  const asSdk = (key: string, value: unknown): unknown =>
    /timestamp$/i.test(key) && (typeof value === 'number' || typeof value === 'string')
      ? new Date(typeof value === 'number' ? value * 1000 : value)
      : (value ?? undefined)

  const hear = (token: string): void => {
    isOpen = true
    const base = self.location.hostname.endsWith('.awsapps.com') ? '/connect' : ''
    const socket = new WebSocket(`wss://${self.location.host}${base}/snapshots?token=${encodeURIComponent(token)}`)
    socket.onmessage = ({ data }) => {
      latest = JSON.parse(String(data), (key, value: unknown) => asSdk(key, value))
      answer()
    }
    socket.onclose = () => {
      isOpen = false
      setTimeout(() => waiting !== null && !isOpen && hear(token), 1_000)
    }
  }
  const answer = (): void => {
    if (latest === null || waiting === null) return
    const tell = waiting
    const snapshot = latest
    latest = waiting = null
    tell(snapshot)
  }

  AWSClient.prototype._callImpl = function (method, params, callbacks) {
    if (method !== 'getAgentSnapshot') {
      call.call(this, method, params, callbacks)
      return
    }
    waiting = (snapshot) => callbacks.success(snapshot)
    if (!isOpen) hear(this.authToken)
    answer()
  }
}
