/** What a field check has observed, as it is stored and used for the file. Nothing here identifies a person. */
import type { Cause, Outcome } from '../log-entry'
import type { AnswerForm, Look } from './looks'

export type CallBy = 'page' | 'background'

/** What a call was for. */
export type CallFor = 'token' | 'who' | 'queues' | 'states' | 'look' | 'change' | 'headers'

/** One call of the check, and how it was answered. */
export interface CallRecord {
  readonly by: CallBy
  readonly for: CallFor
  /** The number of its token, counted for each caller from 1; 0 for none. */
  readonly token: number
  /** ms since the check began. */
  readonly at: number
  /** The HTTP status; null where no answer came. */
  readonly status: number | null
  /** The service's own name for its error; null where it gave none. */
  readonly error: string | null
  readonly tookMs: number
}

/** The name of a parameter, and the kind of its value. */
export interface NamedKind {
  readonly name: string
  readonly kind: string
}

/** What the probe has seen in a CCP that was loaded with it. */
export interface PageFindings {
  /** Globals of Streams that exist after the page has started. */
  readonly globals: readonly string[]
  /**
   * Members of `connect` and `connect.core` that no public version of Streams has, and how many members cannot be read.
   */
  readonly unknownMembers: readonly string[]
  readonly throwingMembers: number
  readonly streamsVersion: string | null
  /** What the page passes to `initSharedWorker`; null where the probe did not see that call. */
  readonly parameters: readonly NamedKind[] | null
  readonly endpoint: 'absolute' | 'path' | 'no-scheme' | 'missing' | 'other_origin' | null
  readonly expiration: 'number' | 'iso' | 'missing' | null
  /** Whether snapshots are only pushed over a web socket. */
  readonly pushes: boolean
  /** The protocol by which the document was loaded, e.g. `h2`; null where the browser does not report it. */
  readonly protocol: string | null
  /** Whether the browser would fire `unload` here; null where it does not report it. */
  readonly unloadAllowed: boolean | null
}

/** A document of the CCP's tab: its depth as a frame (0: the top document), and its path. */
export interface FrameFinding {
  readonly depth: number
  readonly path: string
}

/** The status that a change sets; `offline_again` while the agent is Offline already. */
export type ChangeTo = 'lunch' | 'available' | 'offline' | 'offline_again'

/** One change of the status, and how it showed. */
export interface ChangeRecord {
  readonly by: CallBy
  readonly to: ChangeTo
  /** How many requests were made, and how many of them were accepted but did not show. */
  readonly attempts: number
  readonly lost: number
  /** From the answer to the successful request until a snapshot showed the change, in ms; null where none showed it. */
  readonly shownMs: number | null
  /** Whether a long poll showed the change; otherwise looks about once a second. */
  readonly wasHeld: boolean
  readonly look: Look | null
}

/** The kinds of closes that a person is asked to make. */
export const CLOSES = ['tab', 'last_window', 'reload', 'log_out', 'kill'] as const
export type CloseKind = (typeof CLOSES)[number]

/** One close by a person, as the log and the instance show it. */
export interface CloseRecord {
  readonly kind: CloseKind
  /** The outcome in the log; null where no entry came. */
  readonly outcome: Outcome | null
  /** The cause in the log; null where no entry came. */
  readonly cause: Cause | null
  /** What the instance showed afterwards; null where it could not be asked. */
  readonly shown: 'offline' | 'routable' | 'other' | null
  /** From the end of the document until a look showed that, in ms. */
  readonly afterMs: number | null
}

export interface Observed {
  readonly page: PageFindings | null
  readonly frames: readonly FrameFinding[]
  /** The page's response headers by name, each with kinds instead of its value. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly tokenExpiration: 'number' | 'iso' | 'missing' | null
  readonly listedStarts: 'null' | 'set' | null
  /** Looks while nothing was changed. */
  readonly looks: readonly Look[]
  readonly form: AnswerForm | null
  readonly calls: readonly CallRecord[]
  readonly changes: readonly ChangeRecord[]
  readonly closes: readonly CloseRecord[]
}

export const NOTHING_OBSERVED: Observed = {
  page: null,
  frames: [],
  headers: {},
  tokenExpiration: null,
  listedStarts: null,
  looks: [],
  form: null,
  calls: [],
  changes: [],
  closes: [],
}
