/**
 * Whether this document is a part of a CCP (`/ccp-v2/channel-view` and the like) that its CCP may remove: without a
 * `beforeunload` the CCP around it stays, and the agent with it.
 */
export function isInsideCcp(): boolean {
  if (window.parent === window) return false
  try {
    return /^\/(connect\/)?ccp/.test(window.parent.location.pathname)
  } catch {
    // The parent is of another site: no CCP of this instance.
    return false
  }
}
