import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from './axes'
import { isFieldCheck, readWorld } from './read-world'

/** Where the files of field checks lie that were sent to us. */
export const FIELD_FOLDER = join(__dirname, 'field')

export interface MeasuredWorld {
  /** The file's name. */
  readonly name: string
  readonly world: World
}

/** What a field check's file never has: an ARN, an address, an id. */
const NAMES_SOMEBODY = /arn:|https?:|@|[0-9a-f]{8}-[0-9a-f]{4}/i

/**
 * The worlds that were measured on live instances: one for each file in the folder, in the order of their names.
 * @throws Error that names the file, where it is not that of a field check, has no world, or names somebody.
 */
export function measuredWorlds(folder = FIELD_FOLDER): MeasuredWorld[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.sort().map((name) => {
    try {
      const text = readFileSync(join(folder, name), 'utf8')
      if (NAMES_SOMEBODY.test(text)) throw new Error('It has an ARN, an address or an id.')
      const json: unknown = JSON.parse(text)
      if (!isFieldCheck(json)) throw new Error('This is not the file of a field check.')
      return { name, world: readWorld(json) }
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  })
}
