/** The page's world, from `document_start`, in the CCP's own documents: the bridge between the stock CCP and the content script. */
import { installBridge } from './bridge'
import { guardSetUp } from './guard'

guardSetUp(installBridge)()
