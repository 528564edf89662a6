/** How reporting to the organization's collector goes, for the pages that show it. */
import type { DataKind } from './consent'
import type { SendingState } from './send-schedule'
import { NEVER_SENT } from './send-schedule'

/** Why the last attempt failed, by the key of its text. */
export type SendingProblem =
  /** No answer: no network, no such host, or the browser blocks the answer. */
  | 'no_answer'
  /** The collector asks to be tried later. */
  | 'busy'
  /** The collector refuses the request: its form, its key or its address. */
  | 'refused'
  /** A record that the collector cannot read was dropped. */
  | 'unreadable'
  /** The collector has taken the request, and rejected a part of it. */
  | 'partial'

export interface LastProblem {
  readonly problem: SendingProblem
  /** The answer's status; null where there was none. */
  readonly status: number | null
  /** The message of the collector, or of the browser. */
  readonly message: string | null
  /** ms since the epoch. */
  readonly at: number
}

/** What is stored about sending, beside the records that wait. */
export interface Ledger {
  readonly sending: SendingState
  /** The last problem, until a batch is taken whole. */
  readonly problem: LastProblem | null
  /** When the collector last took a batch, in ms since the epoch. */
  readonly takenAt: number | null
  /** Records since the beginning: taken; dropped for lack of space or for their age; rejected by the collector. */
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
  /** Where records go: origin and path; null where nothing is sent. */
  readonly endpoint: string | null
  /** The host for which the browser is asked for access, and whether it has been granted. */
  readonly access: { readonly pattern: string; readonly isGranted: boolean } | null
  /** The kinds of data that the browser wants people's consent for before any are sent. */
  readonly withheld: readonly DataKind[]
  readonly waiting: number
  readonly ledger: Ledger
}

/** The outcome of a test record. */
export type TestResult =
  | { readonly ok: true; readonly status: number; readonly tookMs: number }
  | { readonly ok: false; readonly problem: LastProblem }
