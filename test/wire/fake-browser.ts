/**
 * A browser with one extension in it: storage, tabs, alarms, notifications and messages between worlds. Each world
 * has its own API; messages from a content script carry the sender that the browser knows, whatever the script
 * claims.
 */
import manifest from '../../manifest.json'
import { copy, FakeEvent } from './events'
import { FakeAir } from './fake-broadcast'

export const EXTENSION_ID = 'the-extension'
const BASE = `chrome-extension://${EXTENSION_ID}/`

export interface Sender {
  readonly id?: string
  readonly url?: string
  readonly tab?: { readonly id: number; readonly incognito?: boolean; readonly cookieStoreId?: string }
  readonly frameId?: number
}

export interface FakeTab {
  readonly id: number
  readonly windowId: number
  url: string
  status: 'loading' | 'complete'
  discarded: boolean
  /** The tab's own `sessionStorage`, which comes back with a restored tab. */
  readonly storage: Map<string, string>
}

interface Injection {
  readonly target: { readonly tabId: number; readonly frameIds?: readonly number[] }
  readonly files?: readonly string[]
  readonly world?: string
}

interface TabFilter {
  readonly urls?: readonly string[]
  readonly properties?: readonly string[]
}

type Changes = Record<string, { oldValue?: unknown; newValue?: unknown }>
type MessageListener = [message: unknown, sender: Sender, respond?: (answer: unknown) => void]

/** A promise that never settles: what a dead world waits for. */
const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

class FakeArea {
  readonly items = new Map<string, unknown>()
  /** Why nothing can be written, if so. */
  broken: string | null = null
  /** Why nothing can be read, if so. */
  refusal: string | null = null

  constructor(private readonly onChange: (changes: Changes) => void) {}

  get(keys: string | readonly string[] | null): Record<string, unknown> {
    if (this.refusal !== null) throw new Error(this.refusal)
    const wanted = keys === null ? [...this.items.keys()] : [keys].flat()
    return copy(
      Object.fromEntries(wanted.filter((key) => this.items.has(key)).map((key) => [key, this.items.get(key)])),
    )
  }

  set(items: Record<string, unknown>): void {
    if (this.broken !== null) throw new Error(this.broken)
    const changes: Changes = {}
    for (const [key, value] of Object.entries(items)) {
      changes[key] = { oldValue: this.items.get(key), newValue: copy(value) }
      this.items.set(key, copy(value))
    }
    this.onChange(changes)
  }

  remove(keys: string | string[]): void {
    const changes: Changes = {}
    for (const key of [keys].flat()) {
      if (this.items.has(key)) changes[key] = { oldValue: this.items.get(key) }
      this.items.delete(key)
    }
    if (Object.keys(changes).length > 0) this.onChange(changes)
  }
}

export class FakePort {
  readonly onDisconnect = new FakeEvent<[FakePort]>()
  readonly onMessage = new FakeEvent<[unknown]>()
  other: FakePort | null = null
  constructor(
    readonly name: string,
    readonly sender?: Sender,
  ) {}
  /** Only the other end gets the event. */
  readonly disconnect = (): void => {
    const { other } = this
    this.other = null
    if (other === null) return
    other.other = null
    other.onDisconnect.emit(other)
  }
}

/** A world in which the extension's code runs. */
export class FakeWorld {
  isAlive = true
  /** How many more calls to the API it makes before it is killed. */
  callsLeft = Infinity
  readonly onMessage = new FakeEvent<MessageListener>()
  readonly onConnect = new FakeEvent<[FakePort]>()
  readonly onChanged = new FakeEvent<[Changes, string]>()
  readonly onAlarm = new FakeEvent<[{ name: string; scheduledTime: number }]>()
  readonly onIdleState = new FakeEvent<['active' | 'idle' | 'locked']>()
  readonly onWindowCreated = new FakeEvent<[]>()
  readonly onWindowRemoved = new FakeEvent<[]>()
  readonly onRemoved = new FakeEvent<[number, { windowId: number; isWindowClosing: boolean }]>()
  readonly onUpdated = new FakeEvent<[number]>()
  /** The machine is online again: an event of the world itself, which wakes no worker. */
  readonly onOnline = new FakeEvent<[]>()
  readonly onInstalled = new FakeEvent<[{ reason: string }]>()
  readonly onUpdateAvailable = new FakeEvent<[]>()
  readonly onStartup = new FakeEvent<[]>()
  readonly onPermissionsAdded = new FakeEvent<[]>()
  readonly onPermissionsRemoved = new FakeEvent<[]>()
  readonly onNoticeClicked = new FakeEvent<[string]>()
  readonly onButtonClicked = new FakeEvent<[string, number]>()
  readonly ports = new Set<FakePort>()
  readonly onDeath = new FakeEvent<[]>()

