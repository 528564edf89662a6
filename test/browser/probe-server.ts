import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'

/** A server for the probe's own test: every page shows its address. */
export interface ProbeServer {
  port: number
  spki: string
  stop(): Promise<void>
}

/** Serves a small page at every path, for acme.awsapps.com. */
export async function startProbeServer(): Promise<ProbeServer> {
  const name = 'acme.awsapps.com'
  const pems = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  })
  const server = createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    const frame = request.url === '/connect/ccp-v2' ? '<iframe src="/connect/ccp-v2/inner"></iframe>' : ''
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Page</title><h1>${request.url}</h1><button>Press</button>${frame}`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const key = new X509Certificate(pems.cert).publicKey.export({ type: 'spki', format: 'der' })
  return {
    port: (server.address() as AddressInfo).port,
    spki: createHash('sha256').update(key).digest('base64'),
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
