import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Readable } from 'node:stream'
import crx3 from 'crx3'
import lockfile from '../../package-lock.json'
import packageJson from '../../package.json'
import { samplePolicies } from '../policies/samples'
import type { SigningKey } from './key'
import { manifestOf, withManifest } from './manifests'
import { billOfMaterials } from './sbom'
import { filesIn, zipOf } from './zip'
import type { Files } from './zip'

/** Who gets a version first, and who gets it after that: an update address each. */
export const CHANNELS = ['pilot', 'broad'] as const
export type Channel = (typeof CHANNELS)[number]

export interface PackageOptions {
  /** The folder with the builds `chrome` and `firefox`. */
  readonly built: string
  /** The folder for the packages; what is in it goes. */
  readonly out: string
  readonly key: SigningKey
  /** Where the packages will be served, without a slash at the end. */
  readonly baseUrl: string
  /** The version to give to them, where it is not the one of the build: older code is rolled back to under a higher one. */
  readonly version?: string | undefined
}

/** What was packed, and where it will be found. */
export interface Packages {
  readonly version: string
  readonly chromiumId: string
  readonly crx: string
  readonly xpi: string
  readonly updateUrl: Readonly<Record<Channel, string>>
  readonly xpiUrl: string
}

const NAME = 'ccp-signoff'
const CHECKSUMS = 'SHA256SUMS'

/**
 * Packs both builds: zips for the stores, a signed CRX with its update manifests, an XPI to be signed by Mozilla, the
 * policies that install them, the bill of materials, and the checksums of all.
 */
export async function makePackages(options: PackageOptions): Promise<Packages> {
  const { built, out, baseUrl } = options
  const [chrome, firefox] = [filesIn(join(built, 'chrome')), filesIn(join(built, 'firefox'))]
  const version = options.version ?? manifestOf(chrome).version
  const name = `${NAME}-${version}`
  empty(out)
  // The stores give an id and updates of their own, and refuse a manifest that asks for others.
  writeFileSync(join(out, `${name}-chrome.zip`), zipOf(withManifest(chrome, { version, key: undefined })))
  const xpi = zipOf(withManifest(firefox, { version }))
  writeFileSync(join(out, `${name}-firefox.zip`), xpi)
  writeFileSync(join(out, `${name}.xpi`), xpi)
  await sign(chrome, version, options)
  const packages = {
    version,
    chromiumId: options.key.id,
    crx: join(out, `${name}.crx`),
    xpi: join(out, `${name}.xpi`),
    updateUrl: { pilot: updateUrl(baseUrl, 'pilot'), broad: updateUrl(baseUrl, 'broad') },
    xpiUrl: `${baseUrl}/${name}.xpi`,
  }
  writePolicies(out, packages)
  writeFileSync(join(out, `${name}.cdx.json`), billOfMaterials(lockfile, { version, licence: packageJson.license }))
  writeChecksums(out)
  return packages
}

/** The policies to copy, once for each channel. */
function writePolicies(out: string, { chromiumId, updateUrl: urls, xpiUrl }: Packages): void {
  for (const channel of CHANNELS) {
    const policies = samplePolicies({ chromiumId, updateUrl: urls[channel], xpiUrl })
    for (const [path, text] of Object.entries(policies)) {
      const file = join(out, 'policies', channel, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }
}

/** Makes room for the packages. A folder that something else is in is somebody's, and stays. */
function empty(out: string): void {
  const there = existsSync(out) ? readdirSync(out) : []
  if (there.length > 0 && !there.includes(CHECKSUMS)) throw new Error(`${out} has other files in it.`)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, CHECKSUMS), '')
}

async function sign(chrome: Files, version: string, { out, key, baseUrl }: PackageOptions): Promise<void> {
  const file = `${NAME}-${version}.crx`
  const own = { version, key: key.publicKey, update_url: updateUrl(baseUrl, 'broad') }
  const { appId } = await crx3(Readable.from([zipOf(withManifest(chrome, own))]), {
    keyPath: key.path,
    crxPath: join(out, file),
    xmlPath: join(out, updateFile('broad')),
    appVersion: version,
    browserVersion: manifestOf(chrome).minimum_chrome_version ?? '',
    crxURL: `${baseUrl}/${file}`,
  })
  if (appId !== key.id) throw new Error(`The CRX was signed for ${appId}, not for ${key.id}.`)
  // The same version for both: which channel has it is decided by who uploads which of the two, and when.
  copyFileSync(join(out, updateFile('broad')), join(out, updateFile('pilot')))
}

const updateFile = (channel: Channel): string => `updates-${channel}.xml`
const updateUrl = (baseUrl: string, channel: Channel): string => `${baseUrl}/${updateFile(channel)}`

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
