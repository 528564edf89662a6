import type { Browser as Driver, Page as DriverPage } from 'puppeteer-core'
import { expressionOf, valueOf, type Sendable } from './expression'

/** The raw WebDriver BiDi connection, which the driver does not expose. */
interface Bidi {
  connection: { send(method: string, params: object): Promise<{ result: BidiResult }> }
}

interface BidiResult {
  contexts?: { context: string }[]
  type?: string
  result?: { value?: unknown }
  exceptionDetails?: { text: string }
}

/** Sends a raw WebDriver BiDi command. */
export async function bidi(driver: Driver, method: string, params: object): Promise<BidiResult> {
  const { result } = await (driver as unknown as Bidi).connection.send(method, params)
  return result
}

/** The id of the page's main document in WebDriver BiDi. */
export function contextOf(page: DriverPage): string {
  return (page.mainFrame() as unknown as { _id: string })._id
}

/** Evaluates a function in Firefox's own window, with all privileges; needs --remote-allow-system-access. */
export async function inChromeScope<A extends unknown[], R>(
  driver: Driver,
  fn: Sendable<A, R>,
  ...args: A
): Promise<Awaited<R>> {
  const { contexts } = await bidi(driver, 'browsingContext.getTree', { 'moz:scope': 'chrome', maxDepth: 0 })
  const context = contexts?.[0]?.context
  if (context === undefined) throw new Error('Firefox has no window')
  const answer = await bidi(driver, 'script.evaluate', {
    expression: expressionOf(fn, args),
    awaitPromise: true,
    target: { context },
  })
  if (answer.type === 'exception') throw new Error(answer.exceptionDetails?.text ?? 'unknown exception')
  return valueOf<R>(answer.result?.value)
}
