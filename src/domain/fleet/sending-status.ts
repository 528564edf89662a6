/** How reporting to the organization's collector goes, for those who look. */
import type { DataKind } from './consent'
import type { SendingState } from './send-schedule'
import { NEVER_SENT } from './send-schedule'

/** Why the last attempt came to nothing, by the key of its words. */
export type SendingProblem =
  /** No answer: no network, no such host, or the browser does not let the answer through. */
  | 'no_answer'
  /** An answer that says: later. */
  | 'busy'
  /** An answer that says: not like this, not by you, not here. */
  | 'refused'
  /** A record that the collector cannot read was dropped. */
  | 'unreadable'
  /** It has taken the request, and rejected some of it. */
  | 'partial'

export interface LastProblem {
  readonly problem: SendingProblem
  /** The answer's status; null where there was none. */
  readonly status: number | null
  /** What the collector, or the browser, says of it. */
  readonly message: string | null
  /** ms since the epoch. */
  readonly at: number
}

/** What is stored of the sending, beside what waits. */
export interface Ledger {
  readonly sending: SendingState
  /** The last problem, until something is taken whole. */
  readonly problem: LastProblem | null
  /** When the collector last took something, in ms since the epoch. */
  readonly takenAt: number | null
  /** Records since the beginning: taken; dropped for want of room or for their age; rejected by the collector. */
  readonly taken: number
  readonly dropped: number
  readonly rejected: number
}

/** Before anything was sent. */
export const EMPTY_LEDGER: Ledger = {
  sending: NEVER_SENT,
  problem: null,
  takenAt: null,
  taken: 0,
  dropped: 0,
  rejected: 0,
}

/** What the options page shows. */
export interface FleetStatus {
  /** Where it goes: origin and path; null where nothing is sent. */
  readonly endpoint: string | null
  /** The host that the browser may be asked for, and whether it lets us in. */
  readonly access: { readonly pattern: string; readonly isGranted: boolean } | null
  /** What the browser wants people's consent for before any of it is sent. */
  readonly withheld: readonly DataKind[]
  readonly waiting: number
  readonly ledger: Ledger
}

/** What became of a test record. */
export type TestResult =
  | { readonly ok: true; readonly status: number; readonly tookMs: number }
  | { readonly ok: false; readonly problem: LastProblem }
