/** @jest-environment jsdom */
import { throwInHooks } from './hooks'
import type { ContentMessage } from '../../../src/protocol/content-messages'
import type { PageConfig } from '../../../src/protocol/page-config'
import type { PageMessage } from '../../../src/protocol/page-messages'
import { BRIDGE_GREETING, CONTENT_GREETING, toContent, toPage } from '../../../src/protocol/page-channel'
import type { natives as Natives } from '../../../src/page/natives'
import { pageConfig } from '../domain/build'
import { uuid } from '../uuid'
import { contact, FakeStreams, STATES } from '../../wire/streams'
import { bodyOf, READING } from './answers'

/** The content script's side of the channel, and whether the extension behind it is still alive. */
class Content {
  readonly heard: PageMessage[] = []
  isAlive = true
  /** Runs synchronously when the content script receives a message. */
  onHeard: (message: PageMessage) => void = () => undefined
  private readonly hear = (event: Event): void => {
    const message = JSON.parse((event as CustomEvent<string>).detail) as PageMessage
    if (message.type !== 'alive') {
      this.heard.push(message)
      this.onHeard(message)
    } else if (this.isAlive) this.say({ type: 'alive' })
  }
  constructor(readonly channel: string) {
    window.addEventListener(toContent(channel), this.hear)
  }
  greet(detail: unknown = this.channel): void {
    window.dispatchEvent(new CustomEvent(CONTENT_GREETING, { detail }))
  }
  say(message: ContentMessage): void {
    this.raw(JSON.stringify(message))
  }
  raw(detail: unknown): void {
    window.dispatchEvent(new CustomEvent(toPage(this.channel), { detail }))
  }
  of<T extends PageMessage['type']>(type: T): Extract<PageMessage, { type: T }>[] {
    return this.heard.filter((message): message is Extract<PageMessage, { type: T }> => message.type === type)
  }
}

const SINCE = STATES.available.startTimestamp.getTime()
let nth = 0
let content: Content
let streams: FakeStreams
const page = window as { connect?: unknown }
const stopped: (() => void)[] = []

/** The natives of the bridge installed last. */
let ownNatives: typeof Natives | null = null
function natives(): typeof Natives {
  if (ownNatives === null) throw new Error('No bridge is installed')
  return ownNatives
}
function install(): void {
  jest.isolateModules(() => {
    ownNatives = jest.requireActual<{ natives: typeof Natives }>('../../../src/page/natives').natives
    const { installBridge } = jest.requireActual<{ installBridge: () => void }>('../../../src/page/bridge')
    installBridge()
  })
}

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
}
const fire = (type: string, isPersisted = false): void => {
  window.dispatchEvent(Object.assign(new Event(type), { persisted: isPersisted }))
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask'] })
  nth += 1
  content = new Content(`channel-${nth}-of-the-test`)
  streams = new FakeStreams('ada')
  page.connect = streams.connect
})
afterEach(() => {
  throwInHooks(false)
  content.say({ type: 'detach' })
  stopped.splice(0).forEach((stop) => stop())
  jest.clearAllTimers()
})

function begin(): void {
  install()
  content.greet()
  content.say({ type: 'configure', config: pageConfig() })
}

/** The settings arrive first; then a Streams appears that already knows its agent. */
function beginBefore({ connect }: FakeStreams, config: Partial<PageConfig> = {}): void {
  delete page.connect
  install()
  content.greet()
  content.say({ type: 'configure', config: pageConfig(config) })
  page.connect = connect
}

describe('the handshake', () => {
  test('succeeds when the bridge loads first', () => {
    install()
    expect(content.heard).toEqual([])
    content.greet()
    expect(content.of('agent')).toMatchObject([{ agent: { username: 'ada' }, streamsVersion: '2.28.2' }])
  })

  test('succeeds when the content script loads first and the bridge greets it', () => {
    const greet = (): void => content.greet()
    window.addEventListener(BRIDGE_GREETING, greet)
    stopped.push(() => window.removeEventListener(BRIDGE_GREETING, greet))
    install()
    expect(content.of('agent')).toHaveLength(1)
  })

  test.each([null, 7, '', 'short', 'with spaces in it', 'x'.repeat(65)])(
    'is refused for the channel name %p',
    (name) => {
      install()
      content.greet(name)
      expect(content.heard).toEqual([])
    },
  )

  test('binds the bridge to the first channel: a later one is ignored', () => {
    begin()
    const forger = new Content('channel-of-a-forger')
    forger.greet()
    forger.say({ type: 'configure', config: pageConfig({ mode: 'off' }) })
    fire('beforeunload')
    expect(forger.heard).toEqual([])
    expect(streams.asked).toHaveLength(1)
  })
})

