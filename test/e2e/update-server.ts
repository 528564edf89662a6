import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { basename, join } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  crx: 'application/x-chrome-extension',
  xml: 'text/xml',
  xpi: 'application/x-xpinstall',
}

/** An organization's web server with packages on it, on this machine. */
export interface UpdateServer {
  readonly url: string
  /** The folder that is served from now on. */
  publish(folder: string): void
  close(): Promise<void>
}

export async function startUpdateServer(): Promise<UpdateServer> {
  let folder: string | null = null
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://server').pathname)
    try {
      const body = readFileSync(join(folder ?? '', name))
      response.writeHead(200, { 'content-type': TYPES[name.split('.').pop() ?? ''] ?? 'application/octet-stream' })
      response.end(body)
    } catch {
      response.writeHead(404)
      response.end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    publish: (next) => void (folder = next),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
