// Runs the checks and stops after the first phase in which one fails. `npm test -- --only STEP` runs one check. `--full`
// plays every story in both browsers.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { ensureBrowsers, ensureDependencies, ROOT } from './setup.mjs'

const REPORTS = join(ROOT, 'out')

const npm = (script) => ['npm', 'run', '--silent', script]
const jest = (step, projects, ...more) => {
  const report = ['--json', '--outputFile', reportOf(step)]
  return [join('node_modules', '.bin', 'jest'), ...report, ...more, '--selectProjects', ...projects]
}

/** The checks by name. */
const STEPS = {
  types: npm('types'),
  build: npm('build'),
  // A story in each browser needs this build: without this step both would build it at the same time.
  'build:throwing': npm('build:throwing'),
  'lint:ext': npm('lint:ext'),
  // A worker for each processor: by default Jest uses one fewer.
  unit: jest('unit', ['unit', 'wire', 'instance'], '--maxWorkers=100%'),
  lint: npm('lint'),
  // One test file at a time: it builds twice, which takes all processors, and drives a browser.
  package: jest('package', ['package'], '--runInBand'),
  // Several test files at a time, each with its own display, instance and browsers: a story mostly waits, and needs a quarter
  // of a quick processor or half of a slow one (measured).
  e2e: jest('e2e', ['browser', 'e2e']),
}

/**
 * How many files of stories run at a time: more on a machine that has needed less than so many seconds for the unit tests. On a
 * slow one, lint and packages beside four files left the last window of a browser too little of the processors to send its request.
 */
const STORIES = { quick: 5, slow: 3, quickUnitSeconds: 200 }

/**
 * The checks in phases: each begins when the one before it has passed. The lanes of a phase run in parallel, and the checks
 * of a lane one after the other. What needs processors only, and has no time limits, runs beside the stories, which wait.
 */
const PHASES = [[['types'], ['build', 'build:throwing', 'lint:ext']], [['unit']], [['e2e'], ['lint', 'package']]]

/**
 * Stories that `npm test` plays only in Chromium: all stories in both browsers take more than half an hour. Firefox
 * plays the others, about what differs most: how pages end, policies, updates and restarts.
 */
const CHROMIUM_ALONE = [
  'away',
  'contact-states',
  'contacts',
  'faults',
  'field-check',
  'fleet',
  'in-worlds',
  'languages',
  'late',
  'leave-dialog',
  'log-outs',
  'meanwhile',
  'notices',
  'pages',
  'popup',
  'recovery',
  'reload',
  'returns',
  'scope',
  'separate',
  'several',
  'situations',
  'slow',
  'stays',
]
/**
 * Stories that are played on a quick machine and with `--full`: on a slow one all would take longer than half an hour, which
 * build servers allow. For the same reason a slow one plays the others with a stopped background alone, where they have both.
 */
const IF_QUICK = [
  ...['hostile.firefox', 'policy.firefox', 'stock.firefox', 'update.firefox', 'watchdog.firefox'],
  ...['field-check.chromium', 'languages.chromium'],
]
/** Stories that take ten minutes each, mostly because of restarts: only `--full` plays them. */
const FULL_ALONE = ['field-closes']
/** The tests of the browsers' driver. Only `--full` runs them: what breaks the driver makes the stories fail too. */
const DRIVER = 'test/browser/'

const { values } = parseArgs({ options: { only: { type: 'string' }, full: { type: 'boolean', default: false } } })
const steps = values.only === undefined ? Object.keys(STEPS) : [values.only]
if (!steps.every((step) => step in STEPS)) {
  console.error(`There is no step ${values.only}. The steps are ${Object.keys(STEPS).join(', ')}.`)
  process.exit(2)
}

if (!values.full) {
  const left = [
    DRIVER,
    ...CHROMIUM_ALONE.map((story) => `e2e/${story}\\.firefox`),
    ...FULL_ALONE.map((story) => `e2e/${story}\\.`),
  ]
  STEPS.e2e.push(...left.flatMap((pattern) => ['--testPathIgnorePatterns', pattern]))
}

