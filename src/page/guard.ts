/** Set by a test build alone, in which each hook of the extension throws: the page must not notice. */
declare const __THROW_IN_HOOKS__: boolean

/**
 * Wraps each function of the bridge that the page, or the browser on its behalf, may call, so that it never throws into the page.
 * Its errors are dropped: nobody in the page's world could handle them, and the console is the page's.
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

/** The same for what happens once, however often it is called for. */
export function guardOnce(hook: () => void): () => void {
  let isOver = false
  return guard(() => {
    if (isOver) return
    isOver = true
    hook()
  })
}

/** The same for a hook that sets up others: in a build where all hooks throw, it runs first, or the others would not exist. */
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