test.each(['{', '{"type":"configure"}', '{"type":"configure","config":{"mode":"loud","enqueue":true}}', 5, null])(
  'a forged message (%p) changes nothing',
  (detail) => {
    begin()
    content.raw(detail)
    fire('beforeunload')
    expect(content.of('closing')).toMatchObject([{ report: { did: { action: 'attempted' } } }])
  },
)

describe('the task of a recovery CCP', () => {
  const recover = (): void => content.say({ type: 'recover', closeId: uuid('c1') })

  test('is done with the page’s own state object, now or never, and its answer is reported', async () => {
    begin()
    streams.answer = 'at once'
    recover()
    await Promise.resolve()
    expect(streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
    expect(content.of('result')).toEqual([{ type: 'result', closeId: uuid('c1'), result: { ok: true } }])
    expect(content.of('closing')).toEqual([])
  })

  test('can start within the agent message, when Streams knew its agent before the bridge came', () => {
    beginBefore(streams)
    content.onHeard = ({ type }) => {
      if (type === 'agent') recover()
    }
    jest.advanceTimersByTime(1_000)
    expect(streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
  })
})

test('a reload’s status is restored for an agent whom Streams already knew when the bridge came', () => {
  streams.become(STATES.offline)
  const until = Date.now() + 60_000
  const state = { name: 'Disponible', type: 'routable', arn: 'arn:1', startTimestamp: 1 } as const
  beginBefore(streams, { statusRestore: { closeId: uuid('c1'), username: 'ada', count: 1, until, state } })
  jest.advanceTimersByTime(1_000)
  expect(streams.asked).toEqual([{ state: 'routable', enqueue: undefined }])
})

describe('while a restore is under way and Connect has not answered', () => {
  const state = { name: 'Disponible', type: 'routable', arn: 'arn:1', startTimestamp: 1 } as const
  const start = (count = 1): void => {
    streams.become(STATES.offline)
    beginBefore(streams, {
      statusRestore: { closeId: uuid('c1'), username: 'ada', count, until: Date.now() + 60_000, state },
    })
    jest.advanceTimersByTime(1_000)
    expect(streams.asked).toEqual([{ state: 'routable', enqueue: undefined }])
  }
  const asked = () => streams.asked.map((each) => each.state)

  test('a close assumes that the restore will succeed, and ignores the earlier Offline', () => {
    start()
    fire('beforeunload')
    fire('pagehide')
    expect(asked()).toEqual(['routable', 'offline'])
    expect(content.of('closing')).toMatchObject([
      { report: { did: { action: 'attempted' }, stateBefore: { name: 'Disponible', startTimestamp: null } } },
    ])
  })

  test('the reported facts are what Streams shows, and the status is not restored twice', () => {
    start(2)
    streams.softphone = false
    streams.become(STATES.offline)
    content.say({ type: 'configure', config: pageConfig() })
    expect(asked()).toEqual(['routable'])
    expect(content.of('agent').every(({ agent }) => agent.state.type === 'offline')).toBe(true)
  })

  test('a refused restore is not assumed: the agent is Offline, and a close has nothing to do', async () => {
    streams.answer = { type: 'ThrottlingException', message: '' }
    start()
    await settle()
    fire('beforeunload')
    expect(asked()).toEqual(['routable'])
    expect(content.of('closing')).toMatchObject([{ report: { did: { action: 'none', reason: 'not_routable' } } }])
  })

  test('a refused close is retried by the page while it stays', async () => {
    start()
    streams.answer = { type: 'ThrottlingException', message: '' }
    fire('beforeunload')
    await settle()
    jest.advanceTimersByTime(1_000)
    expect(asked()).toEqual(['routable', 'offline', 'offline'])
  })

  test('an absent agent is set Offline again, and their status is not restored', () => {
    start()
    content.say({ type: 'set_offline', kind: 'locked' })
    expect(asked()).toEqual(['routable', 'offline'])
  })

  test('a second Offline of the same close changes nothing: the restore may still arrive after it', () => {
    start()
    Object.defineProperty(window, 'parent', { value: {}, configurable: true })
    stopped.push(() => Object.defineProperty(window, 'parent', { value: window, configurable: true }))
    streams.become({ ...STATES.offline, startTimestamp: new Date(STATES.offline.startTimestamp.getTime() + 1) })
    fire('beforeunload')
    expect(asked()).toEqual(['routable', 'offline'])
  })

  test('once the restore has arrived, a later Offline is the agent’s own choice', () => {
    start()
    const since = (ms: number) => ({ startTimestamp: new Date(STATES.offline.startTimestamp.getTime() + ms) })
    streams.become({ ...STATES.available, ...since(1_000) })
    streams.become({ ...STATES.offline, ...since(20_000) })
    fire('beforeunload')
    expect(asked()).toEqual(['routable'])
  })
})

test('no status is restored for an agent who was set Offline in the meantime for being absent', () => {
  streams.become(STATES.offline)
  const until = Date.now() + 60_000
  const state = { name: 'Disponible', type: 'routable', arn: 'arn:1', startTimestamp: 1 } as const
  const owing = { statusRestore: { closeId: uuid('c1'), username: 'ada', count: 2, until, state } }
  beginBefore(streams, owing)
  jest.advanceTimersByTime(1_000)
  expect(streams.asked).toEqual([{ state: 'routable', enqueue: undefined }])
  streams.become(STATES.available)
  content.say({ type: 'set_offline', kind: 'locked' })
  expect(streams.asked.map((each) => each.state)).toEqual(['routable', 'offline'])
  streams.become(STATES.offline)
  // Long after the answer, another browser window opens, and every page is configured again.
  jest.advanceTimersByTime(15_000)
  content.say({ type: 'configure', config: pageConfig(owing) })
  expect(streams.asked.map((each) => each.state)).toEqual(['routable', 'offline'])
})

describe('the state that a close sets', () => {
  test('is reported again when the settings change, and is the state that is set', () => {
    begin()
    content.say({ type: 'configure', config: pageConfig({ targetState: 'comida' }) })
    expect(content.of('agent').map(({ agent }) => agent.offlineState?.name)).toEqual(['Sin conexión', 'Comida'])
    fire('beforeunload')
    expect(streams.asked).toMatchObject([{ state: 'not_routable' }])
    expect(content.of('closing')).toMatchObject([{ report: { did: { target: { name: 'Comida' } } } }])
  })

  test('counts as Offline', () => {
    begin()
    content.say({ type: 'configure', config: pageConfig({ targetState: 'Comida', fromStates: ['Comida'] }) })
    streams.become(STATES.lunch)
    expect(content.of('agent').at(-1)?.agent.state).toMatchObject({ name: 'Comida', type: 'offline' })
    fire('beforeunload')
    expect(streams.asked).toEqual([])
  })
})

describe('the leave dialog', () => {
  const ask = (): Event => {
    const event = new Event('beforeunload', { cancelable: true })
    window.dispatchEvent(event)
    return event
  }
  const beginAsking = (changes: Partial<PageConfig> = {}): void => {
    begin()
    content.say({ type: 'configure', config: pageConfig({ leaveDialog: 'routable', ...changes }) })
  }

  test('opens after everything has been done; a refusal to leave is reported once the page had time to unload', () => {
    beginAsking()
    expect(ask().defaultPrevented).toBe(true)
    expect(streams.asked).toHaveLength(1)
    const closeId = content.of('closing')[0]?.report.closeId
    jest.advanceTimersByTime(599)
    expect(content.of('leave_refused')).toEqual([])
    jest.advanceTimersByTime(1)
    expect(content.of('leave_refused')).toEqual([{ type: 'leave_refused', closeId }])
  })

  test('does not open by default, in observe mode, outside its setting, or without the extension', () => {
    begin()
    expect(ask().defaultPrevented).toBe(false)
    content.say({ type: 'configure', config: pageConfig({ leaveDialog: 'routable', mode: 'observe' }) })
    expect(ask().defaultPrevented).toBe(false)
    content.say({ type: 'configure', config: pageConfig({ leaveDialog: 'on_contact' }) })
    expect(ask().defaultPrevented).toBe(false)
    content.isAlive = false
    content.say({ type: 'configure', config: pageConfig({ leaveDialog: 'routable' }) })
    expect(ask().defaultPrevented).toBe(false)
    jest.advanceTimersByTime(5_000)
    expect(content.of('leave_refused')).toEqual([])
  })

  test('reports nothing when the agent leaves', () => {
    beginAsking()
    ask()
    fire('pagehide')
    jest.advanceTimersByTime(60_000)
    expect(content.of('leave_refused')).toEqual([])
    expect(content.of('stayed')).toEqual([])
  })

  test('leads to one close when answered with Leave, whatever snapshots arrived while it was open', () => {
    beginAsking()
    ask()
    streams.become({ ...STATES.available, startTimestamp: new Date(SINCE + 285) })
    fire('pagehide')
    expect(content.of('closing')).toHaveLength(1)
    expect(content.of('stayed')).toEqual([])
  })

  test('reports “stayed” when the agent chooses; trying again is a new close', () => {
    beginAsking()
    ask()
    jest.advanceTimersByTime(600)
    content.say({ type: 'leave_choice', choice: 'try_again' })
    const [first, second] = content.of('closing').map(({ report }) => report)
    expect(content.of('stayed')).toEqual([{ type: 'stayed', closeId: first?.closeId }])
    expect(second).toMatchObject({ event: 'try_again', did: { action: 'attempted' } })
    expect(streams.asked).toHaveLength(2)
    // Leaving the page after that is a third close.
    ask()
    expect(content.of('closing')).toHaveLength(3)
  })

  test('is skipped once after the agent chooses to close', () => {
    beginAsking()
    const close = jest.spyOn(natives(), 'close').mockImplementation(() => undefined)
    ask()
    content.say({ type: 'leave_choice', choice: 'close' })
    expect(close).toHaveBeenCalledTimes(1)
    expect(ask().defaultPrevented).toBe(false)
    jest.advanceTimersByTime(600)
    expect(ask().defaultPrevented).toBe(true)
  })

  test('opens again if the agent then chooses to stay', () => {
    beginAsking()
    jest.spyOn(natives(), 'close').mockImplementation(() => undefined)
    ask()
    content.say({ type: 'leave_choice', choice: 'close' })
    content.say({ type: 'leave_choice', choice: 'stay' })
    expect(ask().defaultPrevented).toBe(true)
  })
})

describe('a close', () => {
  test('by beforeunload followed by pagehide counts once: one call, one report, one answer', async () => {
    streams.answer = 'at once'
    begin()
    fire('beforeunload')
    fire('pagehide')
    await settle()
    expect(streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
    const [closing, result] = content.heard.slice(-2)
    expect(closing).toMatchObject({
      type: 'closing',
      report: { event: 'beforeunload', stateBefore: { type: 'routable' } },
    })
    expect(result).toMatchObject({ type: 'result', result: { ok: true } })
    expect(content.of('closing')).toHaveLength(1)
    expect(content.of('result')[0]?.closeId).toBe(content.of('closing')[0]?.report.closeId)
  })

  test('by pagehide alone also counts', () => {
    begin()
    fire('pagehide')
    expect(content.of('closing')).toMatchObject([{ report: { event: 'pagehide', did: { action: 'attempted' } } }])
    expect(streams.asked).toHaveLength(1)
  })

  test('is not reported for a link that leaves the page in place, until pagehide shows that the page goes', () => {
    begin()
    const link = document.createElement('a')
    link.href = 'tel:112'
    document.body.append(link)
    stopped.push(() => link.remove())
    link.dispatchEvent(new Event('click', { bubbles: true, composed: true }))
    fire('beforeunload')
    expect(streams.asked).toEqual([])
    expect(content.of('closing')).toEqual([])
    fire('pagehide')
    expect(streams.asked).toHaveLength(1)
    expect(content.of('closing')).toMatchObject([{ report: { event: 'pagehide' } }])
  })

  test('uses the agent’s state at that moment', () => {
    begin()
    streams.become(STATES.lunch)
    fire('beforeunload')
    expect(content.of('closing')).toMatchObject([{ report: { did: { action: 'none', reason: 'not_routable' } } }])
    expect(streams.asked).toEqual([])
  })

  test('before the settings have arrived does nothing, and reports why', () => {
    install()
    content.greet()
    fire('beforeunload')
    expect(content.of('closing')).toMatchObject([{ report: { did: { action: 'cannot', reason: 'not_configured' } } }])
    expect(streams.asked).toEqual([])
  })

  test('does nothing at all without the extension', () => {
    begin()
    content.isAlive = false
    fire('beforeunload')
    fire('pagehide')
    expect(streams.asked).toEqual([])
    expect(content.of('closing')).toEqual([])
  })

  test('whose call throws has failed, and reports the error', () => {
    begin()
    const agent = jest.spyOn(streams.asked, 'push').mockImplementation(() => {
      throw Object.assign(new Error('Conduit is closed'), { name: 'StateError' })
    })
    fire('beforeunload')
    expect(agent).toHaveBeenCalled()
    expect(content.heard.slice(-2)).toMatchObject([
      { type: 'closing', report: { did: { action: 'attempted' } } },
      { type: 'result', result: { ok: false, error: { type: 'StateError', message: 'Conduit is closed' } } },
    ])
  })

  test('that the page survives for 30 s did not happen; the next one is a new close', () => {
    begin()
    fire('beforeunload')
    jest.advanceTimersByTime(29_999)
    expect(content.of('stayed')).toEqual([])
    jest.advanceTimersByTime(1)
    expect(content.of('stayed')).toEqual([{ type: 'stayed', closeId: content.of('closing')[0]?.report.closeId }])
    fire('beforeunload')
    const ids = content.of('closing').map(({ report }) => report.closeId)
    expect(new Set(ids).size).toBe(2)
  })

  test('that reached pagehide never becomes “stayed”, however long the page is kept', () => {
    begin()
    fire('beforeunload')
    fire('pagehide')
    jest.advanceTimersByTime(120_000)
    expect(content.of('stayed')).toEqual([])
  })

  test('remains one close when Streams reloads the leaving page on a refused token', () => {
    begin()
    fire('beforeunload')
    jest.advanceTimersByTime(100)
    fire('beforeunload')
    expect(content.of('closing')).toHaveLength(1)
    expect(content.of('stayed')).toEqual([])
    expect(streams.asked).toHaveLength(1)
  })

  test('refuted by its tab has its status restored, once', () => {
    begin()
    streams.become({ ...STATES.available, startTimestamp: new Date(1_000) })
    fire('beforeunload')
    const [report] = content.of('closing').map((message) => message.report)
    streams.become({ ...STATES.offline, startTimestamp: new Date(2_000) })
    content.say({ type: 'staying', closeId: uuid('another') })
    content.say({ type: 'staying', closeId: report?.closeId ?? '' })
    expect(content.of('stayed')).toEqual([])
    jest.advanceTimersByTime(600)
    expect(content.of('stayed')).toEqual([{ type: 'stayed', closeId: report?.closeId }])
    expect(streams.asked.map(({ state }) => state)).toEqual(['offline', 'routable'])
  })

  test('refuted by its tab restores nothing if the page goes after all', () => {
    begin()
    fire('beforeunload')
    content.say({ type: 'staying', closeId: content.of('closing')[0]?.report.closeId ?? '' })
    fire('pagehide')
    streams.become({ ...STATES.offline, startTimestamp: new Date(Date.now() + 1_000) })
    jest.advanceTimersByTime(60_000)
    expect(streams.asked.map(({ state }) => state)).toEqual(['offline'])
  })

  test('deferred to another CCP is carried out in pagehide if that CCP has gone meanwhile', () => {
    begin()
    content.say({ type: 'configure', config: pageConfig({ otherCcps: [uuid('doc-2')] }) })
    fire('beforeunload')
    expect(streams.asked).toEqual([])
    content.say({ type: 'configure', config: pageConfig() })
    fire('pagehide')
    expect(streams.asked).toHaveLength(1)
    const reports = content.of('closing').map(({ report }) => report)
    expect(reports).toMatchObject([{ did: { action: 'left' } }, { did: { action: 'attempted' } }])
    expect(new Set(reports.map(({ closeId }) => closeId)).size).toBe(1)
  })

  test('that begins again marks the first one as “stayed”', () => {
    begin()
    fire('beforeunload')
    jest.advanceTimersByTime(1_000)
    fire('beforeunload')
    const [first, second] = content.of('closing').map(({ report }) => report.closeId)
    expect(second).toBeDefined()
    expect(content.of('stayed')).toEqual([{ type: 'stayed', closeId: first }])
    expect(streams.asked).toHaveLength(2)
  })

  test('by pagehide is a new one if the agent has become Available since beforeunload', () => {
    begin()
    fire('beforeunload')
    streams.become({ ...STATES.available, startTimestamp: new Date('2026-01-05T09:00:05Z') })
    fire('pagehide')
    expect(content.of('closing')).toHaveLength(2)
    expect(content.of('stayed')).toHaveLength(1)
    expect(streams.asked).toHaveLength(2)
  })

  test('of a page restored from the back/forward cache is a new one', () => {
    begin()
    fire('beforeunload')
    fire('pagehide')
    fire('pageshow', false)
    fire('beforeunload')
    expect(content.of('closing')).toHaveLength(1)
    fire('pageshow', true)
    fire('beforeunload')
    expect(content.of('closing')).toHaveLength(2)
  })

  test('omits enqueueNextState once the instance has refused it', async () => {
    streams.answer = { type: 'UnexpectedParameter', message: '' }
    streams.contacts = [contact('chat', 'missed')]
    begin()
    fire('beforeunload')
    await settle()
    jest.advanceTimersByTime(30_000)
    fire('beforeunload')
    expect(streams.asked.map(({ enqueue }) => enqueue)).toEqual([true, undefined, undefined])
  })

  test('shortly after Streams’ TERMINATE carries that hint', () => {
    begin()
    streams.terminate()
    fire('beforeunload')
    jest.advanceTimersByTime(30_000)
    fire('beforeunload')
    expect(content.of('closing').map(({ report }) => report.hint)).toEqual(['terminated', null])
  })
})

describe('the browser’s last window', () => {
  let looks: number
  let navigation: EventTarget

  beforeEach(() => {
    navigation = new EventTarget()
    Object.assign(window, { navigation })
    stopped.push(() => delete (window as { navigation?: unknown }).navigation)
    install()
    content.greet()
    content.say({ type: 'configure', config: pageConfig({ lastWindow: true, holdMs: 1_000 }) })
    looks = 0
    // A clock that advances while the page is held, which a fake one does not.
    jest.spyOn(natives(), 'performanceNow').mockImplementation(() => 100 * ++looks)
  })

  test('is held until the request of a close has left', () => {
    fire('beforeunload')
    expect(content.of('closing')).toMatchObject([{ report: { did: { action: 'attempted' }, hint: null } }])
    // No round trip was measured: 650 ms.
    expect(looks).toBe(8)
  })

  test('is held only in pagehide when the hold is short, for what is left of it since the request was sent', () => {
    content.say({ type: 'configure', config: pageConfig({ lastWindow: true, holdMs: 200 }) })
    looks = 0
    fire('beforeunload')
    expect(looks).toBe(1)
    fire('pagehide')
    expect(looks).toBe(3)
  })

  test('is not held in pagehide when the request has left by then', () => {
    content.say({ type: 'configure', config: pageConfig({ lastWindow: true, holdMs: 200 }) })
    fire('beforeunload')
    looks = 10
    fire('pagehide')
    expect(looks).toBe(11)
  })

  test('is held in pagehide too when beforeunload never came, because another tab’s dialog kept the window', () => {
    fire('pagehide')
    expect(content.of('closing')).toMatchObject([{ report: { event: 'pagehide', did: { action: 'attempted' } } }])
    expect(looks).toBe(9)
  })

  test('is not held by a frame that is removed: the page around it stays', () => {
    Object.defineProperty(window, 'parent', { value: {}, configurable: true })
    stopped.push(() => Object.defineProperty(window, 'parent', { value: window, configurable: true }))
    fire('pagehide')
    expect(content.of('closing')).toMatchObject([{ report: { event: 'pagehide', did: { action: 'attempted' } } }])
    expect(looks).toBe(0)
  })

  test.each([
    ['pagehide alone: the browser stays open, so that nothing is queued behind a contact', 'pagehide', 'left'],
    ['beforeunload: it goes with its window, and Offline is queued behind a contact', 'beforeunload', 'attempted'],
  ] as const)('in a frame that gets %s', (_what, event, action) => {
    Object.defineProperty(window, 'parent', { value: {}, configurable: true })
    stopped.push(() => Object.defineProperty(window, 'parent', { value: window, configurable: true }))
    streams.contacts = [contact('voice', 'connected')]
    streams.become(STATES.available)
    fire(event)
    expect(content.of('closing')).toMatchObject([{ report: { event, did: { action } } }])
  })

  test('is not held when another page follows: the browser stays open', () => {
    const destination = { url: 'https://other.example/', sameDocument: false }
    navigation.dispatchEvent(Object.assign(new Event('navigate'), { navigationType: 'push', destination }))
    fire('beforeunload')
    expect(content.of('closing')).toMatchObject([{ report: { did: { action: 'attempted' }, hint: 'navigation' } }])
    expect(looks).toBe(0)
  })

  test('is held when an earlier navigation led nowhere and a close follows later', () => {
    const destination = { url: 'https://acme.my.connect.aws/no-content', sameDocument: false }
    navigation.dispatchEvent(Object.assign(new Event('navigate'), { navigationType: 'push', destination }))
    jest.advanceTimersByTime(1_000)
    fire('beforeunload')
    expect(looks).toBe(8)
  })
})

describe('a refused close of a page that stays', () => {
  const refused = { type: 'InvalidStateException', message: 'No' }
  /** Lets time pass and the requests be answered; returns the number of requests. */
  const pass = async (ms: number): Promise<number> => {
    jest.advanceTimersByTime(ms)
    await settle()
    return streams.asked.length
  }
  beforeEach(async () => {
    streams.answer = refused
    begin()
    fire('beforeunload')
    await settle()
  })

  test('is retried after 1, 3 and 9 s, then no more', async () => {
    expect([await pass(999), await pass(1), await pass(3_000), await pass(9_000), await pass(15_000)]).toEqual([
      1, 2, 3, 4, 4,
    ])
    const { closeId } = content.of('closing')[0]?.report ?? {}
    expect(content.of('closing')).toHaveLength(1)
    expect(content.of('result').map((message) => message.closeId)).toEqual(Array(4).fill(closeId))
  })

  test('is retried even if a snapshot shows the same state period with a slightly different start', async () => {
    streams.become({ ...STATES.available, startTimestamp: new Date(SINCE + 285) })
    expect(await pass(1_000)).toBe(2)
  })

  test('is not retried after a success', async () => {
    streams.answer = 'at once'
    expect([await pass(1_000), await pass(20_000)]).toEqual([2, 2])
    expect(content.of('result').at(-1)?.result).toEqual({ ok: true })
  })

  test.each<[string, () => void]>([
    ['after pagehide', () => fire('pagehide')],
    ['in a page that came back from the cache', () => ['pagehide', 'pageshow'].forEach((type) => fire(type, true))],
    ['for an agent who is no longer routable', () => streams.become(STATES.lunch)],
    [
      'for an agent who has become Available again',
      () => streams.become({ ...STATES.available, startTimestamp: new Date('2026-01-05T09:00:05Z') }),
    ],
    [
      'when the settings no longer allow it',
      () => content.say({ type: 'configure', config: pageConfig({ mode: 'observe' }) }),
    ],
    ['without the extension', () => void (content.isAlive = false)],
  ])('is not retried %s', async (_when, happen) => {
    happen()
    expect(await pass(20_000)).toBe(1)
  })
})

test('the Offline of the document’s own close is not reverted as a late request of an earlier one', () => {
  begin()
  const guarded = { closeId: uuid('earlier'), username: 'ada', count: 1, until: Date.now() + 60_000 }
  content.say({ type: 'configure', config: pageConfig({ guardedCloses: [guarded] }) })
  jest.advanceTimersByTime(1_000)
  fire('beforeunload')
  streams.become({ ...STATES.offline, startTimestamp: new Date('2026-01-05T09:00:05Z') })
  expect(streams.asked.map(({ state }) => state)).toEqual(['offline'])
})

describe('what the document can do without Streams', () => {
  test('is reported once an agent is known, and when it changes', () => {
    begin()
    const direct = { status: 'no_token', roundTripMs: null, at: null }
    const [first, ...others] = content.of('capabilities').map(({ capabilities }) => capabilities)
    expect([first, others]).toEqual([{ direct, deadMansSwitch: 'unsupported' }, []])
    content.say({ type: 'configure', config: pageConfig() })
    streams.become(STATES.lunch)
    jest.advanceTimersByTime(300_000)
    expect(content.of('capabilities')).toHaveLength(1)
    content.say({ type: 'configure', config: pageConfig({ directPath: false }) })
    expect(content.of('capabilities').at(-1)?.capabilities.direct.status).toBe('forbidden')
  })

  test('is reported again after a return from the back/forward cache, once the settings have arrived', () => {
    begin()
    fire('pagehide')
    fire('pageshow', true)
    content.say({ type: 'configure', config: pageConfig() })
    content.say({ type: 'configure', config: pageConfig() })
    expect(content.of('capabilities')).toHaveLength(2)
  })
})

describe('a detached bridge', () => {
  test('does nothing any more', () => {
    begin()
    content.say({ type: 'detach' })
    fire('beforeunload')
    fire('pagehide')
    streams.become(STATES.lunch)
    expect(streams.asked).toEqual([])
    expect(content.of('agent')).toHaveLength(1)
  })

  test('is the older of two bridges', () => {
    begin()
    const next = new Content('channel-of-the-update')
    install()
    next.greet()
    next.say({ type: 'configure', config: pageConfig() })
    fire('beforeunload')
    expect(streams.asked).toHaveLength(1)
    expect(content.of('closing')).toEqual([])
    expect(next.of('closing')).toHaveLength(1)
    next.say({ type: 'detach' })
  })
})

test('an agent is reported when their facts change, and only then', () => {
  begin()
  streams.become(STATES.available)
  streams.become(STATES.lunch)
  streams.become(STATES.lunch)
  expect(content.of('agent').map(({ agent }) => agent.state.type)).toEqual(['routable', 'not_routable'])
})

test('a start that shifts with each snapshot of one state period is not reported; that of a new period is', () => {
  begin()
  for (const ms of [285, 652, 990, 65]) streams.become({ ...STATES.available, startTimestamp: new Date(SINCE + ms) })
  expect(content.of('agent')).toHaveLength(1)
  streams.become({ ...STATES.available, startTimestamp: new Date(SINCE + 5_000) })
  expect(content.of('agent').map(({ agent }) => agent.state.startTimestamp)).toEqual([SINCE, SINCE + 5_000])
})

test('a page without Streams is reported unprotected soon after loading, and for good after 30 s', () => {
  page.connect = undefined
  begin()
  jest.advanceTimersByTime(1_999)
  expect(content.of('unprotected')).toEqual([])
  jest.advanceTimersByTime(1)
  expect(content.of('unprotected')).toEqual([{ type: 'unprotected', reason: 'no_connect', soFar: true }])
  jest.advanceTimersByTime(28_000)
  expect(content.of('unprotected').slice(1)).toEqual([{ type: 'unprotected', reason: 'no_connect' }])
})

test.each<[string, () => void]>([
  ['has the CCP in a frame', () => document.body.append(document.createElement('iframe'))],
  ['has started a Streams that hides', () => startHidden()],
  ['has a Streams without an agent so far', () => void (page.connect = { ...streams.connect, agent: () => null })],
])('a page that %s is not reported unprotected too early', (_what, happen) => {
  page.connect = undefined
  begin()
  happen()
  jest.advanceTimersByTime(4_000)
  expect(content.of('unprotected')).toEqual([])
  document.body.replaceChildren()
})

function startHidden(): void {
  const core = { initSharedWorker: (): void => undefined } as { initSharedWorker: (params: object) => void }
  page.connect = { core }
  core.initSharedWorker({ authToken: 'the token', endpoint: '/api' })
}

test('a page without Streams is reported unprotected, and protected if Streams arrives later', () => {
  page.connect = undefined
  begin()
  jest.advanceTimersByTime(30_000)
  expect(content.of('unprotected').at(-1)).toEqual({ type: 'unprotected', reason: 'no_connect' })
  page.connect = streams.connect
  jest.advanceTimersByTime(1_000)
  expect(content.of('agent')).toHaveLength(1)
})

test('a Streams that announces no agent is reported as such', () => {
  page.connect = { ...streams.connect, agent: () => undefined }
  begin()
  jest.advanceTimersByTime(30_000)
  expect(content.of('unprotected')).toEqual([{ type: 'unprotected', reason: 'no_agent' }])
})

describe('a page whose Streams hides', () => {
  const PARAMS = { authToken: 'the token', endpoint: '/api', authTokenExpiration: Date.now() + 3_600_000_000 }

  test('keeps its agent when the page removes the global after the start', () => {
    page.connect = undefined
    begin()
    page.connect = streams.connect
    streams.connect.core.initSharedWorker(PARAMS)
    page.connect = undefined
    jest.advanceTimersByTime(1_000)
    expect(content.of('agent')).toHaveLength(1)
    fire('beforeunload')
    expect(streams.asked).toHaveLength(1)
  })

  test('is reported as hidden, not as missing, as soon as its instance does not answer either', async () => {
    page.connect = undefined
    begin()
    const core = { initSharedWorker: (): void => undefined } as { initSharedWorker: (params: object) => void }
    page.connect = { core }
    core.initSharedWorker(PARAMS)
    await jest.advanceTimersByTimeAsync(5_200)
    expect(content.of('unprotected')).toEqual([{ type: 'unprotected', reason: 'streams_hidden' }])
  })

  test('is protected through the API alone: its agent is reported, and a close sends Offline directly', async () => {
    const sent: [string, string][] = []
    const bodies: Record<string, object> = {
      GetAgentConfiguration: { configuration: { username: 'ada', name: 'Ada' } },
      GetAgentStates: { states: Object.values(STATES).map((state) => ({ ...state, startTimestamp: null })) },
      GetAgentSnapshot: { snapshot: { state: { ...STATES.available, startTimestamp: 1_767_600_000 }, contacts: [] } },
      PutAgentState: {},
    }
    const { fetch: before } = window as unknown as { fetch: unknown }
    stopped.push(() => Object.assign(window, { fetch: before }))
    Object.assign(window, {
      ...READING,
      fetch: (url: string, { headers }: { headers: Record<string, string> }) => {
        const operation = headers['X-Amz-Target']?.split('.')[1] ?? ''
        sent.push([operation, url])
        const body = bodyOf(JSON.stringify(bodies[operation]))
        return Promise.resolve({ status: 200, headers: { get: () => 'application/x-amz-json-1.0' }, body })
      },
    })
    page.connect = undefined
    begin()
    const core = { initSharedWorker: (): void => undefined } as { initSharedWorker: (params: object) => void }
    page.connect = { core, notWhatWeKnow: true }
    core.initSharedWorker(PARAMS)
    await jest.advanceTimersByTimeAsync(5_200)
    expect(content.of('unprotected')).toEqual([])
    expect(content.of('agent')).toMatchObject([{ agent: { username: 'ada', state: { type: 'routable' } } }])
    expect(content.of('capabilities').at(-1)?.capabilities.hiddenStreams?.requestsPerHour).toBeGreaterThan(0)
    fire('beforeunload')
    await settle()
    expect(sent.filter(([operation]) => operation === 'PutAgentState')).toEqual([
      ['PutAgentState', 'http://localhost/api'],
    ])
    expect(content.of('result')).toMatchObject([{ result: { ok: true } }])
  })
})

test('in the throwing build the page behaves like stock: nothing is called, sent or thrown', () => {
  throwInHooks(true)
  expect(begin).not.toThrow()
  fire('beforeunload')
  fire('pagehide')
  streams.become(STATES.lunch)
  jest.advanceTimersByTime(60_000)
  expect(streams.asked).toEqual([])
  expect(content.heard.filter(({ type }) => type !== 'agent')).toEqual([])
})
