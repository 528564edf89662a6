/**
 * Takes pictures of every surface of the extension as it ships, in both browsers, pages at
 * three widths, light and dark: `npm run build && npm run pictures [-- --browser chromium]`.
 * All pictures go to `out/surfaces`. Those of Chromium's that the documentation shows also
 * go to `docs/pictures`. Each browser has its own display, so that nothing else is in them.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserName } from '../test/browser'
import { cameraInto } from './pictures/camera'
import { DOCUMENTED } from './pictures/documented'
import { shootManaged } from './pictures/managed'
import { shootPersonal } from './pictures/personal'

const ROOT = join(__dirname, '..')
const DOCS = join(ROOT, 'docs', 'pictures')
const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox']
/** The largest picture in `docs/pictures`: every clone of the repository holds all versions of all pictures. */
const MAX_BYTES = 300_000

async function takePictures(): Promise<void> {
  const { values } = parseArgs({ options: { browser: { type: 'string', multiple: true, default: [...BROWSERS] } } })
  for (const browser of BROWSERS.filter((name) => values.browser.includes(name))) {
    const camera = cameraInto(join(ROOT, 'out', 'surfaces', browser))
    await shootPersonal(browser, camera)
    await shootManaged(browser, camera)
    console.log(`${relative(ROOT, camera.folder)}: ${readdirSync(camera.folder).length} pictures`)
    if (browser === 'chromium') copyDocumented(camera.folder)
  }
}

/** Replaces `docs/pictures`. Throws where a picture is too large to be committed. */
function copyDocumented(from: string): void {
  rmSync(DOCS, { recursive: true, force: true })
  mkdirSync(DOCS, { recursive: true })
  for (const [file, surface] of Object.entries(DOCUMENTED)) {
    copyFileSync(join(from, surface), join(DOCS, file))
    const { size } = statSync(join(DOCS, file))
    if (size > MAX_BYTES) throw new Error(`docs/pictures/${file} has ${size} bytes: more than ${MAX_BYTES}.`)
    console.log(`docs/pictures/${file}: ${Math.round(size / 1000)} kB`)
  }
}

takePictures().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
