import { writeFileSync } from 'node:fs'
import { worldsIn } from '../../test/e2e/worlds/committed'
import { AXIS_NAMES, RECORDED, type World } from '../../test/instance/world/axes'

/** The axes on which a world differs from the recorded world. */
export function difference(world: World): Partial<World> {
  return Object.fromEntries(
    AXIS_NAMES.filter((name) => world[name] !== RECORDED[name]).map((name) => [name, world[name]]),
  )
}

export function writeWorlds(file: string, worlds: readonly World[]): void {
  writeFileSync(file, `[\n${worlds.map((world) => `  ${JSON.stringify(difference(world))}`).join(',\n')}\n]\n`)
}

/**
 * Adds worlds to the set in a file.
 * @param others worlds that are played besides, and need not be in it.
 */
export function joinSet(file: string, worlds: readonly World[], others: readonly World[]): void {
  const set = worldsIn(file).map(({ world }) => world)
  const known = new Set([...others, ...set].map((world) => JSON.stringify(difference(world))))
  for (const world of worlds) {
    const name = JSON.stringify(difference(world))
    if (known.has(name)) continue
    known.add(name)
    set.push(world)
  }
  writeWorlds(file, set)
}
