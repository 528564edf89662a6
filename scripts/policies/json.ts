const WIDTH = 120

/**
 * JSON that is easy to read: a value that fits on one line gets
 * one, and an object with a single key shares its value's lines.
 */
export function json(value: unknown): string {
  return `${broken(value, '', 0)}\n`
}

/** @param column how many characters precede the value on its line */
function broken(value: unknown, indent: string, column: number): string {
  if (Array.isArray(value)) return block('[]', indent, value.map((item) => ['', item]))
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, item]) => [`${JSON.stringify(key)}: `, item] as const)
  const [only] = members
  if (only === undefined || members.length > 1 || !isObject(only[1])) return block('{}', indent, members)
  const [key, inner] = only
  return `{ ${key}${fitting(inner, indent, column + key.length + 2)} }`
}

function block(signs: '{}' | '[]', indent: string, members: readonly (readonly [string, unknown])[]): string {
  const inner = `${indent}  `
  const lines = members.map(([key, item]) => `${inner}${key}${fitting(item, inner, inner.length + key.length)}`)
  return lines.length === 0 ? signs : `${signs.charAt(0)}\n${lines.join(',\n')}\n${indent}${signs.charAt(1)}`
}

function fitting(value: unknown, indent: string, column: number): string {
  const line = flat(value)
  return column + line.length < WIDTH ? line : broken(value, indent, column)
}

function flat(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${flat(item)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
