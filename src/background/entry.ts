/** The background: Chromium's service worker, Firefox's event page. Every listener is registered on the first tick. */
import { startBackground } from './background'

startBackground()
