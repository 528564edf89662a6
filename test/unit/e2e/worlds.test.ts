import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CANNOT_HOLD, holdsIn } from '../../e2e/worlds/cannot-hold'
import { committedWorlds, worldsInTurn } from '../../e2e/worlds/committed'
import { FIELD_WORLDS, fieldWorlds } from '../../e2e/worlds/field-worlds'
import { keptInWords, PLAYED, REASONS, worldOfStories } from '../../e2e/worlds/story-worlds'
import type { BrowserName } from '../../browser'
import { NEEDS_CONTACT } from '../../../src/domain/field-check/axes'
import { AXIS_NAMES, RECORDED, valuesOf, WORST } from '../../instance/world/axes'
import { allPairs, coveringWorlds, pairsOf, randomWorld } from '../../instance/world/covering'

it('the worlds of the suite cover every pair of values', () => {
  const missing = allPairs()
  for (const { world } of committedWorlds()) for (const pair of pairsOf(world)) missing.delete(pair)
  expect([...missing]).toEqual([])
})

const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox']
const E2E = join(__dirname, '../../e2e')
/** These files choose their own worlds. */
const OWN_WORLDS = ['in-worlds', 'field-check', 'field-closes']

/** The names of the files of stories that a browser plays. */
function storiesIn(browser: BrowserName): string[] {
  const end = `.${browser}.test.ts`
  const files = readdirSync(E2E).filter((file) => file.endsWith(end))
  return files.map((file) => file.slice(0, -end.length)).filter((stories) => !OWN_WORLDS.includes(stories))
}

/** The names in a list of a script, which no test can import. */
function listIn(file: string, name: string): string[] {
  const script = readFileSync(join(__dirname, '../../..', file), 'utf8')
  const list = new RegExp(`const ${name} = \\[([^\\]]*)\\]`).exec(script)?.[1] ?? ''
  return [...list.matchAll(/'([\w-]+)'/g)].flatMap(([, story]) => story ?? [])
}

test.each([
  ['scripts/test.mjs', 'CHROMIUM_ALONE'],
  ['scripts/test.mjs', 'FULL_ALONE'],
  ['test/e2e/longest-first.mjs', 'LONGEST'],
])('%s names stories that exist in %s, each once', (file, name) => {
  const named = listIn(file, name)
  expect(named.length).toBeGreaterThan(0)
  expect(new Set(named).size).toBe(named.length)
  expect([...storiesIn('chromium'), ...OWN_WORLDS]).toEqual(expect.arrayContaining(named))
})

it('each file of stories that the suite plays has a committed world, in each browser', () => {
  const alone = listIn('scripts/test.mjs', 'CHROMIUM_ALONE')
  expect(alone).toContain('in-worlds')
  const played = {
    chromium: storiesIn('chromium'),
    firefox: storiesIn('firefox').filter((one) => !alone.includes(one)),
  }
  for (const browser of BROWSERS) {
    const withWorld = Object.keys(PLAYED).filter((stories) => PLAYED[stories]?.in[browser] !== undefined)
    expect(withWorld).toEqual(expect.arrayContaining(played[browser]))
    expect(storiesIn(browser)).toEqual(expect.arrayContaining(withWorld))
  }
})

it('a story is played in its world except for the axes that it keeps, and in the recorded world if it has none', () => {
  for (const [stories, { in: worlds, keeps }] of Object.entries(PLAYED)) {
    for (const [browser, name] of Object.entries(worlds)) {
      const world = worldOfStories(stories, browser as BrowserName)
      const whole = committedWorlds().find((one) => one.name === name)?.world
      for (const axis of AXIS_NAMES) expect(world[axis]).toBe(axis in keeps ? RECORDED[axis] : whole?.[axis])
      if (name !== 'recorded') expect(world).not.toEqual(RECORDED)
    }
  }
  expect(worldOfStories('languages', 'firefox')).toEqual(RECORDED)
})

it('the stories that Chromium plays cover every pair of values as they are played', () => {
  const worlds = storiesIn('chromium').map((stories) => worldOfStories(stories, 'chromium'))
  const missing = allPairs()
  for (const world of [...worlds, ...worldsInTurn('chromium').map((one) => one.world)]) {
    for (const pair of pairsOf(world)) missing.delete(pair)
  }
  expect([...missing]).toEqual([])
})

it.each(AXIS_NAMES)('the stories that Chromium plays have each value of %s', (axis) => {
  const played = new Set(storiesIn('chromium').map((stories) => worldOfStories(stories, 'chromium')[axis]))
  expect([...played].sort()).toEqual(valuesOf(axis).sort())
})

it.each(['reload', 'stays'])(
  'in the snapshots of %s an Available agent’s state has no ARN to be restored by',
  (stories) => {
    expect(worldOfStories(stories, 'chromium').stateArns).not.toBe('all')
  },
)

it('each world is needed, or was found by exploring', () => {
  const worlds = committedWorlds().map(({ world }) => JSON.stringify(world))
  expect(new Set(worlds).size).toBe(worlds.length)
})

it('the same seed gives the same worlds', () => {
  expect(randomWorld(7)).toEqual(randomWorld(7))
  expect(randomWorld(7)).not.toEqual(randomWorld(8))
  expect(coveringWorlds([RECORDED, WORST], 1)).toEqual(coveringWorlds([RECORDED, WORST], 1))
})

const limits = readFileSync(join(__dirname, '../../../docs/limits.md'), 'utf8').replace(/\s+/g, ' ')

it('the limits list what stories need as recorded, with the reason and the stories’ names', () => {
  expect(Object.keys(REASONS).filter((reason) => !keptInWords().some(({ because }) => because === reason))).toEqual([])
  for (const { text } of keptInWords()) expect(limits).toContain(text)
})

it('the limits list what cannot hold in a world, with the reason', () => {
  for (const { because, where, story } of CANNOT_HOLD) {
    expect(limits).toContain(because)
    expect(holdsIn(story, { ...RECORDED, ...where })).toBe(false)
    expect(holdsIn(story, RECORDED)).toBe(true)
  }
})

it.each(['chromium', 'firefox'] as const)(
  'the field check covers each value of each axis with ten worlds in %s',
  (browser) => {
    const worlds = fieldWorlds(browser)
    expect(new Set(worlds.map((world) => JSON.stringify(world))).size).toBe(FIELD_WORLDS)
    for (const axis of AXIS_NAMES) {
      const played = [...new Set(worlds.map((world) => world[axis]))].sort()
      expect([axis, played]).toEqual([axis, NEEDS_CONTACT.includes(axis) ? [RECORDED[axis]] : valuesOf(axis).sort()])
    }
  },
)
