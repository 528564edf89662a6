import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserName } from '../../browser'
import { RECORDED, type World, WORST } from '../../instance/world/axes'
import { measuredWorlds } from '../../instance/world/measured-worlds'
import { readWorld } from '../../instance/world/read-world'

/** A file of worlds, each with its differences from the recorded one. */
const FILE = join(__dirname, 'worlds.json')

/** A named world in which stories are played. */
export interface NamedWorld {
  readonly name: string
  readonly world: World
}

/** Reads a file of worlds. Throws a readable error if an entry is not a world. */
export function worldsIn(file: string): NamedWorld[] {
  const all: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!Array.isArray(all)) throw new Error(`${file} has no list of worlds.`)
  return all.map((json: unknown, at) => ({ name: `world ${at + 1}`, world: readWorld(json) }))
}

/**
 * The worlds of the suite: the recorded one, the worst one, those that cover every other pair of values, and those
 * measured on live instances.
 */
export function committedWorlds(): NamedWorld[] {
  return [
    { name: 'recorded', world: RECORDED },
    { name: 'worst', world: WORST },
    ...worldsIn(FILE),
    ...measuredWorlds(),
  ]
}

const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox']

/**
 * The committed worlds that a browser plays side by side; browsers take turns, so that together they cover every pair
 * of values.
 */
export function worldsInTurn(browser: BrowserName): NamedWorld[] {
  return committedWorlds().filter((_, at) => at % BROWSERS.length === BROWSERS.indexOf(browser))
}
