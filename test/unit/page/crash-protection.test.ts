/** @jest-environment jsdom */
import { throwInHooks } from './hooks'
import fc from 'fast-check'
import type { AgentFacts } from '../../../src/domain/agent'
import type { PageConfig } from '../../../src/protocol/page-config'
import type * as Module from '../../../src/page/crash-protection'
import { facts, pageConfig } from '../domain/build'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

interface Held {
  readonly url: string
  readonly init: RequestInit
}
type Token = 'none' | 'first' | 'second'

/** Requests that the browser holds. */
let held: Held[] = []
let refusal: Error | null = null

function fetchLater(url: string, init: RequestInit): object {
  if (refusal !== null) throw refusal
  const one = { url, init }
  held.push(one)
  init.signal?.addEventListener('abort', () => {
    held = held.filter((other) => other !== one)
  })
  return { activated: false }
}

/** A crash protection and its surroundings. */
class World {
  agent: AgentFacts | null = facts()
  config: PageConfig | null = pageConfig()
  token: Token = 'first'
  isAlive = true
  isHidden = false
  isStopped = false
  readonly made: Module.CrashProtection

  constructor(hasFetchLater = true) {
    held = []
    refusal = null
    Object.assign(window, { fetchLater: hasFetchLater ? fetchLater : undefined })
    let loaded: Partial<typeof Module> = {}
    jest.isolateModules(() => {
      loaded = jest.requireActual<typeof Module>('../../../src/page/crash-protection')
    })
    const { CrashProtection } = loaded
    if (CrashProtection === undefined) throw new Error('No switch')
    this.made = new CrashProtection({
      facts: () => this.agent,
      config: () => this.config,
      request: (state, enqueue) =>
        this.token === 'none'
          ? null
          : {
              url: 'https://acme.example/api',
              request: {
                method: 'POST',
                headers: {},
                redirect: 'error',
                body: JSON.stringify([this.token, state, enqueue]),
              },
            },
      isAlive: () => this.isAlive,
      onReturn: () => this.made.update(),
    })
    this.made.start()
    this.made.update()
  }

  fire(type: 'pagehide' | 'pageshow', persisted = true): void {
    window.dispatchEvent(Object.assign(new Event(type), { persisted }))
  }

  close(): void {
    this.made.stop()
  }

  /** The rules, written a second time. */
  get shouldBeArmed(): boolean {
    const { agent, config } = this
    if (agent === null || config === null || this.isHidden || this.isStopped || !this.isAlive) return false
    const isAllowed =
      config.mode === 'act' && config.directPath && config.deadMansSwitch && config.otherCcps.length === 0
    const isOnContact = agent.contacts.some(({ state }) => state !== 'missed')
    return (
      isAllowed &&
      agent.state.type === 'routable' &&
      agent.offlineState !== null &&
      !isOnContact &&
      this.token !== 'none'
    )
  }
}

let world: World
afterEach(() => {
  throwInHooks(false)
  world.close()
})

const body = (): unknown => JSON.parse(held[0]?.init.body as string)

test('holds the request that sets the agent Offline, and reports “armed”', () => {
  world = new World()
  expect(held).toHaveLength(1)
  expect(body()).toMatchObject(['first', { type: 'offline' }, false])
  expect(world.made.health()).toBe('armed')
})

test('is not armed during after-contact work, which the request would discard', () => {
  world = new World()
  world.agent = facts('routable', { contacts: [{ channel: 'chat', state: 'ended' }] })
  world.made.update()
  expect(held).toEqual([])
})

test('asks for enqueueNextState while a missed contact is still present', () => {
  world = new World()
  world.agent = facts('routable', { contacts: [{ channel: 'chat', state: 'missed' }] })
  world.made.update()
  expect(held).toHaveLength(1)
  expect(body()).toMatchObject(['first', { type: 'offline' }, true])
})

