import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Readable } from 'node:stream'
import crx3 from 'crx3'
import lockfile from '../../package-lock.json'
import packageJson from '../../package.json'
import { FIREFOX_ID } from '../policies/browsers'
import { samplePolicies } from '../policies/samples'
import type { Channel } from '../policies/values'
import { CHANNELS } from '../policies/values'
import { firefoxUpdates } from './firefox'
import type { SigningKey } from './key'
import { manifestOf, withGecko, withManifest } from './manifests'
import { billOfMaterials } from './sbom'
import type { Signer } from './sign-xpi'
import { filesIn, zipOf } from './zip'
import type { Files } from './zip'

export interface PackageOptions {
  /** The folder with the builds `chrome` and `firefox`. */
  readonly built: string
  /** The folder for the packages. Packages of an earlier run are removed from it. */
  readonly out: string
  readonly key: SigningKey
  /** Where the packages will be served, without a slash at the end. */
  readonly baseUrl: string
  /** The packages' version, where it differs from the build's. To roll back, older code gets a higher version. */
  readonly version?: string | undefined
  /** The add-on's id in Firefox, where it differs from the build's. */
  readonly geckoId?: string | undefined
  /** Has the XPI signed; without it the XPI stays unsigned. */
  readonly sign?: Signer | undefined
  /** Returns the text of the release notes; without it there are no release notes. */
  readonly notes?: ((ids: Pick<Packages, 'version' | 'chromiumId' | 'firefoxId'>) => string) | undefined
  /** The watchdog's template and code; undefined leaves them out. */
  readonly watchdog?: Files | undefined
}

/** What was packed: ids, the paths of CRX and XPI, and the addresses that policies name. */
export interface Packages {
  readonly version: string
  readonly chromiumId: string
  readonly firefoxId: string
  readonly crx: string
  readonly xpi: string
  readonly updateUrl: Readonly<Record<Channel, string>>
  readonly xpiUrl: string
}

const NAME = 'ccp-signoff'
const CHECKSUMS = 'SHA256SUMS'

/**
 * Packs both builds: zips for the stores, a signed CRX and an XPI with their update manifests, the policies that
 * install them, the bill of materials, the release notes, and finally the checksums of all files.
 * @throws Error where the folder has other files, or a signature is not what was asked for.
 */
export async function makePackages(options: PackageOptions): Promise<Packages> {
  const { built, out, baseUrl, key } = options
  const [chrome, firefox] = [filesIn(join(built, 'chrome')), filesIn(join(built, 'firefox'))]
  const version = options.version ?? manifestOf(chrome).version
  const name = `${NAME}-${version}`
  const packages = {
    version,
    chromiumId: key.id,
    firefoxId: options.geckoId ?? manifestOf(firefox).browser_specific_settings?.gecko?.id ?? FIREFOX_ID,
    crx: join(out, `${name}.crx`),
    xpi: join(out, `${name}.xpi`),
    updateUrl: { pilot: updateUrl(baseUrl, 'pilot', 'xml'), broad: updateUrl(baseUrl, 'broad', 'xml') },
    xpiUrl: `${baseUrl}/${name}.xpi`,
  }
  const notes = options.notes?.(packages)
  empty(out)
  // The stores assign the id and distribute the updates, and reject a manifest with a `key` or `update_url`.
  writeFileSync(join(out, `${name}-chrome.zip`), zipOf(withManifest(chrome, { version, key: undefined })))
  const forMozilla = withGecko(firefox, version, { id: packages.firefoxId })
  writeFileSync(join(out, `${name}-firefox.zip`), zipOf(forMozilla))
  writeXpi(forMozilla, packages, options)
  await signCrx(chrome, version, options)
  writePolicies(out, packages)
  writeFileSync(join(out, `${name}.cdx.json`), billOfMaterials(lockfile, { version, licence: packageJson.license }))
  if (notes !== undefined) writeFileSync(join(out, 'RELEASE-NOTES.md'), notes)
  for (const [name, bytes] of Object.entries(options.watchdog ?? {})) writeFileSync(join(out, name), bytes)
  writeChecksums(out)
  return packages
}

