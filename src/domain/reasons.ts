/**
 * Why a close, or a page, came to its outcome: each reason is in the log, in records, and in the translations, and means one
 * thing. The subsets say where a reason can come from.
 */

/** All reasons that an entry of the log may have. */
export type Reason = NotNeededReason | DeferReason | FailureReason | UnconfirmedReason | FlagReason | UnprotectedReason

/** Why the settings leave a whole document alone. */
export type OutOfScope = 'instance_excluded' | 'surface_excluded'

/** Why nothing needs to be done on a close. */
export type NotNeededReason =
  /** The agent is in a state that takes no contacts: it is left as it is. */
  | 'not_routable'
  /** The agent is in a state that the settings do not name. */
  | 'state_excluded'
  | 'mode_observe'
  | 'mode_off'
  | OutOfScope
  | 'routing_profile_excluded'
  /** The agent talks by a desk phone, and the settings exclude such agents. */
  | 'desk_phone'
  /** The agent has a contact, and the settings exclude such agents. */
  | 'contact_kept'

/** Why a page defers a close to the background, which sees what comes after the page. */
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
  /** The settings had not reached the page yet: they might have excluded it. */
  | 'not_configured'

/** Why something could not be done, where no failed call has an error of its own. */
export type FailureReason =
  | CannotReason
  /** The document was gone before the bridge could run. */
  | 'nothing_tried'
  /** The page was asked to set an absent agent Offline, and gave no answer; while it is open, nobody else may. */
  | 'page_silent'

/** Why a page is not protected. */
export type UnprotectedReason =
  /** The page never showed a `connect` object with the parts that the bridge needs. */
  | 'no_connect'
  /** Its Streams is there, but has announced no agent, or one whose facts cannot be read. */
  | 'no_agent'
  /** Its Streams is at work, but out of reach, and the instance's API does not answer the page, or no longer. */
  | 'streams_hidden'
  /** The script in the page is missing, or sends nothing that can be understood. */
  | 'no_bridge'

/** Why no check has confirmed a close, or the agent could not be set Offline afterwards. */
export type UnconfirmedReason =
  /** The browser has no session at the instance any more. */
  | 'signed_out'
  /** The browser's session belongs to somebody else: theirs is left untouched. */
  | 'other_agent'
  /** The instance does not take calls from the extension. */
  | 'refused'
  /** No answer came for as long as the background asked. */
  | 'no_answer'
  /** A contact went on for as long as the background waited. */
  | 'contact'
  /** A call was missed behind a queued Offline (see `isStuck`), and the state could not be set. */
  | 'stuck'
  /** A CCP of the agent is open: they are there, and decide about their own status. */
  | 'agent_present'
  /** Somebody has changed the state since. */
  | 'state_changed'
  /** Somebody has set the agent Available again since, with no CCP of theirs in this browser. */
  | 'superseded'
  /** The agent's own list has no state of type offline. */
  | 'no_offline_state'
  /** The CCP was in a private window or a container, whose session the background does not share, and lent no token. */
  | 'separate_cookies'
  /** The settings do not let the background ask. */
  | 'forbidden'
  /** Offline was reported by a page, or accepted; and the background's own look found the agent as the close had left them. */
  | 'not_shown'
  /** Mode `observe`: the agent is still as the close left them, and nothing was changed. */
  | 'observed'

/** Why the instance, or the browser, denies the background. */
export type DenialReason = Extract<UnconfirmedReason, 'signed_out' | 'refused' | 'separate_cookies'>

/** Why an absent agent is flagged, and not set Offline. */
export type FlagReason =
  /** The settings ask for no more. */
  | 'only_flagged'
  | 'mode_observe'
  /** The agent has after-contact work left: Offline would throw its notes away. */
  | 'contact_first'
  | CannotReason