  /** Makes a call one turn later; never answers in a world that has died meanwhile. */
  async call<T>(work: () => T | Promise<T>): Promise<T> {
    if (!this.isAlive) return never()
    this.callsLeft -= 1
    if (this.callsLeft < 0) {
      this.die()
      return never()
    }
    await Promise.resolve()
    if (this.isDead()) return never()
    const answer = await work()
    return this.isDead() ? never() : answer
  }

  private isDead(): boolean {
    return !this.isAlive
  }

  die(): void {
    if (!this.isAlive) return
    this.isAlive = false
    for (const port of this.ports) port.disconnect()
    this.onDeath.emit()
  }
}

export class FakeBrowser {
  /** The air through which documents talk without the extension. */
  readonly air = new FakeAir()
  readonly tabs = new Map<number, FakeTab>()
  readonly alarms = new Map<string, number>()
  /** The period of repeating alarms, in minutes. */
  private readonly periods = new Map<string, number>()
  readonly notices = new Map<string, Record<string, unknown>>()
  readonly injected: { tabId: number; frameId: number; file: string; world: string }[] = []
  /** The content scripts registered while the extension runs. */
  readonly registered = new Set<string>()
  /** The frames of a tab, the result of a script run in each, and whether a frame can be reached only by its number. */
  readonly frames = new Map<number, { frameId: number; result: string | null; isHidden?: true }[]>()
  readonly opened: string[] = []
  readonly focused: number[] = []
  /** What a page does when the extension has navigated its tab, or closes it. */
  onNavigated: (tabId: number, url: string) => void = () => undefined
  onClosing: (tabId: number) => void = () => undefined
  private nextTabId = 100
  readonly badge = { text: '', title: '' }
  reloads = 0
  areHostsGranted = true
  /** Whether the browser manages data consents, as Firefox does. */
  keepsConsents = false
  readonly consents = new Set<string>()
  isInPrivate = false
  noticeLevel: 'granted' | 'denied' = 'granted'
  /** A desktop that accepts a notification and never answers. */
  noticesHang = false
  /** Tabs that the extension may not access. */
  readonly closedTabs = new Set<number>()
  /** Chromium: messages from a closing page wake a stopped worker, and are lost. */
  losesMessagesOfStoppedWorker = true
  /** Whether no message arrives, as where the background hangs. */
  losesMessages = false
  /** What starts the background, and the world it has started. */
  startBackground: ((world: FakeWorld) => void) | null = null
  background: FakeWorld | null = null
  private readonly documents = new Map<FakeWorld, { sender: Sender; isThere: () => boolean }>()
  readonly local = new FakeArea((changes) => this.onStorageChange(changes, 'local'))
  /** The extension's own IndexedDB; changes are announced to its contexts through `storage.session`. */
  readonly own = new FakeArea((changes) =>
    this.onStorageChange(
      Object.fromEntries(Object.entries(changes).map(([key, change]) => [`stored:${key}`, change])),
      'session',
    ),
  )
  readonly session = new FakeArea((changes) => this.onStorageChange(changes, 'session'))
  /** The policy, and how the extension was installed. */
  readonly managed = new FakeArea((changes) => this.onStorageChange(changes, 'managed'))
  installType = 'normal'
  /** The base address of the extension's own pages. */
  base = BASE

  /** The state of the machine, and the idle interval that the extension has set, in seconds. */
  presence: 'active' | 'idle' | 'locked' = 'active'
  idleSeconds: number | null = null

