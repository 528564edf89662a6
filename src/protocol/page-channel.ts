/**
 * First border: the page's world and the content script, in one document.
 *
 * They share nothing but the DOM, which the page owns. Both run at `document_start`, before any script of the page, and
 * agree on a channel name of that moment by `greeting` events; from then on each message is a JSON string in the
 * `detail` of a `CustomEvent` of that name: dispatched and received within one call, so that it works in `beforeunload`
 * and `pagehide`, where a posted message would come too late. The page could still forge them: the content script checks
 * everything, and a forger can send no more than the list in `page-messages.ts`.
 */

/** The content script asks whether a bridge is there. */
export const CONTENT_GREETING = 'ccp-signoff:content'
/** The bridge says that it is there. */
export const BRIDGE_GREETING = 'ccp-signoff:bridge'
/** A new bridge asks an older one in the same page, left by an update, to come off. */
export const RETIRE = 'ccp-signoff:retire'

/** Events that carry page messages, and those that carry content messages, on a channel. */
export const toContent = (channel: string): string => `ccp-signoff:${channel}:content`
export const toPage = (channel: string): string => `ccp-signoff:${channel}:page`
