import type { Browser as Driver } from 'puppeteer-core'
import { inChromeScope } from './chrome-scope'
import { expressionOf, valueOf, type Sendable } from './expression'

/**
 * Evaluates in the extension's event page, which WebDriver BiDi cannot address: Firefox's own window sends the source
 * into the page's process by a frame script, and the answer comes back the same way. Wakes the event page if needed.
 */
export async function inEventPage<A extends unknown[], R>(
  driver: Driver,
  id: string,
  fn: Sendable<A, R>,
  args: A,
): Promise<Awaited<R>> {
  const { json, error } = await inChromeScope(driver, askEventPage, id, frameScript(expressionOf(fn, args)))
  if (error !== undefined) throw new Error(error)
  return valueOf<R>(json)
}

/** A script for the frame's privileged side, which evaluates like a script of the page, whatever the page's CSP. */
function frameScript(source: string): string {
  return `{
    const box = new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false, sameZoneAs: content })
    const answer = (data) => sendAsyncMessage('answer', data)
    const ask = async () => await Cu.evalInSandbox(${JSON.stringify(source)}, box)
    ask().then((json) => answer({ json }), (error) => answer({ error: String(error) }))
  }`
}

/** The answer of the event page. */
interface Answer {
  json?: string
  error?: string
}

async function askEventPage(id: string, script: string): Promise<Answer> {
  const { extension } = WebExtensionPolicy.getByID(id)
  await extension.wakeupBackground?.()
  const view = [...extension.views].find(({ viewType }) => viewType === 'background')
  if (!view) throw new Error('The background is stopped')
  const { messageManager } = view.xulBrowser
  return new Promise((resolve) => {
    const hear = ({ data }: { data: Answer }): void => {
      messageManager.removeMessageListener('answer', hear)
      resolve(data)
    }
    messageManager.addMessageListener('answer', hear)
    messageManager.loadFrameScript(`data:,${encodeURIComponent(script)}`, false)
  })
}

/** The browser's own objects that are used here. */
declare const WebExtensionPolicy: {
  getByID(id: string): {
    extension: {
      views: Set<{ viewType: string; xulBrowser: { messageManager: MessageManager } }>
      /** Only event pages that can be stopped have it. */
      wakeupBackground?: () => Promise<void>
    }
  }
}

interface MessageManager {
  loadFrameScript(url: string, alsoLater: boolean): void
  addMessageListener(name: string, hear: (message: { data: Answer }) => void): void
  removeMessageListener(name: string, hear: (message: { data: Answer }) => void): void
}
