/** A CCP document of the fake browser: one window shared by the page's world and the content script's. */
import type { FakeBrowser, FakeWorld, Sender } from './fake-browser'
import { EXTENSION_ID } from './fake-browser'
import { loadWorld } from './load-world'
import type { State } from './streams'
import { FakeStreams } from './streams'

export interface Place {
  readonly tabId: number
  readonly frameId?: number
  readonly url?: string
  readonly username?: string
  /** That of its agent, when it opens; Available without one. */
  readonly state?: State
  readonly navigationType?: string
  /** In a private window, or in a container of Firefox. */
  readonly incognito?: boolean
  readonly cookieStoreId?: string
  /** The site around it, where that partitions its storage. */
  readonly partition?: string
  /** The path of the page around it, if that is same-site. */
  readonly parentPath?: string
  /** Its page has no `connect` object. */
  readonly isBare?: boolean
  /** What becomes of the page's own requests; without it they fail, as without a network. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

class FakeWindow extends EventTarget {
  readonly CustomEvent = CustomEvent
  readonly JSON = JSON
  readonly top: object = this
  connect: object | undefined
  /** Timers of a closed window never fire. */
  isThere = true
  override dispatchEvent(event: Event): boolean {
    return this.isThere && super.dispatchEvent(event)
  }
  readonly navigator = { onLine: false }
  readonly fetch: NonNullable<Place['fetch']> = () => Promise.reject(new TypeError('Failed to fetch'))
  readonly TextDecoder = TextDecoder
  readonly AbortController = AbortController
  readonly HTMLFormElement = class {
    readonly submit = (): void => undefined
  }
  readonly XMLHttpRequest = class {
    readonly status = 0
  }
  readonly close = (): void => undefined
  readonly setTimeout = (task: () => void, delay: number): void => {
    setTimeout(() => {
      if (this.isThere) task()
    }, delay)
  }
}

class FakeDom extends EventTarget {
  constructor(readonly readyState: string) {
    super()
  }
  querySelectorAll(): readonly never[] {
    return []
  }
}

export class FakeDocument {
  readonly window = new FakeWindow()
  readonly streams: FakeStreams
  content: FakeWorld
  /** Whether the extension that injected the scripts is still the running one. */
  private isExtensionThere = true
  private readonly sender: Sender
  /** A clock that advances at each reading, because a held page does nothing but read it. */
  private ticks = 0
  private readonly globals: Record<string, unknown>

  constructor(
    private readonly browser: FakeBrowser,
    readonly place: Place,
  ) {
    const { incognito = false, cookieStoreId } = place
    const { tabId, frameId = 0, url = 'https://acme.my.connect.aws/ccp-v2/', username = 'ada' } = place
    this.sender = {
      id: EXTENSION_ID,
      url,
      tab: { id: tabId, incognito, ...(cookieStoreId !== undefined && { cookieStoreId }) },
      frameId,
    }
    this.streams = new FakeStreams(username, place.state)
    this.streams.shows = true
    if (place.isBare !== true) this.window.connect = this.streams.connect
    const { window } = this
    if (place.fetch !== undefined) Object.assign(window, { fetch: place.fetch, navigator: { onLine: true } })
    if (frameId !== 0) Object.assign(window, { top: {} })
    const { parentPath } = place
    Object.assign(window, { parent: parentPath === undefined ? window : { location: { pathname: parentPath } } })
    const { origin, pathname, hostname, href } = new URL(url)
    this.globals = {
      window,
      location: { origin, pathname, hostname, href },
      performance: {
        now: () => (this.ticks += 1),
        getEntriesByType: () => [{ type: place.navigationType ?? 'navigate' }],
      },
      HTMLAnchorElement: class {
        readonly href = ''
      },
      sessionStorage: {
        getItem: (key: string) => browser.tabs.get(tabId)?.storage.get(key) ?? null,
        setItem: (key: string, value: string) => void browser.tabs.get(tabId)?.storage.set(key, value),
      },
      crypto,
      BroadcastChannel: browser.air.channelClass(
        [origin, incognito, cookieStoreId, place.partition].join(),
        () => window.isThere,
      ),
      CustomEvent,
      URL,
      Date,
      Promise,
      setTimeout: window.setTimeout,
      __THROW_IN_HOOKS__: false,
    }
    this.content = browser.contentWorld(this.sender)
    this.inject(false)
  }

  /** Injects the extension's scripts: at the document's start, or into a page that is already there. */
  inject(late: boolean): void {
    const own = { isThere: true }
    this.retireScripts()
    this.leaveBehind = () => {
      own.isThere = false
    }
    this.content = this.browser.contentWorld(this.sender, () => own.isThere && this.isExtensionThere)
    const globals = { ...this.globals, document: new FakeDom(late ? 'complete' : 'loading') }
    const loadPage = (): unknown => loadWorld('page/entry', globals, null)
    const loadContent = (): unknown =>
      loadWorld('content/entry', { ...globals, globalThis: {}, chrome: this.browser.api(this.content) }, null)
    // An existing page gets the content script first; in a new one the order is not defined.
    const order = late ? [loadContent, loadPage] : [loadPage, loadContent]
    for (const load of order) load()
  }

  private leaveBehind = (): void => undefined
  /** After an update the old version's scripts keep running, without an extension. */
  retireScripts(): void {
    this.leaveBehind()
  }

  /** The extension is removed or switched off. */
  removeExtension(): void {
    this.isExtensionThere = false
    this.content.die()
  }

  private fire(type: string, isPersisted = false): void {
    this.window.dispatchEvent(Object.assign(new Event(type), { persisted: isPersisted }))
  }

  beforeUnload(): void {
    this.fire('beforeunload')
  }

  /** `beforeunload`, then the end; an instance that answers at once does so in between. */
  async unload(): Promise<void> {
    this.fire('beforeunload')
    for (let turns = 0; turns < 5; turns += 1) await Promise.resolve()
    this.end()
  }

  /** What a frame receives when its parent removes it, and the last event of every other document. */
  end(): void {
    this.fire('pagehide')
    this.vanish()
  }

  /** Enters the back/forward cache; `thaw` brings it back unchanged. */
  freeze(): void {
    this.fire('pagehide', true)
  }
  thaw(): void {
    this.fire('pageshow', true)
  }

  /** The renderer dies: no further event of it arrives. */
  vanish(): void {
    this.window.isThere = false
    this.content.die()
  }
}
