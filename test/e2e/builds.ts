import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserName } from '../browser'

const ROOT = join(__dirname, '../..')

/** What each browser calls the build that is for it. */
const TARGET: Record<BrowserName, string> = { chromium: 'chrome', firefox: 'firefox' }

/** The extension as it ships; SIGNOFF_DIST is another build of it, relative to here, to test while `dist` is built. */
export function shipped(browser: BrowserName): string {
  const dir = join(__dirname, process.env['SIGNOFF_DIST'] ?? '../../dist', TARGET[browser])
  if (!existsSync(join(dir, 'manifest.json')))
    throw new Error(`There is no build in ${dir}: run \`npm run build\` first`)
  return dir
}

/** The extension with every hook in the page throwing; builds it where it is missing, or older than its sources. */
export function throwing(browser: BrowserName): string {
  const dir = join(ROOT, 'out/throwing', TARGET[browser])
  const built = join(dir, 'page.js')
  if (!existsSync(built) || statSync(built).mtimeMs < newestIn(join(ROOT, 'src'))) {
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build:throwing'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`npm run build:throwing failed: ${stdout}${stderr}`)
    // webpack leaves a file alone whose content has not changed.
    utimesSync(built, new Date(), new Date())
  }
  return dir
}

/** When the newest file of a directory was written, in ms since the epoch. */
function newestIn(dir: string): number {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Math.max(...files.map(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs))
}
