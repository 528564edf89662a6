/** What a person can have checked: step by step, each with a verdict. No step changes an agent's state. */

/** In the order in which they are shown: later steps rest on earlier ones. */
export const SELF_TEST_STEPS = [
  'background',
  'settings',
  'local',
  'session',
  'log',
  'alarms',
  'notifications',
  'hosts',
  'pages',
  'direct',
  'problems',
] as const
export type SelfTestStep = (typeof SELF_TEST_STEPS)[number]

/** `unknown`: there was nothing to check, or the browser does not say. */
export type Verdict = 'ok' | 'unknown' | 'warn' | 'bad'

export type FindingCode =
  | 'answers'
  /** The step threw, or did not end: with the error. */
  | 'failed'
  | 'works'
  | 'alarm_set'
  /** What was read differs from what was written. */
  | 'not_kept'
  | 'settings_read'
  /** With the number of settings that policy sets. */
  | 'policy_read'
  | 'policy_kept'
  | 'policy_waiting'
  /** With key, value and what is allowed. */
  | 'policy_value'
  | 'user_value'
  /** With the key. */
  | 'unknown_key'
  /** A value that is not allowed has turned `act` into `observe`. */
  | 'held_to_observe'
  | 'notices_granted'
  | 'notices_denied'
  | 'notices_untold'
  | 'notices_off'
  /** With the pattern of a site. */
  | 'host_granted'
  | 'host_missing'
  | 'no_pages'
  /** With the agent, and the page. */
  | 'page_ready'
  | 'page_silent'
  | 'page_unconfigured'
  | 'page_without_bridge'
  | 'page_unprotected'
  /** With the number of tabs. */
  | 'tabs_unreached'
  /** With the agent. How the page's last own request fared: none is made for this. */
  | 'direct_untried'
  | 'direct_works'
  | 'direct_failed'
  | 'direct_no_token'
  | 'direct_expired'
  | 'direct_forbidden'
  | 'no_problems'
  /** With the problem, in words. */
  | 'problem'

export interface Finding {
  readonly code: FindingCode
  readonly verdict: Verdict
  /** The values that its text is filled with. */
  readonly values: readonly string[]
  /** When it was last tried and how long the answer took, in ms, where that is known. */
  readonly tried?: { readonly roundTripMs: number | null; readonly at: number | null }
}

/** What a step has found: at least one thing. */
export interface SelfTestResult {
  readonly step: SelfTestStep
  readonly findings: readonly [Finding, ...Finding[]]
}

const WEIGHT: Readonly<Record<Verdict, number>> = { ok: 0, unknown: 1, warn: 2, bad: 3 }

/** The verdict on a whole is that on its worst part; without parts, `unknown`. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  const [first, ...others] = verdicts
  return first === undefined ? 'unknown' : others.reduce((a, b) => (WEIGHT[b] > WEIGHT[a] ? b : a), first)
}
