/** Of crx3, which has no types of its own, what is used here. */
declare module 'crx3' {
  import type { Readable } from 'node:stream'

  interface Crx3Options {
    readonly keyPath: string
    readonly crxPath: string
    readonly xmlPath: string
    readonly appVersion: string
    readonly browserVersion: string
    readonly crxURL: string
  }
  /** Writes a signed CRX of a ZIP, and the update manifest that leads to it. */
  export default function crx3(zip: Readable, options: Crx3Options): Promise<{ readonly appId: string }>
}
