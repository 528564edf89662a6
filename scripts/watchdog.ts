/**
 * Writes what an organization deploys, the watchdog's template and code, to out/watchdog. Deploying them needs no CDK.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeWatchdog } from './package/watchdog'

const out = join('out', 'watchdog')
rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
makeWatchdog(version)
  .then((files) => {
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(join(out, name), bytes)
      console.log(`${join(out, name)}  ${bytes.length} bytes`)
    }
  })
  .catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
