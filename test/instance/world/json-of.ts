import type { World } from './axes'

/**
 * Adapts an answer to the world: with or without explicit nulls, and with or without unknown fields.
 * @param answer plain JSON, with null where a field has no value
 */
export function jsonOf(answer: unknown, world: World): unknown {
  if (Array.isArray(answer)) return answer.map((item) => jsonOf(item, world))
  if (typeof answer !== 'object' || answer === null) return answer
  const fields = Object.entries(answer)
    .filter(([, value]) => value !== undefined && (value !== null || world.nulls === 'explicit'))
    .map(([name, value]) => [name, MAPS.has(name) ? value : jsonOf(value, world)] as const)
  return { ...Object.fromEntries(fields), ...(world.unknownFields === 'some' && UNKNOWN) }
}

/** Fields whose keys are data: no unknown fields are added to these objects. */
const MAPS = new Set(['attributes', 'agentPreferences', 'channelConcurrencyMap', 'references'])

const UNKNOWN = { fieldOfTomorrow: { nested: [null, 1, 'text'] }, 'odd-name': null }
