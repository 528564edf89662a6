/** What runs in the page that is measured. */

export interface Sample {
  readonly tookMs: number
  readonly longestTaskMs: number
}

declare const chrome: { storage: { session: { set(items: Record<string, unknown>): Promise<void> } } }

/** What is there when it is shown. */
export interface Shown {
  readonly selector: string
  /** In the text of the first of them. */
  readonly text?: string
  readonly atLeast?: number
}

/**
 * Acts, and watches the page until it shows what comes of it. A message to itself that comes late was held up: by how much
 * is how long nothing else could run, input included. Firefox has no observer of long tasks.
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
    // Until it has been painted: a frame after the one in which it is there.
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

/** What it has seen; null until it is over. */
export function takeSample(): Sample | null {
  return (globalThis as { sample?: Sample | null }).sample ?? null
}
