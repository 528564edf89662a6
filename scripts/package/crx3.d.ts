/** Types for the part of crx3 that is used here: the package has none. */
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
  /** Makes a signed CRX from a ZIP, and an update manifest that names it. */
  export default function crx3(zip: Readable, options: Crx3Options): Promise<{ readonly appId: string }>
}
