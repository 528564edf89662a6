/** @jest-environment jsdom */
import './hooks'
import type { ContentMessage } from '../../../src/protocol/content-messages'
import type { PageMessage } from '../../../src/protocol/page-messages'
import { CONTENT_GREETING, toContent, toPage } from '../../../src/protocol/page-channel'
import type { natives as Natives } from '../../../src/page/natives'
import { pageConfig } from '../domain/build'
import { contact, FakeStreams, STATES } from '../../wire/streams'

const HOLD_MS = 2_000

type Listener = (event: object) => void
/** The extension's click listeners, called as the browser would: no script can create a trusted event. */
const listeners = { click: new Set<Listener>(), auxclick: new Set<Listener>() }
const listenersOf = (type: unknown): Set<Listener> | undefined => listeners[type as keyof typeof listeners]
let streams: FakeStreams
/** The natives of the bridge. */
let ownNatives: typeof Natives
let heard: PageMessage[]
let channel: string
let nth = 0

const say = (message: ContentMessage): void => {
  window.dispatchEvent(new CustomEvent(toPage(channel), { detail: JSON.stringify(message) }))
}
const hear = (event: Event): void => {
  const message = JSON.parse((event as CustomEvent<string>).detail) as PageMessage
  if (message.type === 'alive') say({ type: 'alive' })
  else heard.push(message)
}
const closings = () => heard.filter((message) => message.type === 'closing')
/** Connect's answer comes, and then the snapshot that shows what it has accepted. */
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
  jest.advanceTimersByTime(0)
}

class Link {
  readonly element = document.createElement('a')
  /** Clicks that reached the page. */
  arrived = 0

  constructor(href: string) {
    this.element.href = href
    this.element.append(document.createElement('span'))
    this.element.addEventListener('click', (event) => {
      this.arrived += 1
      // jsdom cannot navigate.
      event.preventDefault()
    })
    document.body.append(this.element)
  }

  /** A person clicks. Returns whether the browser's own action was prevented before the page received the event. */
  clickedByPerson(keys: object = {}, type: keyof typeof listeners = 'click'): boolean {
    const did = { prevent: false, stop: false }
    const event = {
      ...keys,
      isTrusted: true,
      target: this.element.firstElementChild,
      composedPath: () => [this.element.firstElementChild, this.element, document.body, document, window],
      preventDefault: () => {
        did.prevent = true
      },
      stopImmediatePropagation: () => {
        did.stop = true
      },
    }
    for (const listener of listeners[type]) listener(event)
    if (!did.stop) this.arrived += 1
    expect(did.prevent).toBe(did.stop)
    return did.prevent
  }
}

function begin(mode: 'act' | 'observe' = 'act'): void {
  window.dispatchEvent(new CustomEvent(CONTENT_GREETING, { detail: channel }))
  say({ type: 'configure', config: pageConfig({ mode }) })
}

/** A configured page whose Logout link a person has clicked. */
function pressed(): Link {
  begin()
  const link = new Link('/connect/logout')
  link.clickedByPerson()
  return link
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask'] })
  nth += 1
  channel = `channel-${nth}-of-the-test`
  heard = []
  listeners.click.clear()
  listeners.auxclick.clear()
  window.addEventListener(toContent(channel), hear)
  streams = new FakeStreams('ada')
  streams.shows = true
  Object.assign(window, { connect: streams.connect })
  const add = window.addEventListener.bind(window)
  const remove = window.removeEventListener.bind(window)
  jest.spyOn(window, 'addEventListener').mockImplementation((...args: Parameters<typeof add>) => {
    listenersOf(args[0])?.add(args[1] as unknown as Listener)
    add(...args)
  })
  jest.spyOn(window, 'removeEventListener').mockImplementation((...args: Parameters<typeof remove>) => {
    listenersOf(args[0])?.delete(args[1] as unknown as Listener)
    remove(...args)
  })
  jest.isolateModules(() => {
    ownNatives = jest.requireActual<{ natives: typeof Natives }>('../../../src/page/natives').natives
    jest.requireActual<{ installBridge: () => void }>('../../../src/page/bridge').installBridge()
  })
})
afterEach(() => {
  say({ type: 'detach' })
  window.removeEventListener(toContent(channel), hear)
  document.body.replaceChildren()
  jest.clearAllTimers()
})

