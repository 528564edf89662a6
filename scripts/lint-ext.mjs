// Has the built Firefox extension checked by Mozilla's own linter, which refuses at a warning. The build for Chromium
// is not for it: Chromium's manifest keys are warnings there; loading it in the browser tests is its check. An argument is
// another folder to check.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ROOT } from './setup.mjs'

const built = resolve(process.argv[2] ?? join(ROOT, 'dist', 'firefox'))
const manifest = join(built, 'manifest.json')
if (!existsSync(manifest)) {
  console.error(`There is no ${built} to check: run \`npm run build\` first.`)
  process.exit(1)
}

// An update address of one's own is an error for what Mozilla hosts.
const { gecko } = JSON.parse(readFileSync(manifest, 'utf8')).browser_specific_settings
const hosting = gecko.update_url === undefined ? [] : ['--self-hosted']
const args = ['lint', '--source-dir', built, '--warnings-as-errors', '--boring', '--no-config-discovery', ...hosting]
const { status } = spawnSync(join(ROOT, 'node_modules', '.bin', 'web-ext'), args, { cwd: ROOT, stdio: 'inherit' })
process.exit(status ?? 1)
