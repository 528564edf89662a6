/** What only Firefox's packages have: an id for each organization, an update manifest, and Mozilla's signature. */
import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import type { Files } from './zip'

/** As Firefox takes it: a UUID in braces, or a name with an @. */
const ADDON_ID = /^(\{[0-9a-f-]{36}\}|[a-z0-9-._]*@[a-z0-9-._]+)$/i

/**
 * The add-on's id, checked. Mozilla signs an id for the account that had it signed first and for no other: each
 * organization needs its own.
 * @throws Error where Firefox would not take it.
 */
export function checkedAddonId(id: string): string {
  if (ADDON_ID.test(id)) return id
  throw new Error(`${id} is no id of an add-on: a name such as signoff@it.example, or a UUID in braces.`)
}

export interface FirefoxUpdate {
  readonly id: string
  readonly version: string
  readonly oldestFirefox: string
  readonly xpiUrl: string
  readonly xpi: Uint8Array
}

/**
 * The update manifest that Firefox asks for once a day. The hash is that of the XPI as it is served: made after signing.
 * https://extensionworkshop.com/documentation/manage/updating-your-extension/
 */
export function firefoxUpdates({ id, version, oldestFirefox, xpiUrl, xpi }: FirefoxUpdate): string {
  const update = {
    version,
    update_link: xpiUrl,
    update_hash: `sha256:${createHash('sha256').update(xpi).digest('hex')}`,
    applications: { gecko: { strict_min_version: oldestFirefox } },
  }
  return `${JSON.stringify({ addons: { [id]: { updates: [update] } } }, null, 2)}\n`
}

const isSignature = (path: string): boolean => path.startsWith('META-INF/')

/**
 * What Mozilla gave back, where it is our package with a signature and nothing else.
 * @throws Error where it has no signature, or any other file than the package that was to be signed.
 */
export function checkedSigned(unsigned: Uint8Array, signed: Uint8Array): Uint8Array {
  const [ours, theirs] = [unzipSync(unsigned), archive(signed)]
  if (!Object.keys(theirs).some((path) => /^META-INF\/(mozilla|cose)\.(rsa|sig)$/.test(path))) {
    throw new Error('The XPI that was to be signed has no signature of Mozilla in it.')
  }
  const paths = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter((path) => !isSignature(path))
  const other = paths.filter((path) => !isSame(ours[path], theirs[path]))
  if (other.length > 0) {
    throw new Error(`The signed XPI is of another build, id, address or version: ${other.sort().join(', ')} differ.`)
  }
  return signed
}

function archive(bytes: Uint8Array): Files {
  try {
    return unzipSync(bytes)
  } catch (error) {
    throw new Error('The signed XPI is no ZIP archive.', { cause: error })
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0
}