  becomes(presence: 'active' | 'idle' | 'locked'): void {
    this.presence = presence
    this.wake().onIdleState.emit(presence)
  }

  addTab(id: number, url: string, windowId = 1): FakeTab {
    const tab: FakeTab = { id, windowId, url, status: 'complete', discarded: false, storage: new Map() }
    this.tabs.set(id, tab)
    return tab
  }

  removeTab(tabId: number, isWindowClosing = false): void {
    this.onClosing(tabId)
    this.tabs.delete(tabId)
    this.wake().onRemoved.emit(tabId, { windowId: 1, isWindowClosing })
  }

  /** Firefox: a property of a tab changes; this wakes a listener with a matching filter. A crash of its process changes the title. */
  changeTab(tabId: number, property: 'status' | 'title'): void {
    const { urls = [], properties = [] } = this.tabFilter ?? {}
    const url = this.tabs.get(tabId)?.url ?? ''
    if (properties.includes(property) && urls.some((pattern) => matches(pattern, url)))
      this.wake().onUpdated.emit(tabId)
  }
  private tabFilter: TabFilter | null = null

  stopWorker(): void {
    const world = this.background
    this.background = null
    world?.die()
  }

  /** Returns the background, and starts it if it was stopped. */
  wake(): FakeWorld {
    if (this.background?.isAlive) return this.background
    const world = new FakeWorld()
    this.background = world
    this.startBackground?.(world)
    return world
  }

  /** The world of a content script; `isThere` turns false when an update has orphaned it. */
  contentWorld(sender: Sender, isThere: () => boolean = () => true): FakeWorld {
    const world = new FakeWorld()
    this.documents.set(world, { sender, isThere })
    return world
  }

  async deliver(message: unknown, sender: Sender, isLast = false): Promise<unknown> {
    if (this.losesMessages) return undefined
    const wasStopped = this.background?.isAlive !== true
    const world = this.wake()
    if (wasStopped && isLast && this.losesMessagesOfStoppedWorker) return undefined
    const answers = world.onMessage.emit(copy(message), sender).filter((answer) => answer !== undefined)
    return copy(await Promise.resolve(answers[0]))
  }

  connect(name: string, from: FakeWorld, sender: Sender): FakePort {
    const near = new FakePort(name)
    const far = new FakePort(name, sender)
    near.other = far
    far.other = near
    from.ports.add(near)
    const world = this.wake()
    world.ports.add(far)
    world.onConnect.emit(far)
    return near
  }

  /** Due alarms ring, and wake the worker. */
  ringAlarms(now: number): void {
    for (const [name, when] of [...this.alarms]) {
      if (when > now) continue
      this.alarms.delete(name)
      const minutes = this.periods.get(name)
      if (minutes !== undefined) this.alarms.set(name, now + minutes * 60_000)
      this.wake().onAlarm.emit({ name, scheduledTime: when })
    }
  }

  /** A frozen tab receives nothing, and never answers. */
  freezeTab(tabId: number): void {
    this.frozenTabs.add(tabId)
  }
  private readonly frozenTabs = new Set<number>()

  async tellTab(tabId: number, message: unknown, frameId: number | undefined): Promise<unknown> {
    if (this.frozenTabs.has(tabId)) return never()
    const answers: unknown[] = []
    for (const [world, { sender }] of this.documents) {
      if (!world.isAlive || sender.tab?.id !== tabId || (frameId !== undefined && sender.frameId !== frameId)) continue
      const background = { id: EXTENSION_ID, url: `${BASE}background.js` }
      const given: unknown[] = []
      const returned = world.onMessage.emit(copy(message), background, (said) => given.push(said))
      answers.push(...given, ...returned)
    }
    if (answers.length === 0) throw new Error('Could not establish connection. Receiving end does not exist.')
    return copy(await Promise.resolve(answers.find((answer) => answer !== undefined)))
  }

  private onStorageChange(changes: Changes, area: string): void {
    queueMicrotask(() => this.wake().onChanged.emit(copy(changes), area))
  }

