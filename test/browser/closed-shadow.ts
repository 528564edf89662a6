import type { Protocol } from 'puppeteer-core'
import { bidi, contextOf } from './chrome-scope'
import type { BrowserName, Page } from './types'

/**
 * Lets the tests see into a closed shadow root: from now on the element shows it to the page as if it were open. The
 * root's maker lives in another world, and does not notice. `name` is the element's tag name; there must be one such
 * element in the page's main document.
 */
export async function openClosedShadow(page: Page, name: string): Promise<void> {
  await OPEN[page.browser.name](page, name)
}

const SHOW = `function (root) {
  const shown = root ?? this
  Object.defineProperty(shown.host, 'shadowRoot', { get: () => shown, configurable: true })
}`

const OPEN: Record<BrowserName, (page: Page, name: string) => Promise<void>> = {
  chromium: async ({ driver }, name) => {
    const session = await driver.createCDPSession()
    const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true })
    const backendNodeId = findNode(root, name)?.shadowRoots?.[0]?.backendNodeId
    if (backendNodeId === undefined) throw new Error(`<${name}> has no shadow root`)
    const { object } = await session.send('DOM.resolveNode', { backendNodeId })
    const { objectId } = object
    if (objectId === undefined) throw new Error(`The shadow root of <${name}> cannot be had`)
    await session.send('Runtime.callFunctionOn', { objectId, functionDeclaration: SHOW })
    await session.detach()
  },
  firefox: async ({ driver, browser }, name) => {
    const target = { context: contextOf(driver) }
    const { result } = await bidi(browser.driver, 'script.evaluate', {
      expression: `document.querySelector(${JSON.stringify(name)})`,
      target,
      awaitPromise: false,
      serializationOptions: { maxDomDepth: 1, includeShadowTree: 'all' },
    })
    const { shadowRoot } = (result?.value ?? {}) as { shadowRoot?: { sharedId: string } | null }
    if (!shadowRoot) throw new Error(`<${name}> has no shadow root`)
    await bidi(browser.driver, 'script.callFunction', {
      functionDeclaration: SHOW,
      arguments: [{ sharedId: shadowRoot.sharedId }],
      target,
      awaitPromise: false,
    })
  },
}

function findNode(node: Protocol.DOM.Node, name: string): Protocol.DOM.Node | null {
  if (node.localName === name) return node
  for (const child of node.children ?? []) {
    const found = findNode(child, name)
    if (found !== null) return found
  }
  return null
}
