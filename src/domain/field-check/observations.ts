/** What a field check has observed, in the form in which it is stored and written to the file: nothing here names anybody. */
import type { Cause, Outcome } from '../log-entry'
import type { AnswerForm, Look } from './looks'

export type CallBy = 'page' | 'background'

/** What a call was for. */
export type CallFor = 'token' | 'who' | 'queues' | 'states' | 'look' | 'change' | 'headers'

/** One call of the check, and how it was answered. */
export interface CallRecord {
  readonly by: CallBy
  readonly for: CallFor
  /** Which token it bore: they are counted for each caller from 1; 0: none. */
  readonly token: number
  /** ms since the check began. */
  readonly at: number
  /** The HTTP status; null where no answer came. */
  readonly status: number | null
  /** The service's own name for its error; null where it gave none. */
  readonly error: string | null
  readonly tookMs: number
}

/** A member, or a parameter, by its name and the kind of its value. */
export interface NamedKind {
  readonly name: string
  readonly kind: string
}

/** What the probe has seen in a CCP document that was loaded with it. */
export interface PageFindings {
  /** Globals of Streams that are there once the page has started. */
  readonly globals: readonly string[]
  /** Members of `connect` and of `connect.core` that no public Streams has, and how many cannot be read. */
  readonly unknownMembers: readonly string[]
  readonly throwingMembers: number
  readonly streamsVersion: string | null
  /** What the page hands to `initSharedWorker`; null where that call was not seen. */
  readonly parameters: readonly NamedKind[] | null
  readonly endpoint: 'absolute' | 'path' | 'no-scheme' | 'missing' | 'other_origin' | null
  readonly expiration: 'number' | 'iso' | 'missing' | null
  /** Whether snapshots are pushed over a web socket alone. */
  readonly pushes: boolean
  /** The protocol that the document came by, e.g. `h2`; null where the browser does not tell. */
  readonly protocol: string | null
  /** Whether the browser would fire `unload` here; null where it does not tell. */
  readonly unloadAllowed: boolean | null
}

/** A document of the CCP's tab: how deep it lies, and its path. */
export interface FrameFinding {
  readonly depth: number
  readonly path: string
}

/** What a change was to. */
export type ChangeTo = 'lunch' | 'available' | 'offline' | 'offline_again'

/** One change of the status, and how it showed. */
export interface ChangeRecord {
  readonly by: CallBy
  readonly to: ChangeTo
  /** How often it was asked for, and how often it was accepted and did not show. */
  readonly attempts: number
  readonly lost: number
  /** From the answer of the request that worked until a snapshot showed the change, in ms; null where none did. */
  readonly shownMs: number | null
  /** Whether a long poll told of it: else it was looked for once a second. */
  readonly wasHeld: boolean
  readonly look: Look | null
}

/** The ways in which a CCP ends that a person is asked to try. */
export const CLOSES = ['tab', 'last_window', 'reload', 'log_out', 'kill'] as const
export type CloseKind = (typeof CLOSES)[number]

/** One close by a person, by the log and by the instance. */
export interface CloseRecord {
  readonly kind: CloseKind
  /** The outcome in the log; null where no entry came. */
  readonly outcome: Outcome | null
  /** What ended the CCP, by the log; null where no entry came. */
  readonly cause: Cause | null
  /** What the instance showed then; null where it could not be asked. */
  readonly shown: 'offline' | 'routable' | 'other' | null
  /** From the end of the document until a look showed it, in ms. */
  readonly afterMs: number | null
}

export interface Observed {
  readonly page: PageFindings | null
  readonly frames: readonly FrameFinding[]
  /** Response headers of the page by name, each with kinds. */
  readonly headers: Readonly<Record<string, readonly string[]>>
  readonly tokenExpiration: 'number' | 'iso' | 'missing' | null
  readonly listedStarts: 'null' | 'set' | null
  /** Looks at rest. */
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
