import type { SettingSpec } from '../../src/domain/setting-spec'
import { POLICY_SPECS } from '../../src/domain/policy'
import { wordsOf } from './words'

/** A property, in the subset of JSON schema that Chromium accepts. */
export interface SchemaProperty {
  readonly title?: string
  readonly description?: string
  readonly type: 'string' | 'boolean' | 'integer' | 'array'
  readonly items?: { readonly type: 'string' }
}

export interface ManagedSchema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, SchemaProperty>>
}

/**
 * The managed schema: names, texts and types of the policy's keys. It has no `enum` and no limits, because Chromium
 * would silently drop a value outside them, and the options page could not say what is wrong with it. Chromium does not
 * install an extension whose schema it does not understand.
 */
export function managedSchema(): ManagedSchema {
  const properties = Object.entries(POLICY_SPECS).map(([key, spec]) => {
    const { title, lines } = wordsOf(key)
    return [key, { title, description: lines.join(' '), ...typeOf(spec) }] as const
  })
  return { type: 'object', properties: Object.fromEntries(properties) }
}

function typeOf(spec: SettingSpec): SchemaProperty {
  switch (spec.kind) {
    case 'choice':
    case 'text':
      return { type: 'string' }
    case 'switch':
      return { type: 'boolean' }
    case 'number':
      return { type: 'integer' }
    case 'list':
      return { type: 'array', items: { type: 'string' } }
  }
}
