import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { generate } from 'selfsigned'

const TYPES: Readonly<Record<string, string>> = {
  crx: 'application/x-chrome-extension',
  xml: 'text/xml',
  xpi: 'application/x-xpinstall',
}

/** An organization's web server for packages, on this machine. */
export interface UpdateServer {
  readonly url: string
  readonly port: number
  /** SHA-256 of its certificate's public key, in base64; empty without a certificate. */
  readonly spki: string
  /** Sets the folder to serve. */
  publish(folder: string): void
  close(): Promise<void>
}

/** @param host the name for https; without it, the server is reached over http, by its address. */
export async function startUpdateServer(host?: string): Promise<UpdateServer> {
  let folder: string | null = null
  const answer: RequestListener = (request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://server').pathname)
    try {
      const body = readFileSync(join(folder ?? '', name))
      response.writeHead(200, { 'content-type': TYPES[name.split('.').pop() ?? ''] ?? 'application/octet-stream' })
      response.end(body)
    } catch {
      response.writeHead(404)
      response.end()
    }
  }
  const identity = host === undefined ? null : await identityOf(host)
  const server =
    identity === null
      ? createServer(answer)
      : createSecureServer({ key: identity.private, cert: identity.cert }, answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    spki: identity === null ? '' : spkiOf(identity.cert),
    publish: (next) => void (folder = next),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function identityOf(host: string): ReturnType<typeof generate> {
  const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 2 as const, value: host }] }]
  return generate([{ name: 'commonName', value: host }], { keyType: 'ec', extensions })
}

function spkiOf(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(key).digest('base64')
}
