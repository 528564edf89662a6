/** @jest-environment jsdom */
import { throwInHooks } from './hooks'
import type { InsecureParams } from '../../../src/page/shared-worker-params'

type Watch = (onParams: (params: InsecureParams) => void) => () => void
type Init = (this: unknown, params: unknown) => unknown
interface Streams {
  core?: { initSharedWorker?: Init }
}

const page = window as unknown as { connect?: Streams }
const PARAMS = { authToken: 'the token', endpoint: '/api' }
let seen: InsecureParams[]
let init: jest.Mock<string, unknown[]>
let stop: () => void

function watch(onParams: (params: InsecureParams) => void = (params) => seen.push(params)): void {
  jest.isolateModules(() => {
    const { watchSharedWorkerParams } = jest.requireActual<{ watchSharedWorkerParams: Watch }>(
      '../../../src/page/shared-worker-params',
    )
    stop = watchSharedWorkerParams(onParams)
  })
}

const descriptor = (): PropertyDescriptor | undefined => Object.getOwnPropertyDescriptor(window, 'connect')
const asStock = (value: unknown): PropertyDescriptor => ({
  value,
  writable: true,
  enumerable: true,
  configurable: true,
})
/** The load event of a script in the page that has run. */
function scriptHasRun(): void {
  const script = document.createElement('script')
  document.head.append(script)
  script.dispatchEvent(new Event('load'))
  script.remove()
}

beforeEach(() => {
  seen = []
  init = jest.fn(() => 'what it returns')
  stop = () => undefined
})
afterEach(() => {
  throwInHooks(false)
  stop()
  Reflect.deleteProperty(window, 'connect')
})

describe('when Streams is not there yet', () => {
  test('and is assigned many times during its set-up, its parameters are seen once', () => {
    watch()
    const streams: Streams = {}
    page.connect = streams
    expect(page.connect).toBe(streams)
    streams.core = {}
    page.connect = streams
    streams.core.initSharedWorker = init
    page.connect = streams
    page.connect = streams
    streams.core.initSharedWorker(PARAMS)
    streams.core.initSharedWorker({ authToken: 'another' })
    expect(seen).toEqual([PARAMS])
    expect(init.mock.calls).toEqual([[PARAMS], [{ authToken: 'another' }]])
  })

  test('and is assigned once, before it is complete, it is found when its script has run', () => {
    watch()
    const streams: Streams = {}
    page.connect = streams
    streams.core = { initSharedWorker: init }
    scriptHasRun()
    expect(descriptor()).toEqual(asStock(streams))
    streams.core.initSharedWorker?.(PARAMS)
    expect(seen).toEqual([PARAMS])
  })

  test('the watch leaves nothing behind once the parameters were seen', () => {
    watch()
    const streams: Streams = { core: { initSharedWorker: init } }
    page.connect = streams
    expect(descriptor()).toEqual(asStock(streams))
    expect(streams.core?.initSharedWorker).not.toBe(init)
    streams.core?.initSharedWorker?.(PARAMS)
    expect(streams.core?.initSharedWorker).toBe(init)
    expect(descriptor()).toEqual(asStock(streams))
  })

  test('its parameters are seen before its own function runs, which is already back in its place', () => {
    watch()
    const streams: { core: { initSharedWorker: Init } } = {
      core: {
        initSharedWorker: () => [seen.length, streams.core.initSharedWorker === original],
      },
    }
    const original = streams.core.initSharedWorker
    page.connect = streams
    expect(streams.core.initSharedWorker(PARAMS)).toEqual([1, true])
  })

  test('the page may remove its Streams and assign another', () => {
    watch()
    page.connect = {}
    Reflect.set(window, 'connect', undefined)
    expect(page.connect).toBeUndefined()
    page.connect = { core: { initSharedWorker: init } }
    page.connect.core?.initSharedWorker?.(PARAMS)
    expect(seen).toEqual([PARAMS])
  })

  test('a page that redefines the property keeps its definition, whatever the watch does afterwards', () => {
    watch()
    const streams: Streams = { core: {} }
    Object.defineProperty(window, 'connect', asStock(streams))
    scriptHasRun()
    stop()
    expect(descriptor()).toEqual(asStock(streams))
  })

  test('stopping before anything has happened leaves no property', () => {
    watch()
    expect('connect' in window).toBe(true)
    stop()
    expect('connect' in window).toBe(false)
  })

  test('stopping during the set-up leaves the page’s value, and no longer watches it', () => {
    watch()
    const streams: Streams = {}
    page.connect = streams
    stop()
    expect(descriptor()).toEqual(asStock(streams))
    streams.core = { initSharedWorker: init }
    scriptHasRun()
    expect(streams.core.initSharedWorker).toBe(init)
  })

  test('stopping before the call removes the watch; a later wrapper by the page stays', () => {
    watch()
    const streams = { core: { initSharedWorker: init as Init } }
    page.connect = streams
    const ours = streams.core.initSharedWorker
    const theirs: Init = (params) => ours(params)
    streams.core.initSharedWorker = theirs
    stop()
    expect(streams.core.initSharedWorker).toBe(theirs)
    expect(streams.core.initSharedWorker(PARAMS)).toBe('what it returns')
  })
})

