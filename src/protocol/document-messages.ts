/**
 * Second border: a content script and the background worker.
 *
 * The sender is known by `sender`, never by the message. The close report of a document goes through the mailbox as well
 * (`storage.local`, one key a message): in Chromium, messages from `beforeunload` and `pagehide` to a stopped worker
 * wake it and are lost, while what was stored arrives. Both ways carry the same message; hearing it twice changes nothing.
 */
import * as v from 'valibot'
import { OFFLINE_WHILE_OPEN } from '../domain/close-report'
import { id, timestamp } from './shapes'
import { recoveryFindingSchema } from './facts'
import { documentConfigSchema } from './page-config'
import { bridgeEventSchemas } from './page-messages'

const shortText = v.pipe(v.string(), v.maxLength(2048))

/** What is fixed in the life of a document; with every message, so that each can be understood alone. */
export const documentHeaderSchema = v.strictObject({
  docId: id,
  instance: shortText,
  url: shortText,
  surface: v.picklist(['ccp-v1', 'ccp-v2', 'agent-workspace']),
  framed: v.boolean(),
  navigationType: v.picklist(['navigate', 'reload', 'back_forward', 'prerender']),
  late: v.boolean(),
  openedAt: timestamp,
})

export const documentEventSchema = v.variant('type', [
  /** `recovers`: the mark that the background has issued to the tab, which was opened as a recovery CCP. */
  v.strictObject({ type: v.literal('hello'), recovers: v.exactOptional(id) }),
  ...bridgeEventSchemas,
  /** What this document, opened as the recovery CCP of a close, has found and done. */
  v.strictObject({ type: v.literal('recovered'), closeId: id, finding: recoveryFindingSchema }),
  v.strictObject({ type: v.literal('gone') }),
])

/** The length of the longest message as JSON: an agent with twenty contacts comes to a fifth of it. */
export const MAX_MESSAGE = 16 * 1024

const wholeMessageSchema = v.strictObject({
  kind: v.literal('document'),
  /** The number of the message among those of its document: mail is read in this order. */
  seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
  at: timestamp,
  header: documentHeaderSchema,
  news: documentEventSchema,
})
export const documentMessageSchema = v.pipe(
  wholeMessageSchema,
  v.check((message) => JSON.stringify(message).length <= MAX_MESSAGE),
)
export type DocumentMessage = v.InferOutput<typeof documentMessageSchema>

/**
 * A living document holds a port with this name and its docId. The port's end shows that the document is gone; messages say why.
 */
export const DOCUMENT_PORT = 'ccp-document:'

/** The mailbox: keys of `storage.local` that begin so hold one `DocumentMessage` each. */
export const MAIL = 'mail:'
export const mailKey = (message: DocumentMessage): string =>
  `${MAIL}${message.header.docId}:${String(message.seq).padStart(6, '0')}`

/** A page ignores an order that is older than this, in ms: the page was frozen, and the person who thawed it is there. */
export const OFFLINE_ORDER_MS = 10_000

/**
 * The background's messages to a document. `ping` asks whether it still lives, after the worker has been restarted. `set_offline`
 * has it set an agent Offline who is away, or asks for it; the answer says whether it does. With `closeId` it requests Offline once
 * more for that close, which Connect has accepted and does not show.
 */
export const backgroundMessageSchema = v.variant('type', [
  v.strictObject({ type: v.literal('configure'), config: documentConfigSchema }),
  v.strictObject({ type: v.literal('ping'), docId: id }),
  /** A person wants to know whether the document works: the answer is a `documentCheckSchema`. */
  v.strictObject({ type: v.literal('check'), docId: id }),
  /** The tab of a document that was about to go has stopped loading, and is still there. */
  v.strictObject({ type: v.literal('staying'), docId: id, closeId: id }),
  v.strictObject({
    type: v.literal('set_offline'),
    docId: id,
    kind: v.picklist(OFFLINE_WHILE_OPEN),
    at: timestamp,
    closeId: v.optional(id),
  }),
])
/** What a document reports about itself: whether a bridge has answered there, and whether its settings have come. */
export const documentCheckSchema = v.strictObject({ isBridgeThere: v.boolean(), isConfigured: v.boolean() })
export type DocumentCheck = v.InferOutput<typeof documentCheckSchema>

export type BackgroundMessage = v.InferOutput<typeof backgroundMessageSchema>
