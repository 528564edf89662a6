import * as v from 'valibot'
import type { RecoveryOrder } from '../domain/recovery-order'
import { agentStateSchema, contactsSchema, id, text, timestamp } from './shapes'

/** The task of a recovery CCP; `mark` is stored in its tab, null in a frame of it. */
const recoveryOrderSchema: v.GenericSchema<unknown, RecoveryOrder & { readonly mark: string | null }> = v.strictObject({
  mark: v.nullable(id),
  closeId: id,
  username: text,
  stateBefore: agentStateSchema,
  sawContact: v.boolean(),
  isAnswered: v.exactOptional(v.boolean()),
  contacts: v.exactOptional(contactsSchema),
  nextState: v.exactOptional(agentStateSchema),
})

const guardedCloseParts = { closeId: id, username: text, count: v.number(), until: timestamp }

const names = v.pipe(v.array(text), v.readonly())

/** What the bridge must know before a close, since a closing page cannot ask: sent again whenever it changes. */
export const pageConfigSchema = v.strictObject({
  mode: v.picklist(['act', 'observe', 'off']),
  /** Why the settings leave this document alone. */
  excluded: v.nullable(v.picklist(['instance_excluded', 'surface_excluded'])),
  routingProfiles: names,
  fromStates: names,
  onContact: v.picklist(['after', 'warn', 'leave']),
  deskPhone: v.picklist(['act', 'leave']),
  reload: v.picklist(['recognised', 'keep', 'offline']),
  /** The state that a close sets, by name or ARN; empty: the one whose type is offline. */
  targetState: text,
  /** Whether this instance takes `enqueueNextState`, as far as is known: it is not requested again after a refusal. */
  enqueue: v.boolean(),
  /** Whether the page may call the instance's API without Streams. */
  directPath: v.boolean(),
  renewToken: v.boolean(),
  /** Whether the background lacks the cookies of this page, and can ask after a close with its token alone. */
  lendToken: v.boolean(),
  /** In ms; 0 never holds the page. */
  holdMs: v.number(),
  deadMansSwitch: v.boolean(),
  leaveDialog: v.picklist(['never', 'on_contact', 'routable']),
  /** Whether the browser has no other window, and ends with this one. */
  lastWindow: v.boolean(),
  /** The documents of other CCPs of this agent that are open in this browser. */
  otherCcps: v.array(id),
  /** Closes of agents of this instance whose requests may still arrive: an Offline of theirs is reverted once. */
  guardedCloses: v.array(v.strictObject(guardedCloseParts)),
  /** The status to restore: the close before this document was a reload, or the agent wants their status back. */
  statusRestore: v.nullable(v.strictObject({ ...guardedCloseParts, state: agentStateSchema })),
})
export type PageConfig = v.InferOutput<typeof pageConfigSchema>

/** The background's configuration of a document: the page's part is passed on to the bridge. */
export const documentConfigSchema = v.strictObject({
  ...pageConfigSchema.entries,
  /** The task of a recovery CCP; null in every other one. */
  recovery: v.nullable(recoveryOrderSchema),
})
export type DocumentConfig = v.InferOutput<typeof documentConfigSchema>
