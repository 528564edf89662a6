/** The kinds of what a page hands to Streams: never a value, except booleans. */
import { bag } from '../streams'

export interface Described {
  readonly name: string
  readonly kind: string
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (value === '') return 'empty'
  return typeof value === 'boolean' ? String(value) : typeof value
}

/** The parameters by name and kind, and those inside of the objects among them. */
export function describe(params: Readonly<Record<string, unknown>>, prefix = ''): Described[] {
  return Object.keys(params).flatMap((key) => {
    const value = params[key]
    const kind = kindOf(value)
    const inner = kind === 'object' && prefix === '' ? describe(bag(value), `${key}.`) : []
    return [{ name: prefix + key, kind }, ...inner]
  })
}

/** The form of the API's address; `other_origin` where it is not on the page's own. */
export function endpointForm(endpoint: unknown, origin: string): string {
  if (typeof endpoint !== 'string' || endpoint === '') return 'missing'
  const isAbsolute = /^(https?:)?\/\//i.test(endpoint)
  if (!isAbsolute && endpoint.startsWith('/')) return 'path'
  try {
    const url = new URL(isAbsolute ? endpoint : `https://${endpoint}`, origin)
    if (url.origin !== origin) return 'other_origin'
  } catch {
    return 'other_origin'
  }
  return isAbsolute ? 'absolute' : 'no-scheme'
}

/** The form in which the page gives the expiry of its token. */
export function expirationForm(value: unknown): string {
  if (typeof value === 'number' || value instanceof Date) return 'number'
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? 'iso' : 'missing'
}
