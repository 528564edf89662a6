import type { AgentState } from './agent'
import type { Would } from './decide-close'
import type { CannotReason, DeferReason, NotNeededReason } from './reasons'

/**
 * The event in which the page learned of its end. A frame that its parent removes gets `pagehide` alone; `logout` is a
 * log-out by the page's link or its script, which is held until the agent is Offline; `try_again` is a click in our own modal, after a
 * close that the agent called off.
 */
export type CloseEvent = 'beforeunload' | 'pagehide' | 'logout' | 'try_again' | OfflineWhileOpen

/** What calls for Offline while the CCP stays open: the agent is away, or has `asked` for it in the popup. */
export const OFFLINE_WHILE_OPEN = ['locked', 'idle', 'slept', 'asked'] as const
export type OfflineWhileOpen = (typeof OFFLINE_WHILE_OPEN)[number]

/** Whether the event, or the cause, leaves the page open. */
export function isOfflineWhileOpen(what: string | null | undefined): what is OfflineWhileOpen {
  return OFFLINE_WHILE_OPEN.some((kind) => kind === what)
}

/**
 * How an agent can be away while their CCP stays open: the computer is locked, nobody has touched it for long, or it has woken
 * from a sleep.
 */
export const AWAY_KINDS = ['locked', 'idle', 'slept'] as const satisfies readonly OfflineWhileOpen[]
export type AwayKind = (typeof AWAY_KINDS)[number]

/** Whether somebody's absence is the event, or the cause. */
export function isAway(what: string | null | undefined): what is AwayKind {
  return AWAY_KINDS.some((kind) => kind === what)
}

/**
 * Where the page was going, as far as it could see. `terminated`: Streams reloads it, since the agent has logged out in another
 * CCP.
 */
export type DepartureHint = 'logout' | 'terminated' | 'reload' | 'navigation'

/** How the instance's API was called without Streams, where the page could. */
export type DirectAttempt = 'sync' | 'keepalive'

/** What a page did when it was closed, sent before any answer can come. */
export interface ClosingReport {
  /** Made by the page for each close, so that a repeated message is recognized. */
  readonly closeId: string
  readonly event: CloseEvent
  readonly did:
    | {
        readonly action: 'attempted'
        readonly target: AgentState
        readonly direct: DirectAttempt | null
        /** The agent had contacts, so that Connect may have queued the state for when they have ended. */
        readonly mayQueue: boolean
        /** The request needed a new connection, as far as the page could see; missing where one was open. */
        readonly connection?: 'cold'
      }
    /** Nothing was sent: the close is deferred to the background. */
    | { readonly action: 'left'; readonly reason: DeferReason }
    /** `would` in mode `observe`. */
    | { readonly action: 'none'; readonly reason: NotNeededReason; readonly would?: Would }
    | { readonly action: 'cannot'; readonly reason: CannotReason }
  readonly stateBefore: AgentState
  readonly hint: DepartureHint | null
}

/** An error as Streams hands it to a failure callback: Connect's exception name and its message. */
export interface CallError {
  readonly type: string
  readonly message: string
}

/**
 * What became of a page's request, where the page was still there to learn it: Connect has accepted it, or an error came. Whether
 * the error is Connect's own answer, `isServiceException` says.
 */
export type CloseResult = { readonly ok: true } | { readonly ok: false; readonly error: CallError }

/** Whether Connect, or the page's copy of its API model, does not know `enqueueNextState` (streams issues 516, 525, 614). */
export function refusesEnqueue(error: CallError): boolean {
  return /UnexpectedParameter/.test(`${error.type} ${error.message}`)
}