test('is not armed again while nothing has changed', () => {
  world = new World()
  const [first] = held
  world.made.update()
  expect(held[0]).toBe(first)
})

test('is cancelled in pagehide, and armed again only by a return from the back/forward cache', () => {
  world = new World()
  world.fire('pagehide')
  expect(held).toEqual([])
  world.made.update()
  world.fire('pageshow', false)
  expect(held).toEqual([])
  world.fire('pageshow')
  expect(held).toHaveLength(1)
})

test.each(['QuotaExceededError', 'NotAllowedError'])('is off for good after a %s', (name) => {
  world = new World()
  refusal = new DOMException('', name)
  world.token = 'second'
  world.made.update()
  expect([held.length, world.made.health()]).toEqual([0, 'refused'])
  refusal = null
  world.token = 'first'
  world.made.update()
  expect([held.length, world.made.health()]).toEqual([0, 'refused'])
})

test('is unsupported without the API', () => {
  world = new World(false)
  expect(world.made.health()).toBe('unsupported')
})

test('is forbidden by the settings, and ready when the agent’s state needs no request', () => {
  world = new World()
  world.config = pageConfig({ deadMansSwitch: false })
  expect(world.made.health()).toBe('forbidden')
  world.config = pageConfig()
  world.agent = facts('not_routable')
  world.made.update()
  expect(world.made.health()).toBe('ready')
})

test('is never armed in a frame of a CCP, which the CCP may remove by itself', () => {
  const parent = Object.getOwnPropertyDescriptor(window, 'parent')
  Object.defineProperty(window, 'parent', { value: { location: { pathname: '/ccp-v2/' } }, configurable: true })
  world = new World()
  expect(held).toEqual([])
  if (parent !== undefined) Object.defineProperty(window, 'parent', parent)
})

test('is armed exactly when the rules say so, after any sequence of events', () => {
  const change = <T>(arbitrary: fc.Arbitrary<T>, apply: (value: T) => void) =>
    arbitrary.map((value) => () => apply(value))
  const contacts = fc.constantFrom(
    [],
    [{ channel: 'chat', state: 'connected' }],
    [{ channel: 'chat', state: 'ended' }],
    [{ channel: 'chat', state: 'missed' }],
  )
  const step = fc.oneof(
    change(fc.tuple(fc.constantFrom('routable', 'not_routable', 'offline', 'system'), contacts), ([type, has]) => {
      world.agent = facts(type, { contacts: has })
    }),
    change(fc.constant(null), () => {
      world.agent = facts('routable', { offlineState: null })
    }),
    change(
      fc.record({
        mode: fc.constantFrom('act', 'act', 'observe', 'off'),
        directPath: fc.boolean(),
        deadMansSwitch: fc.boolean(),
        otherCcps: fc.subarray(['doc-2']),
      }),
      (config) => {
        world.config = pageConfig(config)
      },
    ),
    change(fc.constant(null), () => {
      world.config = pageConfig()
      world.agent = facts()
    }),
    change(fc.constantFrom<Token>('none', 'first', 'second'), (token) => {
      world.token = token
    }),
    change(fc.boolean(), (isAlive) => {
      world.isAlive = isAlive
    }),
    change(fc.constant(null), () => {
      world.isHidden = true
      world.fire('pagehide')
      expect(held).toEqual([])
    }),
    change(fc.constant(null), () => {
      world.isHidden = false
      world.fire('pageshow')
    }),
    change(fc.constant(null), () => {
      world.isStopped = true
      world.close()
    }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      world = new World()
      for (const each of steps) {
        each()
        world.made.update()
        expect(held).toHaveLength(world.shouldBeArmed ? 1 : 0)
        if (held.length > 0)
          expect(body()).toMatchObject([world.token, { type: 'offline' }, world.agent?.contacts.length !== 0])
      }
      world.close()
      expect(held).toEqual([])
    }),
    { numRuns: 200 },
  )
})
