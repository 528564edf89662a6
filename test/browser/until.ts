/** How long to keep asking, and how often. */
export interface Patience {
  timeout?: number
  /**
   * The pause between two checks, in ms. Each check costs the checked browser: at 25 ms, a third of a core. By
   * default a fifth of the time waited so far, so that a long wait costs little and a short one is noticed soon.
   */
  every?: number
  /**
   * How long one check may take before it is repeated: for checks of something that may die meanwhile, and never
   * answer.
   */
  each?: number
}

const SHORTEST_MS = 40
const LONGEST_MS = 400

/**
 * Asks until the answer is truthy, and returns it. A check that throws counts as "not yet", because pages, windows
 * and workers come and go meanwhile. The error of the last check is reported when the time is over.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeout = 60_000, every, each = Math.min(timeout, 20_000) }: Patience = {},
): Promise<NonNullable<Exclude<T, false | '' | 0>>> {
  const start = Date.now()
  const end = start + timeout
  let trouble: unknown
  while (Date.now() < end) {
    try {
      const answer = await within(ask(), Math.min(each, end - Date.now()), what)
      if (answer) return answer as NonNullable<Exclude<T, false | '' | 0>>
      trouble = undefined
    } catch (error) {
      trouble = error
    }
    await new Promise((resolve) => setTimeout(resolve, every ?? pauseAfter(Date.now() - start)))
  }
  const why = trouble instanceof Error ? `\n${trouble.message}` : ''
  throw new Error(`Waited ${timeout} ms in vain for: ${what}${why}`, { cause: trouble })
}

/** The pause before the next check, after waiting for this many ms. */
function pauseAfter(waited: number): number {
  return Math.min(SHORTEST_MS + waited / 5, LONGEST_MS)
}

/** The promise, or an error after this many milliseconds: a dying page may never answer. */
async function within<T>(promise: T | Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`No answer within ${Math.round(milliseconds)} ms: ${what}`)),
      milliseconds,
    )
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
