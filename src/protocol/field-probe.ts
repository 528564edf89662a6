/** The names by which the background puts the field check's probe into a page, and finds it there. */

/** The name under which the probe offers its findings in the page: a function without arguments that returns JSON. */
export const FIELD_PROBE = 'ccp-signoff:field-probe'

/** The probe's file in the package, and the name under which it is registered while a check needs it. */
export const FIELD_PROBE_FILE = 'field-probe.js'
export const FIELD_PROBE_SCRIPT = 'field-probe'
