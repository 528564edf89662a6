/** The content script, in each CCP document from `document_start`: the relay between the page and the background. */
import { isCcpUrl } from '../protocol/ccp-urls'
import { startRelay } from './relay'

const world = globalThis as { ccpSignoffRelay?: true }

// A script that is injected into an open tab reaches all of its frames, and may find itself there already.
if (isCcpUrl(location.href) && !world.ccpSignoffRelay) {
  world.ccpSignoffRelay = true
  startRelay()
}
