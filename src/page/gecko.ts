/** Whether this is Firefox, which Gecko's own property tells: it does at a page's end what Chromium does not, and the reverse. */
export function isGecko(): boolean {
  return 'mozInnerScreenX' in window
}
