import { join, relative } from 'node:path'
import { existsSync, readFileSync, statSync } from 'node:fs'
import packageJson from '../../package.json'
import { overBudget, sizesOf } from './budget'
import { checkedAddonId } from './firefox'
import { signingKey } from './key'
import { makePackages } from './package'
import { releaseNotes } from './release-notes'
import type { Signer } from './sign-xpi'
import { signedBefore, signerAtMozilla } from './sign-xpi'
import type { Files } from './zip'
import { filesIn } from './zip'

/** The options of the command line and the environment. */
export interface Wishes {
  /** The folder with the builds `chrome` and `firefox`. */
  readonly built: string
  readonly out: string
  readonly key: string | undefined
  readonly pem: string | undefined
  readonly baseUrl: string
  readonly version: string | undefined
  readonly geckoId: string | undefined
  /** The path of the XPI that Mozilla has signed. */
  readonly signedXpi: string | undefined
  /** Whether the environment has credentials for Mozilla's signing service. */
  readonly mayAskMozilla: boolean
  /** The hash of the commit, for a release only: then key, address and id are required. */
  readonly commit: string | undefined
}

const ROOT = join(__dirname, '../..')
/** A host reserved for examples: no browser ever gets an update from it. */
export const EXAMPLE_URL = 'https://updates.example.com/ccp-signoff'

/**
 * Returns the wishes with a normalized base URL.
 * @throws Error that names the first invalid option, or everything that a release lacks.
 */
export function checkedWishes(wishes: Wishes): Wishes {
  const { version, geckoId, signedXpi } = wishes
  if (wishes.commit !== undefined) mustBeWhole(wishes)
  if (version !== undefined) mustBeVersion(version)
  if (geckoId !== undefined) checkedAddonId(geckoId)
  if (signedXpi !== undefined && !existsSync(signedXpi)) throw new Error(`There is no ${signedXpi}.`)
  return { ...wishes, baseUrl: checkedUrl(wishes.baseUrl) }
}

/** Packs the build and prints the result. Resolves with the exit code: 1 where a script is over its budget. */
export async function runPackage(wishes: Wishes): Promise<number> {
  const { baseUrl, version, geckoId } = wishes
  const sign = signerFor(wishes)
  if (!isWithinBudget(wishes.built)) return 1
  const key = signingKey({ file: wishes.key, pem: wishes.pem }, ROOT)
  const notes = notesFor(wishes)
  try {
    const packages = await makePackages({
      built: wishes.built,
      out: wishes.out,
      key,
      baseUrl,
      version,
      geckoId,
      sign,
      notes,
      watchdog: await watchdogFor(wishes),
    })
    tell(wishes.out)
    console.log(`\nid in Chromium: ${packages.chromiumId}\nid in Firefox: ${packages.firefoxId}`)
    if (key.isFresh) warnOfFreshKey(key.path)
    if (baseUrl === EXAMPLE_URL) console.warn(`\nWARNING: ${baseUrl} is an example. Give the real address: --base-url.`)
    if (sign === undefined) console.log(`\n${UNSIGNED}`)
  } finally {
    key.dispose()
  }
  return 0
}

const UNSIGNED = `The XPI is not signed. Have Mozilla sign it as unlisted, then run the same command again with
--signed-xpi FILE to update the update manifest and the checksums. Or set WEB_EXT_API_KEY and WEB_EXT_API_SECRET for a
release.`

function signerFor({ signedXpi, mayAskMozilla, commit }: Wishes): Signer | undefined {
  if (signedXpi !== undefined) return signedBefore(signedXpi)
  // Mozilla signs each version only once, so a package that somebody makes to try it out must not use that up.
  const isAsked = commit !== undefined && mayAskMozilla
  return isAsked ? signerAtMozilla(join(ROOT, 'node_modules/.bin/web-ext')) : undefined
}

/**
 * Throws where a release lacks a key, an address or an id. A release goes to other
 * machines: with a fresh key or the example address they would get an extension
 * that cannot be updated, and without an id of its own Mozilla does not sign it.
 */
function mustBeWhole({ key, pem, baseUrl, geckoId }: Wishes): void {
  const missing = [
    ...(key === undefined && pem === undefined ? ['--key: the key that signs the CRX'] : []),
    ...(baseUrl.startsWith('https://') && baseUrl !== EXAMPLE_URL ? [] : ['--base-url: your own address, with https']),
    ...(geckoId === undefined ? ['--gecko-id: an id of your own for Firefox'] : []),
  ]
  if (missing.length > 0) throw new Error(`A release needs\n${missing.map((each) => `  ${each}`).join('\n')}`)
}

/** The watchdog's template and code, for a release only: synthesizing them takes half a minute. */
async function watchdogFor({ commit, version }: Wishes): Promise<Files | undefined> {
  if (commit === undefined) return undefined
  const { makeWatchdog } = await import('./watchdog')
  return makeWatchdog(version ?? packageJson.version)
}

function notesFor({ commit }: Wishes): Parameters<typeof makePackages>[0]['notes'] {
  if (commit === undefined) return undefined
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
  return (ids) => releaseNotes(changelog, { ...ids, codeVersion: packageJson.version, commit })
}

/** The address without a slash at the end. Its characters need no escaping in XML, in the registry or in URLs. */
function checkedUrl(given: string): string {
  const url = given.replace(/\/+$/, '')
  if (!URL.canParse(url) || !/^(https?|file):\/\/[\w.:/~%-]+$/.test(url))
    throw new Error(`${given} is not a usable address.`)
  return url
}

/** Throws where the version is not one to four numbers: Chromium's format, which Firefox accepts too. */
function mustBeVersion(version: string): void {
  if (/^\d{1,5}(\.\d{1,5}){0,3}$/.test(version)) return
  throw new Error(`${version} is not a version: use one to four numbers with dots between them.`)
}

function isWithinBudget(built: string): boolean {
  const sizes = sizesOf(filesIn(join(built, 'chrome')))
  console.log('scripts, gzipped:')
  for (const { file, bytes, gzipped, budget } of sizes) {
    const limit = budget === null ? '' : ` of ${budget}`
    console.log(`  ${file.padEnd(16)}${String(gzipped).padStart(8)}${limit} bytes (${bytes} uncompressed)`)
  }
  const over = overBudget(sizes)
  for (const sentence of over) console.error(`Over budget: ${sentence}`)
  return over.length === 0
}

function tell(out: string): void {
  console.log(`\n${relative(process.cwd(), out) || out}:`)
  const files = Object.keys(filesIn(out)).sort()
  for (const file of files.filter((path) => !path.startsWith('policies/'))) {
    console.log(`  ${file.padEnd(48)}${String(statSync(join(out, file)).size).padStart(8)} bytes`)
  }
  console.log(`  and ${files.filter((path) => path.startsWith('policies/')).length} policies in policies/`)
}

function warnOfFreshKey(path: string): void {
  console.warn(`\nWARNING: no key was given, so a new one was made: ${path}
The id in Chromium above comes from this key. With another key it changes, and policies no longer match the extension.
Keep the file safe, outside the repository, and name it next time: --key FILE, or SIGNOFF_KEY_FILE.`)
}