test('a click on the Logout link is held until the agent is seen Offline, then passed on once', async () => {
  streams.answer = 'at once'
  streams.shows = false
  begin()
  const link = new Link('/connect/logout')
  expect(link.clickedByPerson()).toBe(true)
  expect(streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
  await settle()
  expect(link.arrived).toBe(0)
  streams.become({ ...STATES.offline, startTimestamp: new Date() })
  expect(link.arrived).toBe(1)
  jest.advanceTimersByTime(60_000)
  expect(link.arrived).toBe(1)
  expect(closings()).toMatchObject([{ report: { event: 'logout', hint: 'logout', did: { action: 'attempted' } } }])
})

test('a click that Connect does not answer is held for 2 s, then passed on once', () => {
  const link = pressed()
  jest.advanceTimersByTime(HOLD_MS - 1)
  expect(link.arrived).toBe(0)
  jest.advanceTimersByTime(1)
  expect(link.arrived).toBe(1)
  jest.advanceTimersByTime(60_000)
  expect(link.arrived).toBe(1)
})

test('an accepted request that does not show is repeated once, and holds the click for 2 s at most', async () => {
  streams.answer = 'at once'
  streams.shows = false
  const link = pressed()
  await settle()
  jest.advanceTimersByTime(1_599)
  expect(streams.asked).toHaveLength(1)
  jest.advanceTimersByTime(1)
  await settle()
  expect([streams.asked.length, link.arrived]).toEqual([2, 0])
  jest.advanceTimersByTime(HOLD_MS - 1_600)
  expect(link.arrived).toBe(1)
  await jest.advanceTimersByTimeAsync(60_000)
  expect([streams.asked.length, link.arrived]).toEqual([2, 1])
})

test('a repeated request that shows ends the hold', async () => {
  streams.answer = 'at once'
  streams.shows = false
  const link = pressed()
  await settle()
  streams.shows = true
  await jest.advanceTimersByTimeAsync(1_601)
  expect([streams.asked.length, link.arrived]).toEqual([2, 1])
})

test('behind a contact, a click goes on when Connect has accepted Offline, which comes after the contact', async () => {
  streams.answer = 'at once'
  streams.shows = false
  streams.contacts = [contact('chat', 'connected')]
  const link = pressed()
  await settle()
  expect(streams.asked).toEqual([{ state: 'offline', enqueue: true }])
  expect(link.arrived).toBe(1)
})

test('a refusal of enqueueNextState does not end the hold: the second try is awaited', async () => {
  streams.answer = { type: 'UnexpectedParameter', message: '' }
  streams.contacts = [contact('chat', 'connected')]
  const link = pressed()
  await settle()
  expect(streams.asked.map(({ enqueue }) => enqueue)).toEqual([true, undefined])
  expect(link.arrived).toBe(0)
  jest.advanceTimersByTime(HOLD_MS)
  expect(link.arrived).toBe(1)
})

test('a first call that fails is retried during the hold: the click goes on when a retry shows', async () => {
  streams.answer = { type: 'ThrottlingException', message: '' }
  const link = pressed()
  await settle()
  expect(link.arrived).toBe(0)
  streams.answer = 'at once'
  await jest.advanceTimersByTimeAsync(1_001)
  expect(streams.asked).toHaveLength(2)
  expect(link.arrived).toBe(1)
  jest.advanceTimersByTime(60_000)
  expect(link.arrived).toBe(1)
})

test('repeated failures do not keep the agent: the click goes on after 2 s', async () => {
  streams.answer = { type: 'ThrottlingException', message: '' }
  const link = pressed()
  for (const wait of [1_000, HOLD_MS - 1_001]) {
    await settle()
    jest.advanceTimersByTime(wait)
  }
  await settle()
  expect(link.arrived).toBe(0)
  jest.advanceTimersByTime(1)
  expect(link.arrived).toBe(1)
})

test('a Streams that throws does not keep the agent: the click goes on after 2 s, once', () => {
  begin()
  jest.spyOn(streams.asked, 'push').mockImplementation(() => {
    throw new Error('no client')
  })
  const link = new Link('/connect/logout')
  link.clickedByPerson()
  jest.advanceTimersByTime(60_000)
  expect(link.arrived).toBe(1)
})

test('impatient clicks are held with the first: one close, one log-out', () => {
  begin()
  const link = new Link('/connect/logout')
  expect([link.clickedByPerson(), link.clickedByPerson()]).toEqual([true, true])
  jest.advanceTimersByTime(1_000)
  expect(link.clickedByPerson()).toBe(true)
  expect(closings()).toHaveLength(1)
  expect(streams.asked).toHaveLength(1)
  jest.advanceTimersByTime(HOLD_MS)
  expect(link.arrived).toBe(1)
  expect(heard.filter(({ type }) => type === 'stayed')).toEqual([])
})

test('a request that was accepted late is repeated 1.6 s after it was made', async () => {
  const link = pressed()
  jest.advanceTimersByTime(900)
  streams.accept()
  await jest.advanceTimersByTimeAsync(699)
  expect(streams.asked).toHaveLength(1)
  await jest.advanceTimersByTimeAsync(1)
  expect([streams.asked.length, link.arrived]).toEqual([2, 0])
})

test('a page that goes while its log-out is held makes the log-out behind itself', () => {
  const fetched = jest.spyOn(ownNatives, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'))
  const link = pressed()
  window.dispatchEvent(new Event('beforeunload'))
  window.dispatchEvent(new Event('pagehide'))
  expect(fetched.mock.calls).toEqual([[link.element.href, { credentials: 'same-origin', keepalive: true }]])
})

test('on a page that stayed after a log-out, the next click is held again', () => {
  const link = pressed()
  jest.advanceTimersByTime(HOLD_MS)
  expect(link.clickedByPerson()).toBe(true)
  jest.advanceTimersByTime(HOLD_MS)
  expect(link.arrived).toBe(2)
  expect(closings()).toHaveLength(2)
})

test('the unload that follows the log-out belongs to the same close', async () => {
  streams.answer = 'at once'
  begin()
  new Link('/connect/logout').clickedByPerson()
  await settle()
  window.dispatchEvent(new Event('beforeunload'))
  window.dispatchEvent(new Event('pagehide'))
  expect(closings()).toHaveLength(1)
})

test.each(['/connect/logout-survey', '/connect/help', 'https://elsewhere.example/'])(
  'a click on %s is not held',
  (href) => {
    begin()
    const link = new Link(href)
    expect(link.clickedByPerson()).toBe(false)
    expect(closings()).toEqual([])
  },
)

test.each(['_blank', 'elsewhere'])('a Logout link with the target %s is held like any other', async (target) => {
  streams.answer = 'at once'
  begin()
  const link = new Link('/connect/logout')
  link.element.target = target
  expect(link.clickedByPerson()).toBe(true)
  await settle()
  expect(link.arrived).toBe(1)
  expect(link.element.target).toBe(target)
})

test.each(['ctrlKey', 'metaKey', 'shiftKey', 'altKey'])(
  'a click with %s on a Logout link opens another tab at once, and asks for Offline first',
  (key) => {
    begin()
    expect(new Link('/connect/logout').clickedByPerson({ [key]: true })).toBe(false)
    expect(streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
    expect(closings()).toMatchObject([{ report: { event: 'logout' } }])
  },
)

test.each([
  ['middle', 1, 1],
  ['right', 2, 0],
])(
  'the %s button on a Logout link is not held: Offline is asked for where it opens a tab',
  (_which, button, closes) => {
    begin()
    expect(new Link('/connect/logout').clickedByPerson({ button }, 'auxclick')).toBe(false)
    expect(closings()).toHaveLength(closes)
  },
)

test('a page that stays after a log-out does not make its agent Available again', async () => {
  streams.answer = 'at once'
  const link = pressed()
  await settle()
  await jest.advanceTimersByTimeAsync(60_000)
  expect(link.arrived).toBe(1)
  expect(heard.filter(({ type }) => type === 'stayed')).toHaveLength(1)
  expect(streams.asked.map(({ state }) => state)).toEqual(['offline'])
})

describe('a form that is sent to the log-out path', () => {
  /** What the page, and with it the browser, gets of the form. */
  let arrived: (string | null)[]
  const form = (html: string): HTMLFormElement => {
    document.body.innerHTML = html
    const element = document.forms[0]
    if (element === undefined) throw new Error('no form')
    element.addEventListener('submit', (event) => {
      arrived.push(event.submitter?.id ?? null)
      // jsdom cannot navigate.
      event.preventDefault()
    })
    return element
  }
  beforeEach(() => {
    arrived = []
  })

  test.each([
    ['its action', '<form method="post" action="/connect/logout"><button id="out">'],
    ['its button', '<form method="post" action="/x"><button id="out" formaction="/connect/logout">'],
  ])('by %s is held until the agent is seen Offline, then sent once', async (_by, html) => {
    streams.answer = 'at once'
    begin()
    form(html).requestSubmit(document.querySelector('button') ?? undefined)
    expect(arrived).toEqual([])
    expect(streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
    await settle()
    jest.advanceTimersByTime(60_000)
    expect(arrived).toEqual(['out'])
    expect(closings()).toMatchObject([{ report: { event: 'logout' } }])
  })

  test('is held for 2 s at most, whatever else is pressed meanwhile', () => {
    begin()
    const element = form('<form action="/logout">')
    element.requestSubmit()
    element.requestSubmit()
    jest.advanceTimersByTime(HOLD_MS - 1)
    expect(arrived).toEqual([])
    jest.advanceTimersByTime(1)
    expect(arrived).toEqual([null])
    expect(closings()).toHaveLength(1)
  })

  test('that the page takes away meanwhile is sent as a copy', async () => {
    streams.answer = 'at once'
    begin()
    const element = form('<form action="/logout"><input name="action" value="/x"><button id="out">')
    // What the copy sends arrives at the document.
    const sent: (string | null)[] = []
    const note = (event: Event) => {
      sent.push((event.target as HTMLFormElement).getAttribute('action'))
      event.preventDefault()
    }
    document.addEventListener('submit', note)
    element.requestSubmit(document.querySelector('button') ?? undefined)
    element.remove()
    await settle()
    document.removeEventListener('submit', note)
    expect(sent).toEqual(['/logout'])
    expect(closings()).toMatchObject([{ report: { event: 'logout' } }])
  })

  test.each([
    '<form action="/connect/help">',
    '<form action="/connect/logout"><button formaction="/x">',
    '<form><input name="action" value="/logout">',
  ])('does not include %s', (html) => {
    begin()
    form(html).requestSubmit(document.querySelector('button') ?? undefined)
    expect(arrived).toHaveLength(1)
    expect(closings()).toEqual([])
  })

  test('does not include a script’s own event, which sends nothing', () => {
    begin()
    form('<form action="/logout">').dispatchEvent(new Event('submit', { cancelable: true }))
    expect(arrived).toHaveLength(1)
    expect(closings()).toEqual([])
  })
})

test('a click made by a script is not held', () => {
  begin()
  const link = new Link('/connect/logout')
  link.element.click()
  expect(link.arrived).toBe(1)
  expect(closings()).toEqual([])
  expect(streams.asked).toEqual([])
})

test.each(['lunch', 'offline'] as const)('an agent who is not routable (%s) is not held', (state) => {
  begin()
  streams.become(STATES[state])
  expect(new Link('/connect/logout').clickedByPerson()).toBe(false)
  expect(closings()).toEqual([])
})

test('nothing is held in observe mode, or before the settings have arrived', () => {
  begin('observe')
  const link = new Link('/connect/logout')
  expect(link.clickedByPerson()).toBe(false)
  expect(streams.asked).toEqual([])
})

test('nothing is held without the extension, or after the bridge is detached', () => {
  begin()
  const link = new Link('/connect/logout')
  window.removeEventListener(toContent(channel), hear)
  expect(link.clickedByPerson()).toBe(false)
  say({ type: 'detach' })
  expect(link.clickedByPerson()).toBe(false)
  expect([listeners.click.size, listeners.auxclick.size]).toEqual([0, 0])
  expect(streams.asked).toEqual([])
})

describe('a log-out by a script', () => {
  const fetched: { url: unknown; init: RequestInit | undefined }[] = []
  const page = window as unknown as { fetch: (url: unknown, init?: RequestInit) => Promise<unknown> }
  let stock: typeof page.fetch
  beforeEach(() => {
    fetched.length = 0
    stock = (url, init) => {
      fetched.push({ url, init })
      return Promise.resolve('what the page waits for')
    }
    page.fetch = stock
  })

  test.each([['/connect/logout'], [new URL('/logout?x=1', location.href)]])(
    'by fetch of %s goes on once the agent is seen Offline, and returns its own answer',
    async (url) => {
      streams.answer = 'at once'
      begin()
      const answer = page.fetch(url, { mode: 'no-cors' })
      expect(fetched).toEqual([])
      expect(streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
      await settle()
      expect(await answer).toBe('what the page waits for')
      expect(fetched).toEqual([{ url, init: { mode: 'no-cors' } }])
      expect(closings()).toMatchObject([{ report: { event: 'logout', did: { action: 'attempted' } } }])
    },
  )

  test('that Connect does not answer is held for 2 s', async () => {
    begin()
    void page.fetch('/logout')
    await jest.advanceTimersByTimeAsync(HOLD_MS - 1)
    expect(fetched).toEqual([])
    await jest.advanceTimersByTimeAsync(1)
    expect(fetched).toHaveLength(1)
  })

  test('that is followed by TERMINATE goes on as the page unloads, and outlives it: one close', () => {
    begin()
    void page.fetch('/logout')
    streams.terminate()
    window.dispatchEvent(new Event('beforeunload'))
    window.dispatchEvent(new Event('pagehide'))
    expect(fetched).toEqual([{ url: '/logout', init: { keepalive: true } }])
    expect(streams.asked).toHaveLength(1)
    expect(closings()).toHaveLength(1)
  })

  test.each(['/logout-survey', 'https://elsewhere.example/logout', '/api', 'http://[', ''])(
    'does not include %p: that request passes at once',
    (url) => {
      begin()
      void page.fetch(url)
      expect(fetched).toEqual([{ url, init: undefined }])
      expect(closings()).toEqual([])
    },
  )

  test.each([
    ['an agent who is not routable', (): void => streams.become(STATES.lunch)],
    ['mode observe', (): void => begin('observe')],
  ])('is not held for %s', (_what, happen) => {
    begin()
    happen()
    void page.fetch('/logout')
    expect(fetched).toHaveLength(1)
  })

  test('by XMLHttpRequest is held too; later log-out requests belong to the same close', async () => {
    streams.answer = 'at once'
    const sent = jest.spyOn(XMLHttpRequest.prototype, 'send').mockImplementation(() => undefined)
    begin()
    const request = new XMLHttpRequest()
    request.open('GET', '/logout')
    request.send()
    expect(sent).not.toHaveBeenCalled()
    await settle()
    expect(sent).toHaveBeenCalledTimes(1)
    void page.fetch('/logout')
    expect(fetched).toHaveLength(1)
    const other = new XMLHttpRequest()
    other.open('GET', '/elsewhere')
    other.send()
    expect(sent).toHaveBeenCalledTimes(2)
    sent.mockRestore()
  })

  /** A configured page, in which no form leads anywhere: jsdom cannot navigate. */
  function beginWithSubmit(): jest.SpiedFunction<() => void> {
    const submit = jest.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(() => undefined)
    begin()
    return submit
  }

  test.each(['post', 'get'])('by form.submit() is held too, and sent by %s as the page has it', async (method) => {
    streams.answer = 'at once'
    const sent = beginWithSubmit()
    const form = document.createElement('form')
    form.method = method
    form.action = '/connect/logout'
    document.body.append(form)
    form.submit()
    expect(sent).not.toHaveBeenCalled()
    await settle()
    expect(sent.mock.contexts).toEqual([form])
    form.action = '/connect/help'
    form.submit()
    expect(sent).toHaveBeenCalledTimes(2)
    expect(closings()).toHaveLength(1)
    sent.mockRestore()
  })

  test.each<[string, (form: HTMLFormElement) => void]>([
    ['is taken away', (form) => form.remove()],
    [
      'is used for something else',
      (form) => {
        form.action = '/connect/help'
      },
    ],
  ])('by form.submit() is made with a copy where the form %s right after it', async (_what, happen) => {
    streams.answer = 'at once'
    const sent = beginWithSubmit()
    const form = document.createElement('form')
    form.action = '/connect/logout'
    form.innerHTML = '<input name="csrf" value="7">'
    document.body.append(form)
    form.submit()
    happen(form)
    await settle()
    const [copy] = sent.mock.contexts as HTMLFormElement[]
    expect(copy).not.toBe(form)
    expect([copy?.isConnected, copy?.hidden, copy?.getAttribute('action')]).toEqual([true, true, '/connect/logout'])
    expect(copy?.querySelector('input')?.value).toBe('7')
    jest.advanceTimersByTime(1)
    expect(copy?.isConnected).toBe(false)
    sent.mockRestore()
  })

  test('by form.submit() is as in a stock page where a control has the name of a method', () => {
    const sent = beginWithSubmit()
    const form = document.createElement('form')
    form.innerHTML = '<input name="getAttribute"><input name="cloneNode">'
    for (const name of ['getAttribute', 'cloneNode'])
      Object.defineProperty(form, name, { value: form.querySelector(`[name=${name}]`) })
    document.body.append(form)
    expect(() => form.submit()).not.toThrow()
    expect(sent.mock.contexts).toEqual([form])
    sent.mockRestore()
  })

  test('by form.submit() of a form outside the page is none, as browsers have it', () => {
    const sent = beginWithSubmit()
    const form = document.createElement('form')
    form.action = '/connect/logout'
    form.submit()
    expect(sent).toHaveBeenCalledTimes(1)
    expect(closings()).toEqual([])
    sent.mockRestore()
  })

  test('leaves a method alone that somebody has locked, and holds the others', async () => {
    streams.answer = 'at once'
    const locked = jest.fn()
    const stockOpen = Object.getOwnPropertyDescriptor(window, 'open') ?? {}
    Object.defineProperty(window, 'open', { value: locked, writable: false, configurable: true })
    begin()
    expect(Object.getOwnPropertyDescriptor(window, 'open')?.value).toBe(locked)
    void page.fetch('/logout')
    expect(fetched).toEqual([])
    await settle()
    expect(fetched).toHaveLength(1)
    Object.defineProperty(window, 'open', stockOpen)
  })

  describe('that gives its caller a result at once', () => {
    /** How many requests for Offline had been made at each call of the page's. */
    const asked: number[] = []
    const returning = (result: unknown) => () => {
      asked.push(streams.asked.length)
      return result
    }
    const synchronously = (url: string): void => {
      const request = new XMLHttpRequest()
      request.open('GET', url, false)
      request.send()
    }

    beforeEach(() => {
      asked.length = 0
      jest.spyOn(window, 'open').mockImplementation(returning('a window') as never)
      Object.assign(Object.getPrototypeOf(navigator) as object, { sendBeacon: returning(true) })
      jest.spyOn(XMLHttpRequest.prototype, 'send').mockImplementation(returning(undefined))
      begin()
    })
    afterEach(() => jest.restoreAllMocks())

    test.each<[string, (url: string) => unknown, unknown]>([
      ['window.open', (url) => window.open(url), 'a window'],
      ['sendBeacon', (url) => navigator.sendBeacon(url), true],
      ['a synchronous XMLHttpRequest', synchronously, undefined],
    ])('is preceded by a request for Offline: %s', (_what, logOut, result) => {
      expect(logOut('/connect/help')).toBe(result)
      expect(asked).toEqual([0])
      expect(logOut('/connect/logout')).toBe(result)
      expect(asked).toEqual([0, 1])
      expect(closings()).toMatchObject([{ report: { event: 'logout' } }])
    })
  })

  test('no longer wraps the page’s functions when the extension goes', () => {
    const { prototype } = HTMLFormElement
    const ownSubmit = Object.getOwnPropertyDescriptor(prototype, 'submit')
    const isStock = (): boolean[] => [
      page.fetch === stock,
      Object.getOwnPropertyDescriptor(prototype, 'submit')?.value === ownSubmit?.value,
    ]
    begin()
    expect(isStock()).toEqual([false, false])
    say({ type: 'detach' })
    expect(isStock()).toEqual([true, true])
  })

  test('leaves a function alone that the page has replaced since', () => {
    begin()
    const own = (): Promise<unknown> => Promise.resolve()
    page.fetch = own
    say({ type: 'detach' })
    expect(page.fetch).toBe(own)
  })
})
