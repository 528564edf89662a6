import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserName } from '../browser'

const ROOT = join(__dirname, '../..')

/** The directory of each browser's build. */
const TARGET: Record<BrowserName, string> = { chromium: 'chrome', firefox: 'firefox' }

/**
 * The extension as it ships. SIGNOFF_DIST names another build, relative to this folder, to test while `dist` is
 * built.
 */
export function shipped(browser: BrowserName): string {
  const dir = join(__dirname, process.env['SIGNOFF_DIST'] ?? '../../dist', TARGET[browser])
  if (!existsSync(join(dir, 'manifest.json')))
    throw new Error(`There is no build in ${dir}: run \`npm run build\` first`)
  return dir
}

/** The build in which every hook in the page throws; it is built if it is missing or older than its sources. */
export function throwing(browser: BrowserName): string {
  const dir = join(ROOT, 'out/throwing', TARGET[browser])
  const built = join(dir, 'page.js')
  if (!existsSync(built) || statSync(built).mtimeMs < newestIn(join(ROOT, 'src'))) {
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build:throwing'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`npm run build:throwing failed: ${stdout}${stderr}`)
    // webpack does not touch a file whose content has not changed.
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
