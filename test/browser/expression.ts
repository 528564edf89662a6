/** A function that can be sent to another world as source: it may use only its arguments and that world's globals. */
export type Sendable<A extends unknown[], R> = (...args: A) => R

/**
 * The function and its arguments as one expression, whose value is a promise of the result as JSON. All worlds (page,
 * background, the browser's own) use this form, so that both browsers return the same values.
 */
export function expressionOf<A extends unknown[], R>(fn: Sendable<A, R>, args: A): string {
  // Under tsx, esbuild's keepNames wraps inner functions in a helper __name() that the other world does not have.
  return `(async () => {
    const __name = (f) => f
    return JSON.stringify({ value: await (${fn.toString()})(...${JSON.stringify(args)}) })
  })()`
}

/** The value in the JSON that such an expression returned. */
export function valueOf<R>(json: unknown): Awaited<R> {
  if (typeof json !== 'string') throw new Error(`Not the answer of a sent function: ${String(json)}`)
  return (JSON.parse(json) as { value: Awaited<R> }).value
}
