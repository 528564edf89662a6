// Checks the built Firefox extension with Mozilla's own linter; warnings are errors.
// The Chromium build is not checked here, since the linter warns of Chromium's
// manifest keys: the browser tests load it. An argument names another folder to check.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ROOT } from './setup.mjs'

const built = resolve(process.argv[2] ?? join(ROOT, 'dist', 'firefox'))
const manifest = join(built, 'manifest.json')
if (!existsSync(manifest)) {
  console.error(`${manifest} does not exist: run \`npm run build\` first.`)
  process.exit(1)
}

// An `update_url` is an error for add-ons that Mozilla hosts, so the linter has to know that this one is not.
const { gecko } = JSON.parse(readFileSync(manifest, 'utf8')).browser_specific_settings
const hosting = gecko.update_url === undefined ? [] : ['--self-hosted']
const args = ['lint', '--source-dir', built, '--warnings-as-errors', '--boring', '--no-config-discovery', ...hosting]
const { status } = spawnSync(join(ROOT, 'node_modules', '.bin', 'web-ext'), args, { cwd: ROOT, stdio: 'inherit' })
process.exit(status ?? 1)
