import type { SettingSpec } from '../../src/domain/setting-spec'
import { POLICY_SPECS } from '../../src/domain/policy'
import { wordsOf } from './words'

/** A property in the part of JSON schema that Chromium takes. */
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
 * What the browser learns about a policy: names, words and types. No `enum` and no limits: Chromium would withhold a value
 * outside of them without a word, and the options page could not say what is wrong with it. A schema that Chromium does not
 * understand makes the extension one that cannot be installed.
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
