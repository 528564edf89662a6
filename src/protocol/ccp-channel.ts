/**
 * Third border: the content scripts of the CCPs of one origin in this browser, by a `BroadcastChannel`.
 *
 * The background tells a page which other CCPs of its agent are open; where several go at once, as with their window or a
 * quit, that comes too late. So they tell each other. The channel is the page's own by right: the page can read and forge
 * all of it. It reads random document ids, which each document has for its own life. By a forgery it makes itself act, or defer to another CCP,
 * at its own close: it could do so, or revert it, through Streams at any time, and the background asks the instance about
 * each close that was deferred. Where storage is partitioned (a CCP in the page of another site) or apart (a private window),
 * no message arrives.
 */
import * as v from 'valibot'
import { id } from './shapes'

export const CCP_CHANNEL = 'ccp-signoff:ccps'

export const ccpMessageSchema = v.strictObject({
  docId: id,
  is: v.picklist([
    /** It may go now, and has deferred to others or had nothing to do. */
    'closing',
    /** It may go now, and takes responsibility for its agent: no other need. */
    'acting',
    /** It has not gone, and is open as before. */
    'back',
    /** It goes now: its last message. */
    'gone',
  ]),
})
/** What a CCP reports about itself; on the channel as JSON, which is the same in all worlds. */
export type CcpMessage = v.InferOutput<typeof ccpMessageSchema>
