/**
 * The browser's own API, for content scripts. In Manifest V3 its methods give promises in every browser that the
 * manifest admits, so a CCP need not load and run the polyfill, a quarter of what a content script weighed with it.
 *
 * By the name `chrome` in Firefox, too: that name is a property of a content script's global object. `browser` exists in
 * Firefox alone, and elsewhere a page could put an element of that name in its place.
 */
export const browser: ContentApi = chrome

/** As much of the API as content scripts use. */
export type ContentApi = Pick<typeof chrome, 'i18n' | 'runtime' | 'storage'>

export type Port = chrome.runtime.Port

/**
 * Receives the background's messages to this tab. Chromium, before version 140 or so, knows no promise as an answer, so the
 * answer is given at once.
 * @param listener gives its answer, or undefined where the message is not for it.
 */
export function onBackgroundMessage(listener: (message: unknown) => object | boolean | undefined): void {
  browser.runtime.onMessage.addListener((message: unknown, _sender, respond) => {
    const answer = listener(message)
    if (answer !== undefined) respond(answer)
  })
}
