/**
 * Why a close, or a page, came to what it did: each word is in the log, in records, and in the translations, and means one
 * thing. The subsets say who can give which.
 */

/** All reasons that an entry of the log may have. */
export type Reason = NotNeededReason | DeferReason | FailureReason | UnverifiedReason | FlagReason | UnprotectedReason

/** Why the settings leave a whole document alone. */
export type OutOfScope = 'instance_excluded' | 'surface_excluded'

/** Why nothing needs to be done on a close. */
export type NotNeededReason =
  /** The agent is in a state that takes no contacts: theirs to keep. */
  | 'not_routable'
  /** The agent is in a state that the settings do not name. */
  | 'state_excluded'
  | 'mode_observe'
  | 'mode_off'
  | OutOfScope
  | 'routing_profile_excluded'
  /** The agent talks by a desk phone, and the settings leave such agents alone. */
  | 'desk_phone'
  /** The agent has a contact, and the settings leave such agents alone. */
  | 'contact_kept'

/** Why a page leaves it to the background, which sees what comes after the page. */
export type DeferReason =
  /** The page reloads: the agent is there, unless it does not come back. */
  | 'reload'
  /** Another CCP of the agent is open in this browser. */
  | 'other_ccp'
  /** The agent has a contact, or what follows one: Offline waits for its end. */
  | 'contact_first'

/** Why nothing can be done although it should. */
export type CannotReason =
  /** The agent's own list has no state of type offline. */
  | 'no_offline_state'
  /** The settings had not reached the page yet: it may be one where nothing may be done. */
  | 'not_configured'

/** What could not be done, where no call failed that would have an error of its own. */
export type FailureReason =
  | CannotReason
  /** The document was gone before the bridge could run. */
  | 'nothing_tried'
  /** The page was to set an agent Offline who is not there, and gave no answer; while it is open, nobody else does. */
  | 'page_silent'

/** Why a page is not protected. */
export type UnprotectedReason =
  /** The page never showed a `connect` object with the parts that the bridge needs. */
  | 'no_connect'
  /** Its Streams is there, but has announced no agent, or one whose facts cannot be read. */
  | 'no_agent'
  /** Its Streams is at work, but cannot be got hold of, and the instance's API has not answered the page. */
  | 'streams_hidden'
  /** The script in the page is missing, or does not say anything that can be understood. */
  | 'no_bridge'

/** Why a close could not be verified, or not be mended. */
export type UnverifiedReason =
  /** The browser has no session at the instance any more. */
  | 'signed_out'
  /** The browser's session belongs to somebody else: theirs is left untouched. */
  | 'other_agent'
  /** The instance does not take calls from the extension. */
  | 'refused'
  /** No answer came for as long as it was asked for. */
  | 'no_answer'
  /** A contact went on for as long as it was watched. */
  | 'contact'
  /** A call was missed behind a queued Offline (see `isStuck`), and the state could not be set. */
  | 'stuck'
  /** A CCP of the agent is open: they are there, and their state is theirs. */
  | 'agent_present'
  /** Somebody has changed the state since. */
  | 'state_changed'
  /** Somebody has set the agent ready again since, with no CCP of theirs in this browser. */
  | 'superseded'
  /** The agent's own list has no state of type offline. */
  | 'no_offline_state'
  /** The CCP was in a private window or a container, whose session the background does not share, and lent no token. */
  | 'separate_cookies'
  /** The settings do not let the background ask. */
  | 'forbidden'
  /** A page said that the agent is Offline, and the background's own look found them as the close had left them. */
  | 'not_shown'
  /** Mode `observe`: the agent is still as the close left them, and nothing was changed. */
  | 'observed'

/** Why the instance, or the browser, denies the background. */
export type DenialReason = Extract<UnverifiedReason, 'signed_out' | 'refused' | 'separate_cookies'>

/** Why an agent who is not there is shown, and not set Offline. */
export type FlagReason =
  /** The settings ask for no more. */
  | 'only_flagged'
  | 'mode_observe'
  /** What follows a contact is not done: Offline would end it with its notes. */
  | 'contact_first'
  | CannotReason
