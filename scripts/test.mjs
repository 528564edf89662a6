// Runs every check there is, the quick ones first, up to the first that fails. `npm test -- --only STEP` runs one.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { ensureBrowsers, ensureDependencies, ROOT } from './setup.mjs'

const REPORTS = join(ROOT, 'out')

const npm = (script) => ['npm', 'run', '--silent', script]
const jest = (step, projects, ...more) => {
  const report = ['--json', '--outputFile', reportOf(step)]
  return [join('node_modules', '.bin', 'jest'), ...report, ...more, '--selectProjects', ...projects]
}

/** The checks by name, in the order they run. */
const STEPS = {
  lint: npm('lint'),
  types: npm('types'),
  unit: jest('unit', ['unit', 'wire', 'instance']),
  build: npm('build'),
  'lint:ext': npm('lint:ext'),
  // By itself: it builds what all the others load.
  package: jest('package', ['package'], '--runInBand'),
  // Three files at a time, each with its own display, instance and browsers: most of each is waiting.
  e2e: jest('e2e', ['browser', 'e2e'], '--maxWorkers=3'),
}

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const steps = values.only === undefined ? Object.keys(STEPS) : [values.only]
if (!steps.every((step) => step in STEPS)) {
  console.error(`There is no step ${values.only}; there are ${Object.keys(STEPS).join(', ')}.`)
  process.exit(2)
}

ensureDependencies()
if (steps.includes('e2e')) ensureBrowsers(['chromium', 'firefox'])
mkdirSync(REPORTS, { recursive: true })
for (const step of steps) rmSync(reportOf(step), { force: true })

const failure = firstFailure()
for (const line of failures()) console.log(line)
const { passed, failed, skipped } = totals()
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failure)

/** Runs the steps and gives the exit code of the first that fails, or 0. */
function firstFailure() {
  for (const step of steps) {
    const [program, ...args] = STEPS[step]
    console.log(`\n=== ${step}`)
    const start = Date.now()
    const { status } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit' })
    const seconds = ((Date.now() - start) / 1000).toFixed(1)
    console.log(`=== ${step}: ${status === 0 ? 'good' : 'FAILED'} after ${seconds} s`)
    if (status !== 0) return status ?? 1
  }
  return 0
}

function reportOf(step) {
  return join(REPORTS, `jest-${step}.json`)
}

/** What failed, again, and with what words: a long output may be kept by its end alone. */
function failures() {
  return reports().flatMap(({ testResults }) =>
    testResults.flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed')
      const file = relative(ROOT, name)
      if (failed.length === 0) return message === '' ? [] : [`FAILED ${file}: ${firstLines(message)}`]
      return failed.map(
        ({ fullName, failureMessages }) => `FAILED ${file}: ${fullName}\n${firstLines(failureMessages.join('\n'))}`,
      )
    }),
  )
}

/** As much of a message as tells what was waited for, without its colours. */
function firstLines(message) {
  return stripVTControlCharacters(message).split('\n').slice(0, 12).join('\n')
}

function reports() {
  const files = steps.map(reportOf).filter((report) => existsSync(report))
  return files.map((file) => JSON.parse(readFileSync(file, 'utf8')))
}

/** The tests of all the reports that this run left. A file of tests that does not even load is one that failed. */
function totals() {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const report of reports()) {
    sum.passed += report.numPassedTests
    sum.failed += report.numFailedTests + report.numRuntimeErrorTestSuites
    sum.skipped += report.numPendingTests + report.numTodoTests
  }
  return sum
}
