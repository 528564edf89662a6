/** What each measured value means for the extension's promise. */
import type { FieldAxis, FieldValue } from './axes'
import { FIELD_AXIS_NAMES, NEEDS_CONTACT } from './axes'
import { measuredWorld } from './measure'
import type { Cause, Outcome } from '../log-entry'
import type { CloseKind, CloseRecord, Observed } from './observations'

export type FieldVerdict = 'pass' | 'fail' | 'not_tried'

/** The explanation that is shown for a value. `fine`: the promise holds without restriction. */
export type Meaning =
  | 'fine'
  | 'untried'
  | 'needs_contact'
  | 'late'
  | 'lost_puts'
  | 'young_tokens'
  | 'global_gone'
  | 'no_endpoint'
  | 'pushed'
  | 'no_unload'
  | 'extension_refused'
  | 'other_value'

export interface AxisVerdict {
  readonly axis: FieldAxis
  readonly value: FieldValue | null
  readonly verdict: FieldVerdict
  readonly meaning: Meaning
}

/** The values that weaken the promise, or that administrators should know about. All others are `fine`. */
const MEANINGS: { readonly [A in FieldAxis]?: { readonly [V in FieldValue<A>]?: readonly [FieldVerdict, Meaning] } } = {
  showsAfterMs: { '3000': ['pass', 'late'] },
  puts: { 'first-lost': ['fail', 'lost_puts'] },
  freshTokens: { '401-first': ['pass', 'young_tokens'], '403-first': ['pass', 'young_tokens'] },
  connectGlobal: { gone: ['pass', 'global_gone'] },
  endpoint: { missing: ['pass', 'no_endpoint'] },
  polling: { websocket: ['pass', 'pushed'] },
  unload: { blocked: ['pass', 'no_unload'] },
  extensionOrigin: { refused: ['fail', 'extension_refused'] },
}

/** A verdict for each axis, in the order of the axes. */
export function verdictsOf(observed: Observed): AxisVerdict[] {
  const world = measuredWorld(observed)
  return FIELD_AXIS_NAMES.map((axis) => {
    const value = world[axis] ?? null
    if (value !== null) {
      const known = MEANINGS[axis] as Readonly<Record<string, readonly [FieldVerdict, Meaning]>> | undefined
      const [verdict, meaning] = known?.[value] ?? (['pass', 'fine'] as const)
      return { axis, value, verdict, meaning }
    }
    if (NEEDS_CONTACT.includes(axis)) return { axis, value, verdict: 'not_tried', meaning: 'needs_contact' }
    const isOther = hasOtherValue(axis, observed)
    return { axis, value, verdict: isOther ? 'fail' : 'not_tried', meaning: isOther ? 'other_value' : 'untried' }
  })
}

/** Whether something was measured that is not one of the axis' values. */
function hasOtherValue(axis: FieldAxis, { page }: Observed): boolean {
  if (axis === 'endpoint') return page?.endpoint === 'other_origin'
  return axis === 'http' && page !== null && page.protocol !== null && page.protocol !== ''
}

/**
 * Whether a person's close kept the promise according to the instance: Offline, or after a reload Available again. The
 * close counts as not tried where the instance could not be asked, or the CCP was closed in another way.
 */
export function closeVerdict({ kind, outcome, cause, shown }: CloseRecord): {
  readonly verdict: FieldVerdict
  /** Whether the log entry, if there is one, does not contradict the instance. */
  readonly agrees: boolean
} {
  const wanted = kind === 'reload' ? 'routable' : 'offline'
  const isTried = shown !== null && !isOtherWay({ kind, cause })
  const said = outcome === null ? null : SAYS[outcome]
  return {
    verdict: isTried ? (shown === wanted ? 'pass' : 'fail') : 'not_tried',
    agrees: kind === 'reload' || shown === null || said === null || said === (shown === 'offline'),
  }
}

/** Whether an outcome in the log states that the agent is Offline; null where it states nothing about that. */
const SAYS: Readonly<Record<Outcome, boolean | null>> = {
  confirmed: true,
  accepted: true,
  failed: false,
  left_available: false,
  unconfirmed: null,
  not_needed: null,
  unprotected: null,
}

/** The causes that the log may name for each kind of close, besides `unknown`. */
const CAUSES: Readonly<Record<CloseKind, readonly Cause[]>> = {
  tab: ['tab_closed', 'window_closed'],
  last_window: ['window_closed', 'tab_closed', 'browser_ended'],
  reload: ['reloaded'],
  log_out: ['logged_out'],
  kill: ['browser_ended'],
}

/** Whether the CCP was closed in another way than requested, according to the log. */
export function isOtherWay({ kind, cause }: Pick<CloseRecord, 'kind' | 'cause'>): boolean {
  return cause !== null && cause !== 'unknown' && !CAUSES[kind].includes(cause)
}
