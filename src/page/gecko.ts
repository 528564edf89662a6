/** Whether this is Firefox, by Gecko's own property: at a page's end it does what Chromium does not, and vice versa. */
export function isGecko(): boolean {
  return 'mozInnerScreenX' in window
}