/**
 * Writes the XPI for the organization's own server, signed if
 * there is a signer, and the update manifests with its hash.
 */
function writeXpi(firefox: Files, { version, firefoxId, xpi, xpiUrl }: Packages, options: PackageOptions): void {
  const { out, baseUrl, sign } = options
  // Firefox does not install an add-on whose update address is not https.
  const update_url = updateUrl(baseUrl, 'broad', 'json')
  const own = update_url.startsWith('https:') ? withGecko(firefox, version, { update_url }) : firefox
  const unsigned = zipOf(own)
  const bytes = sign === undefined ? unsigned : sign(unsigned)
  writeFileSync(xpi, bytes)
  const oldestFirefox = manifestOf(firefox).browser_specific_settings?.gecko?.strict_min_version ?? '0'
  const updates = firefoxUpdates({ id: firefoxId, version, oldestFirefox, xpiUrl, xpi: bytes })
  for (const channel of CHANNELS) writeFileSync(join(out, updateFile(channel, 'json')), updates)
}

/** Writes the sample policies of each channel, and a ZIP of all of them. */
function writePolicies(out: string, { version, chromiumId, firefoxId, updateUrl: urls, xpiUrl }: Packages): void {
  for (const channel of CHANNELS) {
    const policies = samplePolicies({ chromiumId, firefoxId, updateUrl: urls[channel], xpiUrl }, channel)
    for (const [path, text] of Object.entries(policies)) {
      const file = join(out, 'policies', channel, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }
  writeFileSync(join(out, `${NAME}-${version}-policies.zip`), zipOf(filesIn(join(out, 'policies'))))
}

/** Empties the folder. Throws where it has files but no checksums: then they are not packages of an earlier run. */
function empty(out: string): void {
  const there = existsSync(out) ? readdirSync(out) : []
  if (there.length > 0 && !there.includes(CHECKSUMS)) throw new Error(`${out} has other files in it.`)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, CHECKSUMS), '')
}

async function signCrx(chrome: Files, version: string, { out, key, baseUrl }: PackageOptions): Promise<void> {
  const file = `${NAME}-${version}.crx`
  const own = { version, key: key.publicKey, update_url: updateUrl(baseUrl, 'broad', 'xml') }
  const { appId } = await crx3(Readable.from([zipOf(withManifest(chrome, own))]), {
    keyPath: key.path,
    crxPath: join(out, file),
    xmlPath: join(out, updateFile('broad', 'xml')),
    appVersion: version,
    browserVersion: manifestOf(chrome).minimum_chrome_version ?? '',
    crxURL: `${baseUrl}/${file}`,
  })
  if (appId !== key.id) throw new Error(`The CRX was signed for ${appId}, not for ${key.id}.`)
  // Both channels' manifests name the same version: a version reaches a channel when its manifest is uploaded.
  copyFileSync(join(out, updateFile('broad', 'xml')), join(out, updateFile('pilot', 'xml')))
}

/** Chromium's update manifests are XML, Firefox's JSON. */
const updateFile = (channel: Channel, form: 'xml' | 'json'): string => `updates-${channel}.${form}`
const updateUrl = (baseUrl: string, channel: Channel, form: 'xml' | 'json'): string =>
  `${baseUrl}/${updateFile(channel, form)}`

/** Writes the SHA-256 of every file in the folder, as `sha256sum --check` reads it. */
function writeChecksums(out: string): void {
  const entries = readdirSync(out, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== CHECKSUMS,
  )
  const files = entries.map(({ parentPath, name }) => relative(out, join(parentPath, name))).sort()
  const sum = (file: string): string =>
    createHash('sha256')
      .update(readFileSync(join(out, file)))
      .digest('hex')
  writeFileSync(join(out, CHECKSUMS), files.map((file) => `${sum(file)}  ${file}\n`).join(''))
}
