import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from './axes'
import { isFieldCheck, readWorld } from './read-world'

/** The folder for the field-check files that customers have sent. */
export const FIELD_FOLDER = join(__dirname, 'field')

export interface MeasuredWorld {
  /** The file's name. */
  readonly name: string
  readonly world: World
}

/** What the file of a field check must not contain: ARNs, addresses and ids. */
const NAMES_SOMEBODY = /arn:|https?:|@|[0-9a-f]{8}-[0-9a-f]{4}/i

/**
 * The worlds measured on live instances: one for each file in the folder, sorted by file name.
 * @throws Error that names the file, where it is not the file of a field check, has no valid world, or identifies
 * somebody.
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
