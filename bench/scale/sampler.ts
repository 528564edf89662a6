/** Functions that run in the page that is measured. */

export interface Sample {
  readonly tookMs: number
  readonly longestTaskMs: number
}

declare const chrome: { storage: { session: { set(items: Record<string, unknown>): Promise<void> } } }

/** What the page shows once the result is there: elements that match the selector. */
export interface Shown {
  readonly selector: string
  /** A part of the first element's text. */
  readonly text?: string
  /** How many elements there must be (1). */
  readonly atLeast?: number
}

/**
 * Acts in the page, and watches it until it shows the result. The sampler keeps sending messages to itself: the longest
 * gap between two is how long nothing else could run, input included. (Firefox has no observer for long tasks.)
 * @param act a key of `acts`
 * @param value the act's argument: a selector, a text to search for, or a choice
 */
export function startSampler(act: string, value: string, { selector, text = '', atLeast = 1 }: Shown): void {
  const isShown = (): boolean => {
    const found = document.querySelectorAll(selector)
    return found.length >= atLeast && found[0]?.textContent.includes(text) === true
  }
  const choose = (place: string, choice: string): void => {
    const field = document.querySelector<HTMLSelectElement>(place)
    if (field) field.value = choice
    field?.dispatchEvent(new Event('change'))
  }
  const acts: Record<string, () => void> = {
    none: () => undefined,
    hash: () => void (location.hash = value),
    click: () => document.querySelector<HTMLElement>(value)?.click(),
    scroll: () => scrollTo(0, document.documentElement.scrollHeight),
    revision: () => {
      document.querySelector('#log-count')?.replaceChildren()
      void chrome.storage.session.set({ 'stored:log': Date.now() })
    },
    search: () => {
      const field = document.querySelector<HTMLInputElement>('#log-search')
      if (field) field.value = value
      field?.dispatchEvent(new Event('input'))
    },
    outcome: () => choose('#log-outcome', value),
    agent: () => {
      const options = [...(document.querySelector<HTMLSelectElement>('#log-agent')?.options ?? [])]
      choose('#log-agent', options.find(({ text }) => text.startsWith(value))?.value ?? '')
    },
  }
  const page = globalThis as { sample?: Sample | null }
  page.sample = null
  const channel = new MessageChannel()
  let last = performance.now()
  let longestTaskMs = 0
  let shownAt: number | null = null
  const began = last
  channel.port1.onmessage = () => {
    const now = performance.now()
    longestTaskMs = Math.max(longestTaskMs, now - last)
    last = now
    // Counts until it has been painted, one frame after the result is there.
    if (shownAt === null && isShown()) {
      shownAt = now
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          page.sample = { tookMs: performance.now() - began, longestTaskMs }
        }),
      )
    }
    if (page.sample === null) channel.port2.postMessage(null)
  }
  channel.port2.postMessage(null)
  acts[act]?.()
}

/** The sample; null until the page has shown the result. */
export function takeSample(): Sample | null {
  return (globalThis as { sample?: Sample | null }).sample ?? null
}
