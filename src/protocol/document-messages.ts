/**
 * Second border: a content script and the background worker.
 *
 * `sender` says who is speaking, never the message. The last words of a document go through the mailbox as well
 * (`storage.local`, one key a message): in Chromium, messages from `beforeunload` and `pagehide` to a stopped worker
 * wake it and are lost, while what was stored arrives. Both ways carry the same message; hearing it twice changes nothing.
 */
import * as v from 'valibot'
import { SIGN_OFF_KINDS } from '../domain/close-report'
import { id, timestamp } from './shapes'
import { recoveryFindingSchema } from './facts'
import { documentConfigSchema } from './page-config'
import { bridgeNewsSchemas } from './page-messages'

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

export const documentNewsSchema = v.variant('type', [
  /** `recovers`: the tab was opened as the recovery CCP of that close. */
  v.strictObject({ type: v.literal('hello'), recovers: v.exactOptional(id) }),
  ...bridgeNewsSchemas,
  /** What this document, opened as the recovery CCP of a close, found and did. */
  v.strictObject({ type: v.literal('recovered'), closeId: id, finding: recoveryFindingSchema }),
  v.strictObject({ type: v.literal('gone') }),
])

export const documentMessageSchema = v.strictObject({
  kind: v.literal('document'),
  /** Counts the messages of a document: mail is read in its order. */
  seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
  at: timestamp,
  header: documentHeaderSchema,
  news: documentNewsSchema,
})
export type DocumentMessage = v.InferOutput<typeof documentMessageSchema>

/** The port of a living document bears this name and its docId; that it closes says "gone", messages say why. */
export const DOCUMENT_PORT = 'ccp-document:'

/** The mailbox: keys of `storage.local` that begin so hold one `DocumentMessage` each. */
export const MAIL = 'mail:'
export const mailKey = (message: DocumentMessage): string =>
  `${MAIL}${message.header.docId}:${String(message.seq).padStart(6, '0')}`

/** An order that a page hears so much later, in ms, is none: it was frozen, and whoever thaws it is there. */
export const SIGN_OFF_MS = 10_000

/**
 * What the background tells a document. `ping` asks whether it still lives, after a worker has started anew. `sign_off`
 * has it set an agent Offline who is not there, or asks for it; it answers whether it does.
 */
export const backgroundMessageSchema = v.variant('type', [
  v.strictObject({ type: v.literal('configure'), config: documentConfigSchema }),
  v.strictObject({ type: v.literal('ping'), docId: id }),
  /** A person wants to know how it is with the document: the answer is a `documentCheckSchema`. */
  v.strictObject({ type: v.literal('check'), docId: id }),
  /** The tab of a document that was about to go has stopped loading, and is still there. */
  v.strictObject({ type: v.literal('staying'), docId: id, closeId: id }),
  v.strictObject({ type: v.literal('sign_off'), docId: id, kind: v.picklist(SIGN_OFF_KINDS), at: timestamp }),
])
/** What a document says of itself: whether a bridge has been heard there, and whether it was told its settings. */
export const documentCheckSchema = v.strictObject({ isBridgeThere: v.boolean(), isConfigured: v.boolean() })
export type DocumentCheck = v.InferOutput<typeof documentCheckSchema>

export type BackgroundMessage = v.InferOutput<typeof backgroundMessageSchema>
