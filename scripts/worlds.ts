/**
 * Plays stories in worlds of the stand-in instance. `npm run worlds -- --seed N --minutes M` draws random worlds,
 * beginning with that seed, and prints seed and world of each failure, which joins the committed set. Other options play or
 * write that set.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RECORDED, WORST } from '../test/instance/world/axes'
import { committedWorlds, worldsIn } from '../test/e2e/worlds/committed'
import { FIELD_WORLDS } from '../test/e2e/worlds/field-worlds'
import { coveringWorlds, randomWorld } from '../test/instance/world/covering'
import { difference, joinSet, writeWorlds } from './worlds/joining'
import { optionsOf, USAGE, type WorldsOptions } from './worlds/options'

const ROOT = join(__dirname, '..')
const JEST = join(ROOT, 'node_modules/.bin/jest')
const COMMITTED = join(ROOT, 'test/e2e/worlds/worlds.json')
const DRAWN = join(ROOT, 'out/worlds.json')
const REPORT = join(ROOT, 'out/jest-worlds.json')
/** How many worlds are played before the browser is started again. */
const BATCH = 12

interface Report {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

main()

function main(): void {
  const args = process.argv.slice(2)
  const options = optionsOf(args)
  if (options === null) {
    console.log(USAGE)
    process.exitCode = args.includes('--help') ? 0 : 2
    return
  }
  switch (options.play) {
    case 'cover': {
      const there = [RECORDED, WORST, ...worldsIn(COMMITTED).map(({ world }) => world)]
      joinSet(COMMITTED, coveringWorlds(there, options.seed), [])
      return
    }
    case 'committed':
      playCommitted()
      return
    case 'field':
      playField(options.browsers)
      return
    case 'random':
      explore(options)
  }
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

function explore({ seed: first, minutes, browsers, joins }: WorldsOptions): void {
  const until = Date.now() + minutes * 60_000
  const others = committedWorlds().map(({ world }) => world)
  let seed = first
  let failures = 0
  mkdirSync(join(ROOT, 'out'), { recursive: true })
  while (Date.now() < until) {
    for (const browser of browsers) {
      const worlds = Array.from({ length: BATCH }, (_, at) => randomWorld(seed + at))
      console.log(`${browser}: seeds ${seed} to ${seed + BATCH - 1}`)
      writeWorlds(DRAWN, worlds)
      const failed = failedIn(browser)
      failures += failed.size
      // What fails in all of them alike, as a browser that does not start, is not the worlds' doing.
      const isCommon = failed.size === BATCH && new Set(failed.values()).size === 1
      for (const [at, why] of failed) {
        const world = worlds[at]
        console.log(`FAILED seed ${seed + at} in ${browser}: ${JSON.stringify(world && difference(world))}\n  ${why}`)
        if (joins && world && !isCommon) joinSet(COMMITTED, [world], others)
      }
      seed += BATCH
    }
  }
  console.log(`${seed - first} worlds from seed ${first} on, ${failures} failed`)
  if (failures > 0) process.exitCode = 1
}

/** Plays the stories in the drawn worlds. Returns the indices of the worlds in which a story failed, and the first line of why. */
function failedIn(browser: string): Map<number, string> {
  const args = ['--selectProjects', 'e2e', '--runInBand', '--json', '--outputFile', REPORT]
  const env = { ...process.env, SIGNOFF_WORLDS: DRAWN }
  const options = { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'ignore'] as ['ignore', 'ignore', 'ignore'] }
  spawnSync(JEST, [...args, '--testPathPatterns', `e2e/in-worlds.${browser}`], options)
  if (!existsSync(REPORT)) throw new Error('Jest left no report.')
  const { testResults } = JSON.parse(readFileSync(REPORT, 'utf8')) as Report
  for (const { message, assertionResults } of testResults) if (assertionResults.length === 0) throw new Error(message)
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  )
  return new Map(
    failed.flatMap(({ fullName, failureMessages: [why = ''] }) => {
      const nth = /world (\d+)/.exec(fullName)?.[1]
      return nth === undefined ? [] : [[Number(nth) - 1, why.split('\n')[0] ?? '']]
    }),
  )
}
