import { join, relative } from 'node:path'
import { statSync } from 'node:fs'
import { overBudget, sizesOf } from './budget'
import { signingKey } from './key'
import { makePackages } from './package'
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
}

const ROOT = join(__dirname, '../..')
/** Reserved for examples: nobody is ever updated from there. */
export const EXAMPLE_URL = 'https://updates.example.com/ccp-signoff'

/** Packs what was built and tells what came of it. Answers the exit code. */
export async function runPackage(wishes: Wishes): Promise<number> {
  const baseUrl = checkedUrl(wishes.baseUrl)
  const version = checkedVersion(wishes.version)
  if (!isWithinBudget(wishes.built)) return 1
  const key = signingKey({ file: wishes.key, pem: wishes.pem }, ROOT)
  try {
    const packages = await makePackages({ built: wishes.built, out: wishes.out, key, baseUrl, version })
    tell(wishes.out)
    console.log(`\nid in Chromium: ${packages.chromiumId}`)
    if (key.isFresh) warnOfFreshKey(key.path)
    if (baseUrl === EXAMPLE_URL) console.warn(`\nWARNING: ${baseUrl} is an example. Say where it will be: --base-url.`)
  } finally {
    key.dispose()
  }
  return 0
}

/** An address that stands in XML, in the registry and in URLs as it is. */
function checkedUrl(given: string): string {
  const url = given.replace(/\/+$/, '')
  if (!URL.canParse(url) || !/^(https?|file):\/\/[\w.:/~%-]+$/.test(url)) throw new Error(`${given} is no address.`)
  return url
}

/** One to four numbers, as Chromium wants it; Firefox takes that too. */
function checkedVersion(version: string | undefined): string | undefined {
  if (version === undefined || /^\d{1,5}(\.\d{1,5}){0,3}$/.test(version)) return version
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