  /** The API as `world` sees it; a world without a sender is the background. */
  api(world: FakeWorld): object {
    const call = world.call.bind(world)
    const own = this.documents.get(world)
    const area = (items: FakeArea) => ({
      get: (keys: string | readonly string[] | null = null) => call(() => items.get(keys)),
      set: (values: Record<string, unknown>) => {
        // What a dying page stores is under way before the call returns.
        if (own === undefined) return call(() => items.set(values))
        items.set(values)
        return Promise.resolve()
      },
      remove: (keys: string | string[]) => call(() => items.remove(keys)),
    })
    const isThere = (): boolean => own === undefined || own.isThere()
    return {
      runtime: {
        get id(): string | undefined {
          return isThere() ? EXTENSION_ID : undefined
        },
        getURL: (path: string) => this.base + path,
        getManifest: () => ({
          version: '1.2.3',
          host_permissions: ['https://*.my.connect.aws/*'],
          ...(this.keepsConsents && { browser_specific_settings: manifest.browser_specific_settings }),
        }),
        getPlatformInfo: () => call(() => ({ os: 'linux' })),
        reload: () => {
          this.reloads += 1
        },
        sendMessage: (message: unknown) => {
          if (own === undefined || !own.isThere()) return Promise.reject(new Error('Extension context invalidated.'))
          const { news } = message as { news?: { type: string } }
          const isLast = ['closing', 'result', 'stayed', 'gone'].includes(news?.type ?? '')
          return this.deliver(message, own.sender, isLast)
        },
        connect: ({ name }: { name: string }) => {
          if (own === undefined || !own.isThere()) throw new Error('Extension context invalidated.')
          return this.connect(name, world, own.sender)
        },
        onMessage: world.onMessage,
        onConnect: world.onConnect,
        onInstalled: world.onInstalled,
        onStartup: world.onStartup,
        onUpdateAvailable: world.onUpdateAvailable,
      },
      /** Stands in for src/storage/own-store. */
      ownStore: {
        ...area(this.own),
        update: (key: string, change: (value: unknown) => unknown) =>
          call(() => this.own.set({ [key]: change(this.own.get(key)[key]) })),
      },
      storage: {
        local: area(this.local),
        session: area(this.session),
        managed: { get: () => call(() => this.managed.get(null)) },
        onChanged: world.onChanged,
      },
      management: { getSelf: () => call(() => ({ installType: this.installType })) },
      tabs: {
        get: (tabId: number) =>
          call(() => {
            const tab = this.tabs.get(tabId)
            if (tab === undefined) throw new Error(`No tab with id: ${tabId}.`)
            return { ...tab }
          }),
        query: ({ url }: { url?: string | readonly string[] }) =>
          call(() =>
            [...this.tabs.values()].filter((tab) => url === undefined || [url].flat().some((p) => matches(p, tab.url))),
          ),
        create: ({ url, windowId = 1 }: { url: string; windowId?: number }) =>
          call(() => {
            this.opened.push(url)
            return { ...this.addTab((this.nextTabId += 1), url, windowId) }
          }),
        update: (tabId: number, { url }: { url?: string }) =>
          call(() => {
            const tab = this.tabs.get(tabId)
            if (tab === undefined) throw new Error(`No tab with id: ${tabId}.`)
            if (url !== undefined) {
              tab.url = url
              this.onNavigated(tabId, url)
            }
            return { ...tab }
          }),
        remove: (tabId: number) =>
          call(() => {
            if (!this.tabs.has(tabId)) throw new Error(`No tab with id: ${tabId}.`)
            this.removeTab(tabId)
          }),
        sendMessage: (tabId: number, message: unknown, options: { frameId?: number } = {}) =>
          call(() => this.tellTab(tabId, message, options.frameId)),
        onRemoved: world.onRemoved,
        onUpdated: {
          addListener: (listener: (tabId: number) => void, filter: TabFilter) => {
            this.tabFilter = filter
            world.onUpdated.addListener(listener)
          },
        },
      },
      windows: {
        update: (windowId: number) => call(() => void this.focused.push(windowId)),
        getAll: () =>
          call(() => [...new Set([...this.tabs.values()].map(({ windowId }) => windowId))].map((id) => ({ id }))),
        create: ({ url }: { url: string }) =>
          call(() => {
            this.opened.push(url)
            const id = (this.nextTabId += 1)
            return { id, tabs: [{ ...this.addTab(id, url, id) }] }
          }),
        onCreated: world.onWindowCreated,
        onRemoved: world.onWindowRemoved,
      },
      alarms: {
        create: (name: string, { when, periodInMinutes: minutes }: { when?: number; periodInMinutes?: number }) =>
          call(() => {
            this.periods.delete(name)
            if (minutes !== undefined) this.periods.set(name, minutes)
            this.alarms.set(name, when ?? Date.now() + (minutes ?? 0) * 60_000)
          }),
        clear: (name: string) =>
          call(() => {
            this.periods.delete(name)
            return this.alarms.delete(name)
          }),
        get: (name: string) =>
          call(() => {
            const scheduledTime = this.alarms.get(name)
            const periodInMinutes = this.periods.get(name)
            return scheduledTime === undefined ? undefined : { name, scheduledTime, periodInMinutes }
          }),
        onAlarm: world.onAlarm,
      },
      idle: {
        setDetectionInterval: (seconds: number) => void (this.idleSeconds = seconds),
        queryState: () => call(() => this.presence),
        onStateChanged: world.onIdleState,
      },
      notifications: {
        create: (id: string, notice: Record<string, unknown>) =>
          call(() => (this.noticesHang ? never() : void this.notices.set(id, notice))),
        getAll: () => call(() => Object.fromEntries([...this.notices.keys()].map((id) => [id, true]))),
        clear: (id: string) => call(() => this.notices.delete(id)),
        getPermissionLevel: () => call(() => this.noticeLevel),
        onClicked: world.onNoticeClicked,
        onButtonClicked: world.onButtonClicked,
      },
      action: {
        getBadgeText: () => call(() => this.badge.text),
        getTitle: () => call(() => this.badge.title),
        setBadgeText: ({ text }: { text: string }) => call(() => void (this.badge.text = text)),
        setBadgeBackgroundColor: () => call(() => undefined),
        setTitle: ({ title }: { title: string }) => call(() => void (this.badge.title = title)),
      },
      permissions: {
        contains: () => call(() => this.areHostsGranted),
        getAll: () => call(() => ({ data_collection: [...this.consents] })),
        onAdded: world.onPermissionsAdded,
        onRemoved: world.onPermissionsRemoved,
      },
      extension: { isAllowedIncognitoAccess: () => call(() => this.isInPrivate) },
      scripting: {
        registerContentScripts: (scripts: readonly { id: string }[]) =>
          call(() => scripts.forEach(({ id }) => this.registered.add(id))),
        unregisterContentScripts: ({ ids }: { ids: readonly string[] }) =>
          call(() => {
            if (ids.some((id) => !this.registered.delete(id))) throw new Error('Nonexistent script ID.')
          }),
        executeScript: (injection: Injection) =>
          call(() => {
            const { tabId, frameIds } = injection.target
            if (this.closedTabs.has(tabId)) throw new Error('Cannot access contents of the page.')
            const frames = (this.frames.get(tabId) ?? [{ frameId: 0, result: this.tabs.get(tabId)?.url ?? '' }]).filter(
              ({ frameId, isHidden }) => (frameIds === undefined ? isHidden !== true : frameIds.includes(frameId)),
            )
            // A function only reads; files are injected.
            for (const file of injection.files ?? []) {
              for (const { frameId } of frames) {
                this.injected.push({ tabId, frameId, file, world: injection.world ?? 'ISOLATED' })
              }
            }
            return frames.map(({ frameId, result }) => ({ frameId, result }))
          }),
      },
      i18n: {
        getMessage: (key: string, values: readonly string[] = []) => [key, ...values].join(' '),
        getUILanguage: () => 'en',
      },
    }
  }
}

/** Match patterns of the kind `https://*.host/path*`. */
function matches(pattern: string, url: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')
  return new RegExp(`^${source}$`).test(url)
}
