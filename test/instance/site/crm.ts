import type { Streams } from './streams'

/** The script of the CRM. It frames the CCP by Streams' `initCCP` if asked to, and removes the frame at a click. */
const block = document.getElementById('settings')
const { ccpUrl, initCcp } = JSON.parse(block?.textContent ?? '{}') as {
  readonly ccpUrl: string
  readonly initCcp: boolean
}
const container = document.getElementById('ccp-container')

if (initCcp && container) {
  const { connect } = globalThis as unknown as { readonly connect: Streams }
  connect.core.initCCP(container, { ccpUrl, loginPopup: false, softphone: { allowFramedSoftphone: false } })
}

document.getElementById('remove')?.addEventListener('click', () => container?.querySelector('iframe')?.remove())
