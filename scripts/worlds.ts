/**
 * Plays stories in worlds of the stand-in instance. `npm run worlds -- --seed N --minutes M` draws random worlds,
 * beginning with that seed, and prints seed and world of each failure. Other options play or write the committed set.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AXIS_NAMES, RECORDED, WORST, type World } from '../test/instance/world/axes'
import { worldsIn } from '../test/e2e/worlds/committed'
import { FIELD_WORLDS } from '../test/e2e/worlds/field-worlds'
import { coveringWorlds, randomWorld } from '../test/instance/world/covering'

const ROOT = join(__dirname, '..')
const JEST = join(ROOT, 'node_modules/.bin/jest')
const COMMITTED = join(ROOT, 'test/e2e/worlds/worlds.json')
const DRAWN = join(ROOT, 'out/worlds.json')
const REPORT = join(ROOT, 'out/jest-worlds.json')
/** How many worlds are played before the browser is started again. */
const BATCH = 12

const USAGE = `npm run worlds -- [--seed N] [--minutes M] [--browser NAME]... [--add]
npm run worlds -- --committed
npm run worlds -- --field [--browser NAME]...
npm run worlds -- --cover [--seed N]

  --seed       the first world's seed (1); each further world has the next number
  --minutes    no new batch of worlds begins after so many minutes (10)
  --browser    chromium or firefox; may be repeated (both)
  --add        adds each world that fails to the committed set
  --committed  plays the committed set, half of it in each browser; \`npm test\` plays the half of Chromium
  --field      has the field check identify ten worlds in each browser, about 20 minutes each
  --cover      adds worlds to the committed set until it contains every pair of values`

interface Report {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

main()

function main(): void {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '10' },
      browser: { type: 'string', multiple: true, default: ['chromium', 'firefox'] },
      add: { type: 'boolean', default: false },
      committed: { type: 'boolean', default: false },
      field: { type: 'boolean', default: false },
      cover: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const seed = Number(values.seed)
  const minutes = Number(values.minutes)
  const isSense = Number.isInteger(seed) && seed >= 0 && minutes > 0
  if (values.help || !isSense) {
    console.log(USAGE)
    process.exitCode = values.help ? 0 : 2
    return
  }
  if (values.cover) commit(coveringWorlds([RECORDED, WORST, ...worldsIn(COMMITTED).map(({ world }) => world)], seed))
  else if (values.committed) playCommitted()
  else if (values.field) playField(values.browser)
  else explore(seed, minutes, values.browser, values.add)
}

/** Plays the whole committed set, half of it in each browser; `npm test` plays only the half of Chromium. */
function playCommitted(): void {
  const args = ['--selectProjects', 'e2e', '--runInBand', '--testPathPatterns', 'e2e/in-worlds']
  const env = { ...process.env, SIGNOFF_WORLDS: 'committed' }
  process.exitCode = spawnSync(JEST, args, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1
}

/** Has the field check identify all of its worlds; `npm test` plays only the first. */
function playField(browsers: readonly string[]): void {
  const pattern = `e2e/field-check\\.(${browsers.join('|')})`
  const args = ['--selectProjects', 'e2e', '--runInBand', '--testPathPatterns', pattern]
  const env = { ...process.env, SIGNOFF_FIELD_WORLDS: String(FIELD_WORLDS) }
  process.exitCode = spawnSync(JEST, args, { cwd: ROOT, env, stdio: 'inherit' }).status ?? 1
}

function explore(first: number, minutes: number, browsers: readonly string[], add: boolean): void {
  const until = Date.now() + minutes * 60_000
  let seed = first
  let failures = 0
  mkdirSync(join(ROOT, 'out'), { recursive: true })
  while (Date.now() < until) {
    for (const browser of browsers) {
      const worlds = Array.from({ length: BATCH }, (_, at) => randomWorld(seed + at))
      console.log(`${browser}: seeds ${seed} to ${seed + BATCH - 1}`)
      write(DRAWN, worlds.map(difference))
      for (const at of failedIn(browser)) {
        failures += 1
        const world = worlds[at]
        console.log(`FAILED seed ${seed + at} in ${browser}: ${JSON.stringify(world && difference(world))}`)
        if (add && world) commit([world])
      }
      seed += BATCH
    }
  }
  console.log(`${seed - first} worlds from seed ${first} on, ${failures} failed`)
  if (failures > 0) process.exitCode = 1
}

/** Plays the stories in the drawn worlds. Returns the indices of the worlds in which a story failed. */
function failedIn(browser: string): number[] {
  const args = ['--selectProjects', 'e2e', '--runInBand', '--json', '--outputFile', REPORT]
  const env = { ...process.env, SIGNOFF_WORLDS: DRAWN }
  const options = { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'ignore'] as ['ignore', 'ignore', 'ignore'] }
  spawnSync(JEST, [...args, '--testPathPatterns', `e2e/in-worlds.${browser}`], options)
  if (!existsSync(REPORT)) throw new Error('Jest left no report.')
  const { testResults } = JSON.parse(readFileSync(REPORT, 'utf8')) as Report
  for (const { message, assertionResults } of testResults) if (assertionResults.length === 0) throw new Error(message)
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  )
  return [...new Set(failed.flatMap((name) => /world (\d+)/.exec(name)?.[1] ?? []))].map((nth) => Number(nth) - 1)
}

/** The axes on which a world differs from the recorded world. */
function difference(world: World): Partial<World> {
  return Object.fromEntries(
    AXIS_NAMES.filter((name) => world[name] !== RECORDED[name]).map((name) => [name, world[name]]),
  )
}

/** Adds worlds to the committed set. */
function commit(worlds: readonly World[]): void {
  const known = JSON.parse(readFileSync(COMMITTED, 'utf8')) as object[]
  write(COMMITTED, [...known, ...worlds.map(difference)])
}

function write(file: string, worlds: readonly object[]): void {
  writeFileSync(file, `[\n${worlds.map((world) => `  ${JSON.stringify(world)}`).join(',\n')}\n]\n`)
}
