import * as v from 'valibot'
import { AXES, AXIS_NAMES, RECORDED, valuesOf, WORST, type AxisName, type World } from './axes'

type AxisShapes = Record<AxisName, v.OptionalSchema<v.PicklistSchema<string[], undefined>, undefined>>

const shape = v.strictObject({
  $schema: v.optional(v.string()),
  ...(Object.fromEntries(AXIS_NAMES.map((name) => [name, v.optional(v.picklist(valuesOf(name)))])) as AxisShapes),
})

const NAMED: Readonly<Record<string, World>> = { recorded: RECORDED, worst: WORST }

/** Whether a world has this name. */
export const isWorldName = (name: string): boolean => Object.hasOwn(NAMED, name)

/** A world by its name. Throws where there is no such world. */
export function namedWorld(name: string): World {
  const world = isWorldName(name) ? NAMED[name] : undefined
  if (world) return world
  throw new Error(`There is no world "${name}". The worlds are ${Object.keys(NAMED).join(', ')}.`)
}

/** The shape of a field check's file (`src/domain/field-check/field-check-file.ts`), of which the world is a part. */
const fieldCheckShape = v.looseObject({ format: v.literal('ccp-signoff-field-check'), world: v.optional(v.unknown()) })

/** Whether parsed JSON is the file of a field check. */
export const isFieldCheck = (json: unknown): json is { readonly world?: unknown } => v.is(fieldCheckShape, json)

/**
 * Reads a world from parsed JSON: an object with axes and their values, or the file of a field check. A missing axis
 * has its recorded value; `$schema` is ignored.
 * @throws Error that names each unknown axis and value.
 */
export function readWorld(json: unknown): World {
  return isFieldCheck(json) ? readAxes(json.world) : readAxes(json)
}

function readAxes(json: unknown): World {
  const axes = v.safeParse(v.record(v.string(), v.unknown()), json)
  if (!axes.success || Array.isArray(json)) throw new Error('A world is a JSON object.')
  const read = v.safeParse(shape, axes.output)
  if (read.success) {
    const told = AXIS_NAMES.map((name) => [name, read.output[name]] as const).filter(([, value]) => value !== undefined)
    return { ...RECORDED, ...(Object.fromEntries(told) as Partial<World>) }
  }
  const problems = read.issues.map((issue) => {
    const name = String(issue.path?.[0]?.key)
    const known = name in AXES ? `must be one of ${valuesOf(name as AxisName).join(', ')}` : 'is not an axis'
    return `${name} ${known}`
  })
  throw new Error(`This is not a world: ${problems.join('; ')}. Axes: ${AXIS_NAMES.join(', ')}.`)
}

/** The JSON Schema of a world's file. */
export function worldSchema(): object {
  const properties = AXIS_NAMES.map((name) => {
    const { about, recorded, values } = AXES[name]
    const meanings = Object.entries(values).map(([value, meaning]) => `${value}: ${meaning}`)
    const text = { description: `${about}. ${meanings.join('; ')}.`, enum: valuesOf(name), default: recorded }
    return [name, text] as const
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A world of the stand-in Amazon Connect instance',
    description: 'How the service may behave. A missing axis has its recorded value.',
    type: 'object',
    additionalProperties: false,
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
  }
}
