/** Set by a build for tests alone, in which each of our hooks throws: the page must not notice. */
declare const __THROW_IN_HOOKS__: boolean

/**
 * Wraps each function of the bridge that the page, or the browser on its behalf, may call, so that it never throws into the page.
 * An error of our own is dropped: there is nobody in the page's world to tell, and the page's console is not ours.
 */
export function guard<Args extends unknown[]>(hook: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      if (__THROW_IN_HOOKS__) throw new Error('Injected by a test')
      hook(...args)
    } catch {
      // The page goes on as stock.
    }
  }
}

/** The same for a hook that sets up others: where a test has all of them throw, it runs first, or there would be none. */
export function guardSetUp<Args extends unknown[]>(hook: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      hook(...args)
      if (__THROW_IN_HOOKS__) throw new Error('Injected by a test')
    } catch {
      // The page goes on as stock.
    }
  }
}
