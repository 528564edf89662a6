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

/** What the command line and the environment say. */
export interface Wishes {
  /** The folder with the builds. */
  readonly built: string
  readonly out: string
  readonly key: string | undefined
  readonly pem: string | undefined
  readonly baseUrl: string
  readonly version: string | undefined
  readonly geckoId: string | undefined
  /** The XPI that Mozilla has signed. */
  readonly signedXpi: string | undefined
  /** Whether there is a key for Mozilla's signing service in the environment. */
  readonly mayAskMozilla: boolean
  /** The commit, where this is a release: then nothing may be missing. */
  readonly commit: string | undefined
}

const ROOT = join(__dirname, '../..')
/** Reserved for examples: nobody is ever updated from there. */
export const EXAMPLE_URL = 'https://updates.example.com/ccp-signoff'

/**
 * The same wishes, where they can be met.
 * @throws Error that says which cannot, and of a release everything that is missing.
 */
export function checkedWishes(wishes: Wishes): Wishes {
  const { version, geckoId, signedXpi } = wishes
  if (wishes.commit !== undefined) mustBeWhole(wishes)
  if (version !== undefined) mustBeVersion(version)
  if (geckoId !== undefined) checkedAddonId(geckoId)
  if (signedXpi !== undefined && !existsSync(signedXpi)) throw new Error(`There is no ${signedXpi}.`)
  return { ...wishes, baseUrl: checkedUrl(wishes.baseUrl) }
}

/** Packs the build and reports the result. Returns the exit code. */
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
    if (baseUrl === EXAMPLE_URL) console.warn(`\nWARNING: ${baseUrl} is an example. Say where it will be: --base-url.`)
    if (sign === undefined) console.log(`\n${UNSIGNED}`)
  } finally {
    key.dispose()
  }
  return 0
}

const UNSIGNED = `The XPI is not signed. Have Mozilla sign it as unlisted, then run the same command again with
--signed-xpi FILE: update manifest and checksums are made again. Or set WEB_EXT_API_KEY and WEB_EXT_API_SECRET.`

function signerFor({ signedXpi, mayAskMozilla, commit }: Wishes): Signer | undefined {
  if (signedXpi !== undefined) return signedBefore(signedXpi)
  // Mozilla signs each version once: never by the way, for a package that somebody makes to look at it.
  const isAsked = commit !== undefined && mayAskMozilla
  return isAsked ? signerAtMozilla(join(ROOT, 'node_modules/.bin/web-ext')) : undefined
}

/**
 * A release is for other machines: what an example or a fresh key stands in for would be an extension that nobody can
 * update, or that Mozilla does not sign.
 */
function mustBeWhole({ key, pem, baseUrl, geckoId }: Wishes): void {
  const missing = [
    ...(key === undefined && pem === undefined ? ['--key: the key that signs the CRX'] : []),
    ...(baseUrl.startsWith('https://') && baseUrl !== EXAMPLE_URL ? [] : ['--base-url: your own address, with https']),
    ...(geckoId === undefined ? ['--gecko-id: an id of your own for Firefox'] : []),
  ]
  if (missing.length > 0) throw new Error(`A release needs\n${missing.map((each) => `  ${each}`).join('\n')}`)
}

/** A release has the watchdog's template and code beside the packages. To synthesize takes half a minute: others do without. */
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

/** An address that stands in XML, in the registry and in URLs as it is. */
function checkedUrl(given: string): string {
  const url = given.replace(/\/+$/, '')
  if (!URL.canParse(url) || !/^(https?|file):\/\/[\w.:/~%-]+$/.test(url)) throw new Error(`${given} is no address.`)
  return url
}

/** One to four numbers, as Chromium wants it; Firefox takes that too. */
function mustBeVersion(version: string): void {
  if (/^\d{1,5}(\.\d{1,5}){0,3}$/.test(version)) return
  throw new Error(`${version} is no version: one to four numbers with dots between them.`)
}

function isWithinBudget(built: string): boolean {
  const sizes = sizesOf(filesIn(join(built, 'chrome')))
  console.log('scripts, gzipped:')
  for (const { file, bytes, gzipped, budget } of sizes) {
    const limit = budget === null ? '' : ` of ${budget}`
    console.log(`  ${file.padEnd(16)}${String(gzipped).padStart(8)}${limit} bytes (${bytes} as they are)`)
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
  console.warn(`\nWARNING: no key was given, and a fresh one was made: ${path}
The id above is that of this key: another key is another extension, which no policy for this one knows.
Keep the file safe, outside of the repository, and name it next time: --key FILE, or SIGNOFF_KEY_FILE.`)
}
