/**
 * Third border: the content scripts of the CCPs of one origin in this browser, by a `BroadcastChannel`.
 *
 * The background tells a page which other CCPs of its agent are open; where several go at once, as with their window or a
 * quit, that comes too late. So they tell each other. It is the page's own channel by right: the page can read and forge
 * all of it. What it reads are names of documents, made for each life of one. What it forges makes it act, or leave its
 * agent to another CCP, at its own close: it could do, or undo, that by Streams at any time, and the background asks the
 * instance about each close that was left to others.
 * Where storage is partitioned (a CCP in the page of another site) or apart (a private window), nobody hears it.
 */
import * as v from 'valibot'
import { id } from './shapes'

export const CCP_CHANNEL = 'ccp-signoff:ccps'

export const ccpMessageSchema = v.strictObject({
  docId: id,
  is: v.picklist([
    /** It may go now, and has left its agent to others or had nothing to do. */
    'closing',
    /** It may go now, and sees to its agent: nobody else need. */
    'acting',
    /** It has not gone, and is open as before. */
    'back',
    /** It goes now: the last that is heard of it. */
    'gone',
  ]),
})
/** What a CCP says of itself; on the channel as JSON, which is the same in all worlds. */
export type CcpMessage = v.InferOutput<typeof ccpMessageSchema>
