/** A function that can be sent to another world by its source: it may use its arguments and that world's globals only. */
export type Sendable<A extends unknown[], R> = (...args: A) => R

/**
 * The function and its arguments as one expression, whose value is a promise of the result as JSON. All worlds (page,
 * background, the browser's own) are asked in this form, so that all give the same values in both browsers.
 */
export function expressionOf<A extends unknown[], R>(fn: Sendable<A, R>, args: A): string {
  // Under tsx, esbuild's keepNames wraps inner functions in a helper __name() that the other world does not have.
  return `(async () => {
    const __name = (f) => f
    return JSON.stringify({ value: await (${fn.toString()})(...${JSON.stringify(args)}) })
  })()`
}

/** The value in the JSON that such an expression gave. */
export function valueOf<R>(json: unknown): Awaited<R> {
  if (typeof json !== 'string') throw new Error(`Not the answer of a sent function: ${String(json)}`)
  return (JSON.parse(json) as { value: Awaited<R> }).value
}