ensureDependencies()
if (steps.includes('e2e') || steps.includes('package')) ensureBrowsers(['chromium', 'firefox'])
mkdirSync(REPORTS, { recursive: true })
for (const step of steps) rmSync(reportOf(step), { force: true })

/** How long the unit tests took: without them nobody knows how quick the machine is. */
let unitSeconds = Infinity
const failure = await runAll(values.only === undefined ? PHASES : [[[values.only]]])
for (const line of failures()) console.log(line)
const { passed, failed, skipped } = totals()
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failure)

/** Runs phases. Resolves with the exit code of the first step that fails, or 0. */
async function runAll(phases) {
  for (const lanes of phases) {
    const shown = lanes[0][0]
    const codes = await Promise.all(lanes.map((lane) => inTurn(lane, shown)))
    const failed = codes.find((code) => code !== 0)
    if (failed !== undefined) return failed
  }
  return 0
}

/** Runs steps one after the other. Resolves with the exit code of the first that fails, or 0. */
async function inTurn(lane, shown) {
  for (const step of lane) {
    const code = await run(step, step === shown)
    if (code !== 0) return code
  }
  return 0
}

/** Runs a step. Resolves with its exit code. Prints its output as it comes, or else at its end, as a whole. */
async function run(step, isShown) {
  const [program, ...args] = STEPS[step]
  const isShort = step === 'e2e' && !values.full && isSlow()
  if (step === 'e2e') args.push(...forThisMachine(isShort))
  const env = isShort ? { ...process.env, SIGNOFF_BACKGROUND: 'stopped' } : process.env
  const start = Date.now()
  if (isShown) console.log(`\n=== ${step}`)
  const child = spawn(program, args, { cwd: ROOT, env, stdio: isShown ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
  // What runs beside stories gives way to them, which have time limits.
  if (!isShown && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)))
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      said += String(error)
      resolve(1)
    })
    child.once('close', (status) => resolve(status ?? 1))
  })
  const seconds = (Date.now() - start) / 1000
  if (step === 'unit') unitSeconds = seconds
  if (!isShown) console.log(`\n=== ${step}\n${said.trim()}`)
  console.log(`=== ${step}: ${code === 0 ? 'good' : 'FAILED'} after ${seconds.toFixed(1)} s`)
  return code
}

/** Whether the unit tests took long. Without them nobody knows: then all stories are played, a few at a time. */
function isSlow() {
  return unitSeconds !== Infinity && unitSeconds >= STORIES.quickUnitSeconds
}

/** What Jest is given for the stories on a machine of this speed. */
function forThisMachine(isShort) {
  const workers = `--maxWorkers=${unitSeconds < STORIES.quickUnitSeconds ? STORIES.quick : STORIES.slow}`
  if (!isShort) return [workers]
  console.log(
    `This machine is slow. Left out, but played by \`-- --full\`: ${IF_QUICK.join(', ')}, and the others with a running background.`,
  )
  return [workers, ...IF_QUICK.flatMap((story) => ['--testPathIgnorePatterns', `e2e/${story.replace('.', '\\.')}`])]
}

function reportOf(step) {
  return join(REPORTS, `jest-${step}.json`)
}

/** Repeats what failed, for build servers that store only the end of a long output. */
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

/** The beginning of a message, without colours: what was waited for, and what the instance recorded. */
function firstLines(message) {
  return stripVTControlCharacters(message).split('\n').slice(0, 40).join('\n')
}

function reports() {
  const files = steps.map(reportOf).filter((report) => existsSync(report))
  return files.map((file) => JSON.parse(readFileSync(file, 'utf8')))
}

/** The number of tests in this run's reports, by result. A test file that does not load counts as a failed test. */
function totals() {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const report of reports()) {
    sum.passed += report.numPassedTests
    sum.failed += report.numFailedTests + report.numRuntimeErrorTestSuites
    sum.skipped += report.numPendingTests + report.numTodoTests
  }
  return sum
}
