// Runs Stryker on the modules that judge a close: it changes one spot at a time, and reports which changes no unit test
// notices. `node scripts/mutation.mjs [MODULE]...`, with modules as paths below src/domain. Not part of `npm test`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDependencies, ROOT } from './setup.mjs'

/** Installed here, not by package.json: building and testing do not need its 168 packages. */
const STRYKER = '9.6.1'
const HOME = join(ROOT, 'out', 'mutation')

/** The modules that decide how a close ends: a mistake in them is a false `confirmed`, or an agent left Available. */
const JUDGES = ['evidence', 'state-period', 'judge-snapshot', 'decide-close', 'closes/next-step', 'closes/check-close']

const { positionals } = parseArgs({ allowPositionals: true })
const modules = positionals.length > 0 ? positionals : JUDGES

ensureDependencies()
const core = join(HOME, 'node_modules', '@stryker-mutator')
if (!existsSync(core)) {
  mkdirSync(HOME, { recursive: true })
  writeFileSync(join(HOME, 'package.json'), '{ "private": true }')
  const packages = ['core', 'jest-runner'].map((name) => `@stryker-mutator/${name}@${STRYKER}`)
  run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', ...packages], HOME)
}
// A run for each module: in a run of all of them, each change would wait for the tests of all.
for (const module of modules) {
  const config = join(HOME, 'stryker.json')
  writeFileSync(config, JSON.stringify(settings(module), null, 2))
  run(join(HOME, 'node_modules', '.bin', 'stryker'), ['run', config], ROOT)
}

function settings(module) {
  return {
    mutate: [`src/domain/${module}.ts`],
    testRunner: 'jest',
    plugins: [join(core, 'jest-runner', 'dist', 'src', 'index.js')],
    coverageAnalysis: 'perTest',
    jest: {
      projectType: 'custom',
      config: {
        rootDir: '.',
        // Not those of jest.config.mjs: each of the six would run the same tests.
        projects: [],
        testEnvironment: 'node',
        testMatch: ownTests(module),
        transform: {
          '^.+\\.ts$': [
            '@swc/jest',
            { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
          ],
        },
      },
      enableFindRelatedTests: false,
    },
    ignorePatterns: ['dist', 'out', 'docs/pictures', 'bench', 'policies', '_locales', '/watchdog'],
    tempDirName: 'out/mutation/sandbox',
    symlinkNodeModules: true,
    concurrency: 2,
    timeoutMS: 20_000,
    dryRunTimeoutMinutes: 10,
    reporters: ['progress-append-only', 'clear-text', 'json'],
    clearTextReporter: { logTests: false, allowColor: false, reportTests: false },
    jsonReporter: { fileName: `out/mutation/${module.replaceAll('/', '-')}.json` },
    disableTypeChecks: false,
  }
}

/**
 * A module's own tests, `NAME.test.ts` and `NAME.TOPIC.test.ts`. Those of properties are left out: whether they notice a change may
 * depend on chance.
 */
function ownTests(module) {
  const folder = join(ROOT, 'test', 'unit', 'domain')
  const own = readdirSync(folder, { recursive: true }).filter(
    (file) => file.startsWith(`${module}.`) && file.endsWith('.test.ts') && !file.endsWith('.properties.test.ts'),
  )
  if (own.length === 0) throw new Error(`There is no test of the name ${module}.`)
  return own.map((file) => `<rootDir>/test/unit/domain/${file}`)
}

/** Runs a program to its end. Where it fails, exits with its code. */
function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: 'inherit' })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}