describe('the page’s own function', () => {
  test('is called with its own `this` and parameters, and its return value is returned', () => {
    watch()
    const core = { initSharedWorker: init as Init }
    page.connect = { core }
    expect(core.initSharedWorker(PARAMS)).toBe('what it returns')
    expect(init.mock.contexts).toEqual([core])
    expect(init.mock.contexts[0]).toBe(core)
    expect(init.mock.calls[0]?.[0]).toBe(PARAMS)
  })

  test('throws its own error, and is back in its place', () => {
    const error = new Error('the page’s own')
    const throws: Init = () => {
      throw error
    }
    watch()
    const core = { initSharedWorker: throws }
    page.connect = { core }
    let thrown: unknown = null
    try {
      core.initSharedWorker(PARAMS)
    } catch (caught) {
      thrown = caught
    }
    expect(thrown).toBe(error)
    expect(core.initSharedWorker).toBe(throws)
    expect(seen).toEqual([PARAMS])
  })

  test('does not notice an error in the extension’s callback', () => {
    const adopt = jest.fn(() => {
      throw new Error('ours')
    })
    watch(adopt)
    const core = { initSharedWorker: init as Init }
    page.connect = { core }
    expect(core.initSharedWorker(PARAMS)).toBe('what it returns')
    expect(adopt).toHaveBeenCalledTimes(1)
    expect(core.initSharedWorker).toBe(init)
  })

  test.each([undefined, null, 'text', 7])('may be called with %p as parameters', (params) => {
    watch()
    const core = { initSharedWorker: init as Init }
    page.connect = { core }
    expect(core.initSharedWorker(params)).toBe('what it returns')
    expect(seen).toEqual([{}])
    expect(init).toHaveBeenCalledWith(params)
  })
})

describe('a Streams of another shape', () => {
  test('with a frozen core works as before', () => {
    watch()
    const streams: Streams = { core: Object.freeze({ initSharedWorker: init }) }
    expect(() => {
      page.connect = streams
      scriptHasRun()
    }).not.toThrow()
    expect(page.connect).toBe(streams)
    expect(page.connect?.core?.initSharedWorker?.(PARAMS)).toBe('what it returns')
    expect(seen).toEqual([])
    stop()
    expect(descriptor()).toEqual(asStock(streams))
  })

  test.each([
    ['no core', {}],
    ['a core that is null', { core: null }],
    ['a core without the function', { core: {} }],
    ['something else in its place', { core: { initSharedWorker: 'text' } }],
    ['text instead of an object', 'text'],
    ['null instead of an object', null],
  ])('with %s is left unchanged', (_what, value) => {
    watch()
    expect(() => {
      Reflect.set(window, 'connect', value)
      scriptHasRun()
    }).not.toThrow()
    expect(page.connect).toBe(value)
    stop()
    expect(descriptor()).toEqual(asStock(value))
  })

  test('with a core getter that throws does not throw when the page assigns it', () => {
    watch()
    const streams = {
      get core(): never {
        throw new Error('not yet')
      },
    }
    expect(() => {
      page.connect = streams
    }).not.toThrow()
    expect(page.connect).toBe(streams)
  })
})

describe('when Streams is already there', () => {
  test('a later call is seen', () => {
    const streams: Streams = { core: { initSharedWorker: init } }
    page.connect = streams
    watch()
    expect(descriptor()).toEqual(asStock(streams))
    expect(streams.core?.initSharedWorker?.(PARAMS)).toBe('what it returns')
    expect(seen).toEqual([PARAMS])
    expect(streams.core?.initSharedWorker).toBe(init)
  })

  test('stopping restores everything', () => {
    const streams: Streams = { core: { initSharedWorker: init } }
    page.connect = streams
    watch()
    expect(streams.core?.initSharedWorker).not.toBe(init)
    stop()
    expect(streams.core?.initSharedWorker).toBe(init)
    expect(descriptor()).toEqual(asStock(streams))
  })
})

test('in the throwing build the page’s Streams works as before, and nothing is seen', () => {
  throwInHooks(true)
  watch()
  const core = { initSharedWorker: init as Init }
  page.connect = { core }
  scriptHasRun()
  expect(core.initSharedWorker(PARAMS)).toBe('what it returns')
  expect(core.initSharedWorker).toBe(init)
  expect(seen).toEqual([])
})
