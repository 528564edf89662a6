/** What a stored digest must have. One that is damaged, or of another version, is made again from its entries. */
import * as v from 'valibot'
import type { Facet, LogDigest } from '../domain/log-digest'
import { FACET_NAMES } from '../domain/log-digest'
import { storedEntrySchema } from './stored-shapes'

/** The fields of each facet that an entry must have. */
const VALUES: { readonly [F in Facet]: v.GenericSchema } = {
  agent: v.pick(storedEntrySchema, ['instance', 'agentName', 'username']),
  instance: v.pick(storedEntrySchema, ['instance']),
  machine: v.looseObject({}),
  state: v.pick(storedEntrySchema, ['stateBefore', 'outcome']),
  result: v.pick(storedEntrySchema, ['outcome', 'evidence']),
  cause: v.pick(storedEntrySchema, ['cause']),
  error: v.pick(storedEntrySchema, ['error']),
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isTime = (value: unknown): boolean => value === null || typeof value === 'number'

/** Whether a digest has all of its columns, each as long as the others. By hand: a long log has a million of their items. */
export function isDigest(value: unknown): value is LogDigest {
  if (!isObject(value) || !isObject(value['facets'])) return false
  const { ids, times, took, exposures, facets } = value
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) return false
  const isColumn = (items: unknown): items is readonly unknown[] => Array.isArray(items) && items.length === ids.length
  return (
    [times, took, exposures].every((items) => isColumn(items) && items.every(isTime)) &&
    FACET_NAMES.every((name) => {
      const facet = facets[name]
      if (!isObject(facet) || !isColumn(facet['places'])) return false
      const { values, places } = facet
      return v.is(v.array(VALUES[name]), values) && places.every((place) => hasPlace(values, place))
    })
  )
}

const hasPlace = (values: readonly unknown[], place: unknown): boolean => typeof place === 'number' && place in values
