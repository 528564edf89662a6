/** The content script's messages to the bridge, on the channel of `page-channel.ts`. */
import * as v from 'valibot'
import { OFFLINE_WHILE_OPEN } from '../domain/close-report'
import { pageConfigSchema } from './page-config'
import { id } from './shapes'

export const contentMessageSchema = v.variant('type', [
  v.strictObject({ type: v.literal('configure'), config: pageConfigSchema }),
  /** The answer to `alive`, given within the same call. */
  v.strictObject({ type: v.literal('alive') }),
  /** The choice of an agent who stayed, about the close that was called off. */
  v.strictObject({ type: v.literal('leave_choice'), choice: v.picklist(['try_again', 'close', 'stay']) }),
  /** The browser's tab shows that nothing comes of that `beforeunload`: the page reports whether it stays. */
  v.strictObject({ type: v.literal('staying'), closeId: id }),
  /** Set the agent of this recovery CCP Offline, through Streams alone; the answer is a `result` of that close. */
  v.strictObject({ type: v.literal('recover'), closeId: id }),
  /** The agent is away, or asks for Offline: set them Offline, unless the page knows better. */
  v.strictObject({ type: v.literal('set_offline'), kind: v.picklist(OFFLINE_WHILE_OPEN) }),
  /** The extension has gone: leave the page as stock. */
  v.strictObject({ type: v.literal('detach') }),
])
export type ContentMessage = v.InferOutput<typeof contentMessageSchema>
