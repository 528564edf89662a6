/**
 * A page's token, lent to the background for a close in a private window or a container, whose cookies the background does not
 * have. It is no document event: it goes by message alone, and never into the mailbox, the stored state or the log.
 */
import * as v from 'valibot'
import { id, timestamp } from './shapes'

export const lentTokenSchema = v.strictObject({
  /** The instance's API, on the page's own origin. */
  url: v.pipe(v.string(), v.maxLength(2048), v.url()),
  token: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)),
  /** null where its expiry is not known. */
  expiresAt: v.nullable(timestamp),
})
export type LentToken = v.InferOutput<typeof lentTokenSchema>

/** A document's token, from its content script to the background. */
export const tokenMessageSchema = v.strictObject({ kind: v.literal('token'), docId: id, lent: lentTokenSchema })
export type TokenMessage = v.InferOutput<typeof tokenMessageSchema>
