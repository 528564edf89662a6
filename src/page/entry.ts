/** The page's world, from `document_start`: the bridge between the stock CCP and the content script. */
import { isCcpUrl } from '../protocol/ccp-urls'
import { installBridge } from './bridge'
import { guardSetUp } from './guard'

guardSetUp(() => {
  // A script that is put into an open tab reaches all of its frames; only the CCP's are ours.
  if (isCcpUrl(location.href)) installBridge()
})()
