/** The kinds of settings, and what values each kind takes. */
import { isAttribute, isEndpoint, isHeader } from './fleet/endpoint'

export interface ChoiceSpec<T extends string> {
  readonly kind: 'choice'
  readonly default: T
  readonly choices: readonly T[]
}
export interface SwitchSpec {
  readonly kind: 'switch'
  readonly default: boolean
}
export interface NumberSpec {
  readonly kind: 'number'
  readonly default: number
  readonly min: number
  readonly max: number
}
export interface ListSpec {
  readonly kind: 'list'
  readonly default: readonly string[]
  /** What an item may be; null: any text. */
  readonly items: readonly string[] | null
  /** What an item must look like. */
  readonly format?: 'header' | 'attribute'
  /** Not to be shown, exported or passed on. */
  readonly secret?: true
}
export interface TextSpec {
  readonly kind: 'text'
  readonly default: string
  /** The form of the text; it may be empty. */
  readonly format?: 'endpoint'
  readonly secret?: true
}
export type SettingSpec = ChoiceSpec<string> | SwitchSpec | NumberSpec | ListSpec | TextSpec
export type SettingValue = string | number | boolean | readonly string[]

/** More names than any organization has of states, profiles or instances: a longer list is refused as a whole. */
const MAX_NAMES = 10_000
/** Each goes with every request. */
const MAX_PAIRS = 200
const MAX_TEXT = 256
/** Keys of collectors may be long. */
const MAX_SECRET = 4_096

/** The values that a setting takes, as text for a person. */
export function allowedValues(spec: SettingSpec): string {
  switch (spec.kind) {
    case 'choice':
      return spec.choices.join(' | ')
    case 'switch':
      return 'true | false'
    case 'number':
      return `${spec.min}..${spec.max}`
    case 'list':
      if (spec.items !== null) return `a list of ${spec.items.join(' | ')}`
      return spec.format === undefined ? 'a list of texts' : `a list of ${PAIRS[spec.format]}`
    case 'text':
      return spec.format === undefined ? 'a text' : 'an https address, or http of localhost'
  }
}

const PAIRS = { header: 'Name=value', attribute: 'key=value' } as const

/** How many items a list may have. */
export function maxItems({ format }: ListSpec): number {
  return format === undefined ? MAX_NAMES : MAX_PAIRS
}

/** How long a text of the setting may be. */
export function maxLength(spec: ListSpec | TextSpec): number {
  return spec.secret === true ? MAX_SECRET : MAX_TEXT
}

/** Whether a setting takes a value of unknown type. */
export function isAllowed(spec: SettingSpec, value: unknown): boolean {
  switch (spec.kind) {
    case 'choice':
      return typeof value === 'string' && spec.choices.includes(value)
    case 'switch':
      return typeof value === 'boolean'
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) && value >= spec.min && value <= spec.max
    case 'list':
      return Array.isArray(value) && value.length <= maxItems(spec) && value.every((item) => isItem(spec, item))
    case 'text':
      if (typeof value !== 'string' || value.length > maxLength(spec)) return false
      return spec.format === undefined || isEndpoint(value)
  }
}

function isItem(spec: ListSpec, item: unknown): boolean {
  if (typeof item !== 'string' || item.trim() === '' || item.length > maxLength(spec)) return false
  if (spec.format === 'header') return isHeader(item)
  if (spec.format === 'attribute') return isAttribute(item)
  return spec.items === null || spec.items.includes(item)
}
