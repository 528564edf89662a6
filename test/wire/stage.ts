/** The extension in its fake browser, as the stories need it. */
import 'fake-indexeddb/auto'
import type { LogEntry } from '../../src/domain/log-entry'
import type { LogStore } from '../../src/storage/log-store'
import { openLog } from '../../src/storage/log-store'
import type { FakeWorld } from './fake-browser'
import { EXTENSION_ID, FakeBrowser } from './fake-browser'
import type { Place } from './fake-document'
import { FakeDocument } from './fake-document'
import { FakeInstance } from './fake-instance'
import { loadWorld } from './load-world'

/** IndexedDB and the promises between worlds need turns of the event loop, but no time. */
const TURNS = 60
const turn = (): Promise<void> => new Promise((done) => setImmediate(done))

export class Stage {
  private log!: LogStore
  /** What the background finds when it asks after a close; at first nobody is signed in. */
  readonly instance = new FakeInstance()
  /** What `Math.random()` gives the background. Were it left to chance, each run would ask again at other times. */
  random = 0.5

  constructor(readonly browser: FakeBrowser = new FakeBrowser()) {}

  static async open(): Promise<Stage> {
    jest.useFakeTimers({
      now: new Date('2026-01-05T09:00:00Z'),
      doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick'],
    })
    const stage = new Stage()
    stage.log = await openLog()
    await stage.log.clear()
    await stage.start()
    return stage
  }

  /** Starts the browser again with what the last run left on its disk: storage and log. */
  static async openAgain(last: Stage): Promise<Stage> {
    const browser = new FakeBrowser()
    for (const [key, value] of last.browser.local.items) browser.local.items.set(key, value)
    for (const [key, value] of last.browser.own.items) browser.own.items.set(key, value)
    const stage = new Stage(browser)
    stage.log = last.log
    await stage.start()
    return stage
  }

  private async start(): Promise<void> {
    this.browser.startBackground = (world) => this.startBackground(world)
    this.browser.wake()
    await this.settle()
  }

  private startBackground(world: FakeWorld): void {
    const timers = new Set<ReturnType<typeof setTimeout>>()
    world.onDeath.addListener(() => timers.forEach((timer) => clearTimeout(timer)))
    const globals = {
      setTimeout: (task: () => void, delay: number) => {
        const timer = setTimeout(task, delay)
        timers.add(timer)
        return timer
      },
      clearTimeout,
      setInterval,
      clearInterval,
      crypto,
      addEventListener: (type: string, listener: () => void) => {
        if (type === 'online') world.onOnline.addListener(listener)
      },
      performance,
      fetch: this.instance.fetch,
      AbortSignal,
      navigator: { userAgent: 'Test' },
      URL,
      Date,
      Math: Object.create(Math, { random: { value: () => this.random } }) as Math,
      IDBKeyRange,
      indexedDB,
    }
    loadWorld('background/entry', globals, this.browser.api(world))
  }

  /** Lets everything happen that takes no time. */
  async settle(): Promise<void> {
    for (let left = TURNS; left > 0; left -= 1) await turn()
  }

  /** Lets time pass, in steps that timers set by timers can follow. */
  async pass(ms: number): Promise<void> {
    const steps = Math.min(10, Math.ceil(ms / 500))
    for (let step = 0; step < steps; step += 1) {
      await jest.advanceTimersByTimeAsync(ms / steps)
      this.browser.ringAlarms(Date.now())
      await this.settle()
    }
  }

  /** Opens a CCP whose agent is Available. */
  async openCcp(place: Place): Promise<FakeDocument> {
    if (!this.browser.tabs.has(place.tabId))
      this.browser.addTab(place.tabId, place.url ?? 'https://acme.my.connect.aws/ccp-v2/')
    const document = new FakeDocument(this.browser, place)
    await this.pass(200)
    return document
  }

  /** Opens a page at a CCP's address without a `connect` object, such as a sign-in page. */
  async openBare(tabId: number): Promise<FakeDocument> {
    if (!this.browser.tabs.has(tabId)) this.browser.addTab(tabId, 'https://acme.my.connect.aws/ccp-v2/')
    const document = new FakeDocument(this.browser, { tabId, isBare: true })
    await this.pass(200)
    return document
  }

  /** Sends a request as the popup. */
  async askAsPopup<T>(request: object): Promise<T> {
    const sender = { id: EXTENSION_ID, url: `${this.browser.base}popup.html` }
    const answer = (await this.browser.deliver({ kind: 'ui', ...request }, sender)) as { ok: boolean; value: T }
    expect(answer).toMatchObject({ ok: true })
    await this.settle()
    return answer.value
  }

  async entries(): Promise<LogEntry[]> {
    await this.settle()
    return this.log.newest(100)
  }

  /** The log after everything pending has had its time. */
  async finalLog(): Promise<LogEntry[]> {
    await this.pass(5_000)
    await this.pass(60_000)
    return this.entries()
  }

  async close(): Promise<void> {
    this.browser.startBackground = null
    this.browser.stopWorker()
    await this.settle()
    jest.useRealTimers()
  }
}
