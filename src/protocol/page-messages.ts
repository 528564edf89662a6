/** The messages of the bridge in the page, on the channel of `page-channel.ts`: the page could forge all of it. */
import * as v from 'valibot'
import {
  agentFactsSchema,
  closeResultSchema,
  closingReportSchema,
  pageCapabilitiesSchema,
  streamsVersionSchema,
  unprotectedReasonSchema,
} from './facts'
import { id } from './shapes'
import { lentTokenSchema } from './token-messages'

/** The bridge's reports about its document: the content script passes them on to the background unchanged. */
export const bridgeEventSchemas = [
  /** The agent's facts as they are now: sent when they change. */
  v.strictObject({ type: v.literal('agent'), agent: agentFactsSchema, streamsVersion: streamsVersionSchema }),
  /**
   * No agent has shown for as long as the bridge waits, or not even a `connect` object. `soFar`: the page has loaded without it,
   * and the bridge goes on waiting.
   */
  v.strictObject({
    type: v.literal('unprotected'),
    reason: unprotectedReasonSchema,
    soFar: v.optional(v.literal(true)),
  }),
  /** The document is closing, and this is what was done. Nothing may be awaited after it. */
  v.strictObject({ type: v.literal('closing'), report: closingReportSchema, agent: agentFactsSchema }),
  /** Connect's answer to a close's request. */
  v.strictObject({ type: v.literal('result'), closeId: id, result: closeResultSchema }),
  /** `beforeunload` came, but the document lives on. */
  v.strictObject({ type: v.literal('stayed'), closeId: id }),
  /** What the document can do without Streams: sent when it changes. */
  v.strictObject({ type: v.literal('capabilities'), capabilities: pageCapabilitiesSchema }),
  /** An Offline of an earlier close arrived after the agent was back, and was reverted once. */
  v.strictObject({ type: v.literal('undone'), closeId: id, result: closeResultSchema }),
  /** The status that the agent had before a reload, or a close that did not happen, was restored. */
  v.strictObject({ type: v.literal('given_back'), closeId: id, result: closeResultSchema }),
] as const

/** The bridge's messages to the content script. */
export const pageMessageSchema = v.variant('type', [
  ...bridgeEventSchemas,
  /** Asked before acting: an extension that was removed or switched off gives no answer, and the bridge comes off. */
  v.strictObject({ type: v.literal('alive') }),
  /** The browser asked before the page was left, and the agent stayed: the content script shows them what happened. */
  v.strictObject({ type: v.literal('leave_refused'), closeId: id }),
  /** The page's own token, where `lendToken` asks for it: no document event, and never stored on the disk. */
  v.strictObject({ type: v.literal('token'), lent: lentTokenSchema }),
])
export type PageMessage = v.InferOutput<typeof pageMessageSchema>
