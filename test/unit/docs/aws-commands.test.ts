import * as sdk from '@aws-sdk/client-connect'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The AWS CLI commands in the guide of the field check, each on one line. */
const TEXT = readFileSync(join(__dirname, '../../../docs/field-check.md'), 'utf8').replaceAll('\\\n', ' ')
const COMMANDS = [...TEXT.matchAll(/aws connect ([a-z-]+)((?: +--[^\n]*)?)/g)].map(([, name = '', rest = '']) => ({
  name,
  options: [...rest.matchAll(/ --([a-z-]+)/g)].map(([, option = '']) => option),
  query: / --query (?:'([^']*)'|"([^"]*)")/.exec(rest)?.slice(1).join('') ?? '',
  filters: / --filters "(\w+)=/.exec(rest)?.[1],
}))

const pascal = (name: string): string => name.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase())
const dashed = (name: string): string => name.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase()
const OF_THE_CLI = ['query', 'output']

/**
 * Part of the model that the SDK is generated from: in a structure, the fifth place has the members' names, the sixth
 * their types.
 */
type Schema = readonly [number, string, string, unknown, readonly string[], readonly unknown[]]
const isStructure = (value: unknown): value is Schema => Array.isArray(value) && value[0] === 3
const exported = sdk as unknown as Readonly<Record<string, unknown>>
/** The input (4) or output (5) of an operation. */
function shapeOf(operation: string, place: 4 | 5): Schema {
  const model = exported[`${operation}$`] as readonly unknown[]
  const shape = model[place]
  const found = typeof shape === 'function' ? (shape as () => unknown)() : shape
  if (!isStructure(found)) throw new Error(`${operation} has no such structure`)
  return found
}

/** The names of all members within a structure. */
function membersIn(value: unknown, seen = new Set<unknown>()): string[] {
  const schema = typeof value === 'function' ? (value as () => unknown)() : value
  if (!Array.isArray(schema) || seen.has(schema)) return []
  seen.add(schema)
  if (!isStructure(schema)) return schema.flatMap((part) => membersIn(part, seen))
  return [...schema[4], ...schema[5].flatMap((part) => membersIn(part, seen))]
}

it('the guide contains the commands that its questions need', () => {
  expect([...new Set(COMMANDS.map(({ name }) => name))].sort()).toEqual([
    'get-current-user-data',
    'list-agent-statuses',
    'list-instances',
    'list-users',
    'put-user-status',
  ])
})

it.each(COMMANDS)(
  'aws connect $name has these options, and returns these fields',
  ({ name, options, query, filters }) => {
    const operation = pascal(name)
    const takes = shapeOf(operation, 4)
    for (const option of options) expect([...takes[4].map((each) => dashed(each)), ...OF_THE_CLI]).toContain(option)
    for (const needed of ['InstanceId', 'Filters', 'UserId', 'AgentStatusId'])
      if (takes[4].includes(needed)) expect(options).toContain(dashed(needed))
    if (filters !== undefined) expect(membersIn(takes)).toContain(filters)
    const fields = [...query.replaceAll(/'[^']*'|`[^`]*`/g, '').matchAll(/[A-Z]\w+/g)].map(([field]) => field)
    const gives = membersIn(shapeOf(operation, 5))
    for (const field of fields) expect(gives).toContain(field)
  },
)
