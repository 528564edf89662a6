// Builds the extension and runs one benchmark. The default is the close matrix, which compares the extension with other
// extensions in real browsers (`npm run bench -- --quick` is a short run). --scale measures what grows with use,
// --fleet a simulated working day of 10,000 machines (no browser), --rest the background while nothing happens, and
// --load what the extension adds to loading a CCP.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBrowsers, ensureDependencies, ensurePipeline, ROOT } from './setup.mjs'

const args = process.argv.slice(2)
const isFleet = args.includes('--fleet')
const isTalk = args.includes('--list') || args.includes('--help')

ensureDependencies()
if (isFleet) {
  if (args.includes('--pipeline')) ensurePipeline()
} else if (!isTalk) {
  ensureBrowsers(['chromium', 'firefox'])
  // SIGNOFF_DIST names a build to measure instead.
  if (process.env.SIGNOFF_DIST === undefined) run('npm', ['run', '--silent', 'build'])
}
const others = { '--fleet': 'fleet.ts', '--scale': 'scale.ts', '--rest': 'rest.ts', '--load': 'load.ts' }
const [, program = 'bench.ts'] = Object.entries(others).find(([flag]) => args.includes(flag)) ?? []
run(process.execPath, ['--import', 'tsx', join('bench', program), ...args])

function run(program, programArgs) {
  const { status, error } = spawnSync(program, programArgs, { cwd: ROOT, stdio: 'inherit' })
  if (status === 0) return
  if (error) console.error(`${program}: ${error.message}`)
  process.exit(status ?? 1)
}
