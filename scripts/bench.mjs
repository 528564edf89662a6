// Builds the extension and measures it in real browsers: the close matrix, beside others (`npm run bench -- --quick`), or
// with --scale what grows with use, with --fleet the reports of 10,000 machines, with --rest the
// background while nothing happens, or with --load what a CCP's load costs.
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
  // Another build was named: that one is measured.
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
