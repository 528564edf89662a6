/** What can be done for an agent without Streams. Found out at run time, never assumed. */

/** Whether a page can call the instance's API itself. */
export interface DirectPathHealth {
  readonly status:
    /** Not tried: the agent takes no contacts, so nothing had to be known. */
    | 'untried'
    | 'works'
    | 'failed'
    /** The page's token was never seen: we came to a page that was there before us. */
    | 'no_token'
    | 'expired'
    /** The settings rule it out. */
    | 'forbidden'
  /** How long the last answer took, in ms. */
  readonly roundTripMs: number | null
  /** When it was last tried, in ms since the epoch. */
  readonly at: number | null
}

/** Whether the browser holds the Offline request, to send it where the page ends without a chance to act. */
export type CrashProtectionHealth =
  | 'armed'
  /** It could be armed; the agent's state calls for nothing. */
  | 'ready'
  /** The browser has no `fetchLater`. */
  | 'unsupported'
  /** The page around this one does not let it, or its quota is too small. */
  | 'refused'
  /** The settings rule it out. */
  | 'forbidden'

export interface PageCapabilities {
  readonly direct: DirectPathHealth
  readonly deadMansSwitch: CrashProtectionHealth
  /**
   * The page's Streams cannot be got hold of: the page watches its agent by the instance's API alone. Missing where Streams
   * is there.
   */
  readonly hiddenStreams?: {
    /** How many requests an hour that takes. */
    readonly requestsPerHour: number
  }
}

/** Whether the background can call an instance's API: known only from closes that it asked about. */
export interface BackgroundPathHealth {
  readonly status: 'works' | 'refused' | 'signed_out' | 'no_answer'
  /** How long an answer took, in ms; null where none came. */
  readonly roundTripMs: number | null
  readonly at: number
}
