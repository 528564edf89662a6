/** A CCP document of the fake browser: a window that both worlds share, a page's world and a content script's. */
import type { FakeBrowser, FakeWorld, Sender } from './fake-browser'
import { EXTENSION_ID } from './fake-browser'
import { loadWorld } from './load-world'
import { FakeStreams } from './streams'

export interface Place {
  readonly tabId: number
  readonly frameId?: number
  readonly url?: string
  readonly username?: string
  readonly navigationType?: string
  /** In a private window, or in a container of Firefox. */
  readonly incognito?: boolean
  readonly cookieStoreId?: string
  /** The site around it, where that sets its storage apart. */
  readonly partition?: string
  /** The path of the page around it, where that is of the same site. */
  readonly parentPath?: string
  /** Its page has no `connect` object. */
  readonly isBare?: boolean
}

class FakeWindow extends EventTarget {
  readonly CustomEvent = CustomEvent
  readonly JSON = JSON
  readonly top: object = this
  connect: object | undefined
  /** Timers of a window that has gone never ring. */
  isThere = true
  override dispatchEvent(event: Event): boolean {
    return this.isThere && super.dispatchEvent(event)
  }
  /** Requests of the page reach nobody: to it, the network is gone. */
  readonly navigator = { onLine: false }
  readonly fetch = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'))
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
  /** Whether the extension that put its scripts in here is still the one that runs. */
  private isExtensionThere = true
  private readonly sender: Sender
  /** A clock that goes on by itself: a page that is held looks at it, and does nothing else. */
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
    this.streams = new FakeStreams(username)
    this.streams.shows = true
    if (place.isBare !== true) this.window.connect = this.streams.connect
    const { window } = this
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

  /** Puts the scripts of the extension in: at the document's start, or into a page that is there already. */
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
    // A page that is there already gets the content script first; a new one has no order that could be relied on.
    const order = late ? [loadContent, loadPage] : [loadPage, loadContent]
    for (const load of order) load()
  }

  private leaveBehind = (): void => undefined
  /** An update leaves the scripts of the old version running, without an extension. */
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

  /** What a frame gets that its parent removes, and what comes last for every other. */
  end(): void {
    this.fire('pagehide')
    this.vanish()
  }

  /** Goes into the back/forward cache, and comes back from there as it was. */
  freeze(): void {
    this.fire('pagehide', true)
  }
  thaw(): void {
    this.fire('pageshow', true)
  }

  /** The renderer dies: no event of it is ever heard. */
  vanish(): void {
    this.window.isThere = false
    this.content.die()
  }
}
