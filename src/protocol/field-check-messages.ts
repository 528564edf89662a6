/**
 * The field check across borders: what the probe in a CCP says, and what the options page asks and is told. The probe speaks
 * from the page's own world: the page can forge all of it.
 */
import * as v from 'valibot'
import type { FieldCheck } from '../domain/field-check/check'
import type { FieldCheckFile } from '../domain/field-check/field-check-file'
import type { Refusal } from '../domain/field-check/admission'
import { PARTS } from '../domain/field-check/steps'
import type { PageFindings } from '../domain/field-check/observations'
import { id } from './shapes'

/** A name in code: no address, no text and no number is one. */
const codeName = v.pipe(v.string(), v.regex(/^(?!.*\d{4})[A-Za-z_$][\w$.]{0,79}$/))
const members = v.pipe(
  v.array(v.fallback(codeName, '[other]')),
  v.transform((list) => list.slice(0, 1_000)),
)
const orNull = <const T extends readonly string[]>(values: T) => v.fallback(v.nullable(v.picklist(values)), null)

const KINDS = [
  'string',
  'empty',
  'number',
  'true',
  'false',
  'null',
  'undefined',
  'array',
  'object',
  'function',
] as const

/** What the probe says: the members are not compared with the public ones yet. */
type ProbeFindings = Omit<PageFindings, 'unknownMembers'> & {
  readonly members: readonly string[]
  readonly coreMembers: readonly string[]
}

/** Each part is taken by itself: one that is not as it should be is left out. */
export const probeFindingsSchema: v.GenericSchema<unknown, ProbeFindings> = v.object({
  globals: v.fallback(v.array(v.picklist(['connect', 'lily'])), []),
  members: v.fallback(members, []),
  coreMembers: v.fallback(members, []),
  throwingMembers: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  streamsVersion: v.fallback(v.nullable(v.pipe(v.string(), v.regex(/^\d{1,5}(\.\d{1,5}){0,3}$/))), null),
  parameters: v.fallback(
    v.nullable(
      v.pipe(
        v.array(v.object({ name: v.fallback(codeName, '[other]'), kind: v.picklist(KINDS) })),
        v.transform((list) => list.slice(0, 80)),
      ),
    ),
    null,
  ),
  endpoint: orNull(['absolute', 'path', 'no-scheme', 'missing', 'other_origin']),
  expiration: orNull(['number', 'iso', 'missing']),
  pushes: v.fallback(v.boolean(), false),
  protocol: v.fallback(v.nullable(v.pipe(v.string(), v.regex(/^[a-z0-9./-]{0,12}$/))), null),
  unloadAllowed: v.fallback(v.nullable(v.boolean()), null),
})

export const FIELD_CHECK_ACTS = ['look', ...PARTS, 'stop', 'forget'] as const

/** What the options page asks: to look, to begin a part for a document's agent, to stop, or to forget what was found. */
export const fieldCheckRequest = v.strictObject({
  kind: v.literal('ui'),
  type: v.literal('field_check'),
  act: v.picklist(FIELD_CHECK_ACTS),
  docId: v.exactOptional(id),
  /** A person has confirmed that the agent is a test agent. */
  isConfirmed: v.exactOptional(v.boolean()),
})
export type FieldCheckRequest = v.InferOutput<typeof fieldCheckRequest>

/** An agent of an open CCP, and why the check may not be run for them; null where it may. */
export interface FieldCandidate {
  readonly docId: string
  readonly instance: string
  readonly name: string
  readonly refusal: Refusal | null
}

export interface FieldCheckView {
  /** `off`: policy has to name test agents; `confirm`: a person has to confirm; `named`: policy names them. */
  readonly access: 'off' | 'confirm' | 'named'
  readonly candidates: readonly FieldCandidate[]
  /** Why the last request was refused; null where it was not. */
  readonly refusal: Refusal | null
  /** The check that runs, or the last one; without the status that is to be restored, which has a name. */
  readonly check: (Omit<FieldCheck, 'original'> & { readonly isRestoreDue: boolean }) | null
  readonly file: FieldCheckFile | null
}

/** The port of a page that shows the check: with its end nobody can press Stop. */
export const FIELD_CHECK_PORT = 'field-check'
