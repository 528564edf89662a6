/** How an agent can be reached without Streams: found out at run time, never assumed. */

/** Whether a page can call the instance's API itself. */
export interface DirectPathHealth {
  readonly status:
    /** Not tried: the agent takes no contacts, so there was no need to know. */
    | 'untried'
    | 'works'
    | 'failed'
    /** The page's token was never seen: the page was there before the extension. */
    | 'no_token'
    | 'expired'
    /** The settings forbid it. */
    | 'forbidden'
  /** How long the last answer took, in ms. */
  readonly roundTripMs: number | null
  /** When it was last tried, in ms since the epoch. */
  readonly at: number | null
}

/** Whether the browser holds the Offline request, to send it where the page ends without a chance to act. */
export type CrashProtectionHealth =
  | 'armed'
  /** It could be armed, but the agent's state does not call for it. */
  | 'ready'
  /** The browser has no `fetchLater`. */
  | 'unsupported'
  /** The page around this one does not allow it, or its quota is too small. */
  | 'refused'
  /** The settings forbid it. */
  | 'forbidden'

export interface PageCapabilities {
  readonly direct: DirectPathHealth
  readonly deadMansSwitch: CrashProtectionHealth
  /**
   * The page's Streams is out of reach, so the page watches its agent through the instance's API alone. Missing where Streams is
   * in reach.
   */
  readonly hiddenStreams?: {
    /** How many requests an hour that takes. */
    readonly requestsPerHour: number
  }
}

/** Whether the background can call an instance's API: known only from the closes that it has checked. */
export interface BackgroundPathHealth {
  readonly status: 'works' | 'refused' | 'signed_out' | 'no_answer'
  /** How long an answer took, in ms; null where none came. */
  readonly roundTripMs: number | null
  readonly at: number
}
