/**
 * What only Firefox packages have: an id of the organization's own, a JSON update manifest, and Mozilla's signature.
 */
import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import type { Files } from './zip'

/** The forms that Firefox accepts: a UUID in braces, or a name with an @. */
const ADDON_ID = /^(\{[0-9a-f-]{36}\}|[a-z0-9-._]*@[a-z0-9-._]+)$/i

/**
 * Returns the add-on's id unchanged. Mozilla signs an id only for the account that had it signed first, so each
 * organization needs its own.
 * @throws Error where Firefox would not accept the id.
 */
export function checkedAddonId(id: string): string {
  if (ADDON_ID.test(id)) return id
  throw new Error(`${id} is not an add-on id. Use a name such as signoff@it.example, or a UUID in braces.`)
}

export interface FirefoxUpdate {
  readonly id: string
  readonly version: string
  readonly oldestFirefox: string
  readonly xpiUrl: string
  readonly xpi: Uint8Array
}

/**
 * The update manifest, as JSON, that Firefox fetches once a day. Its hash is that of the XPI as it is served, so `xpi`
 * must be signed already. https://extensionworkshop.com/documentation/manage/updating-your-extension/
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
 * Returns `signed`, once it is known to differ from `unsigned` by Mozilla's signature only.
 * @throws Error where it is not a ZIP, has no signature, or has files that differ.
 */
export function checkedSigned(unsigned: Uint8Array, signed: Uint8Array): Uint8Array {
  const [ours, theirs] = [unzipSync(unsigned), archive(signed)]
  if (!Object.keys(theirs).some((path) => /^META-INF\/(mozilla|cose)\.(rsa|sig)$/.test(path))) {
    throw new Error('The signed XPI has no signature of Mozilla in it.')
  }
  const paths = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].filter((path) => !isSignature(path))
  const other = paths.filter((path) => !isSame(ours[path], theirs[path]))
  if (other.length > 0) {
    throw new Error(`The signed XPI has another build, id, address or version: ${other.sort().join(', ')} differ.`)
  }
  return signed
}

function archive(bytes: Uint8Array): Files {
  try {
    return unzipSync(bytes)
  } catch (error) {
    throw new Error('The signed XPI is not a ZIP archive.', { cause: error })
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0
}
