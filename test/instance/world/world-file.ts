import { existsSync, readFileSync } from 'node:fs'
import { isWorldName, namedWorld, readWorld } from './read-world'
import type { World } from './axes'

/**
 * The world that a command line asks for: by name (`recorded`, `worst`), by a file of a world, or by a file that has one
 * under `world`, as that of a field check has.
 * @throws Error with words for people, where there is neither, or the file has no world.
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
