/**
 * The uncertainties about Amazon Connect, which the field check measures, as axes with values. The stand-in instance of
 * the tests has the same axes (`test/instance/world/axes.ts`; a test keeps the two equal), so that it can play what was
 * measured on a live instance.
 */
export const FIELD_AXES = {
  startTimes: ['moving', 'fixed'],
  availability: ['told', 'missing'],
  stateArns: ['offline-only', 'none', 'all'],
  listedStarts: ['null', 'set'],
  showsAfterMs: ['0', '300', '1200', '3000'],
  puts: ['applied', 'first-lost'],
  freshTokens: ['taken', '401-first', '403-first'],
  endpoint: ['absolute', 'path', 'no-scheme', 'missing'],
  expiration: ['number', 'iso', 'missing'],
  connectGlobal: ['there', 'gone', 'more-members'],
  polling: ['long-poll', 'websocket'],
  http: ['http/1.1', 'h2'],
  unload: ['runs', 'blocked'],
  extensionOrigin: ['accepted', 'refused'],
  nulls: ['explicit', 'omitted'],
  unknownFields: ['none', 'some'],
  contactStates: ['recorded', 'busy'],
  workType: ['system', 'not_routable', 'after_call_work'],
} as const

export type FieldAxis = keyof typeof FIELD_AXES
export type FieldValue<A extends FieldAxis = FieldAxis> = (typeof FIELD_AXES)[A][number]

export const FIELD_AXIS_NAMES = Object.keys(FIELD_AXES) as FieldAxis[]

/** The measured values. Axes that could not be measured are missing. */
export type MeasuredWorld = { readonly [A in FieldAxis]?: FieldValue<A> }

/** The axes that only a contact would show. The check stops at the first contact, so it never measures them. */
export const NEEDS_CONTACT: readonly FieldAxis[] = ['contactStates', 'workType']
