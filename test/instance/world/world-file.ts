import { existsSync, readFileSync } from 'node:fs'
import { isWorldName, namedWorld, readWorld } from './read-world'
import type { World } from './axes'

/**
 * The world on a command line: by name (`recorded`, `worst`), by the file of a world, or by a file that has a world
 * under `world`, such as the file of a field check.
 * @throws Error for people, where there is no such name or file, or the file has no valid world.
 */
export function worldFor(nameOrFile: string): World {
  if (isWorldName(nameOrFile) || !existsSync(nameOrFile)) return namedWorld(nameOrFile)
  try {
    return readWorld(worldIn(JSON.parse(readFileSync(nameOrFile, 'utf8')) as unknown))
  } catch (error) {
    throw new Error(`${nameOrFile}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function worldIn(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'world' in json ? json.world : json
}
