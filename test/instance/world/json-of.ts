import type { World } from './axes'

/**
 * An answer as the world has JSON: with explicit nulls or without, and with fields that nobody knows or without.
 * @param answer made of plain objects, arrays and values; null where a field has no value.
 */
export function jsonOf(answer: unknown, world: World): unknown {
  if (Array.isArray(answer)) return answer.map((item) => jsonOf(item, world))
  if (typeof answer !== 'object' || answer === null) return answer
  const fields = Object.entries(answer)
    .filter(([, value]) => value !== undefined && (value !== null || world.nulls === 'explicit'))
    .map(([name, value]) => [name, MAPS.has(name) ? value : jsonOf(value, world)] as const)
  return { ...Object.fromEntries(fields), ...(world.unknownFields === 'some' && UNKNOWN) }
}

/** Their keys are data, not fields. */
const MAPS = new Set(['attributes', 'agentPreferences', 'channelConcurrencyMap', 'references'])

const UNKNOWN = { fieldOfTomorrow: { nested: [null, 1, 'text'] }, 'odd-name': null }
