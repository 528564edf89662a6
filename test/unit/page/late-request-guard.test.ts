/** @jest-environment jsdom */
import './hooks'
import * as fc from 'fast-check'
import type { CloseResult } from '../../../src/domain/close-report'
import type { StatusRestore } from '../../../src/domain/closes/guarded-close'
import type { AgentState } from '../../../src/domain/agent'
import type { PageConfig } from '../../../src/protocol/page-config'
import { offlineEvidence } from '../../../src/domain/evidence'
import { LateRequestGuard } from '../../../src/page/late-request-guard'
import { facts, pageConfig, T0 } from '../domain/build'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

/** An instance, its agent in the CCP that they have returned to, and the guard in that CCP. Times in ms. */
class Return {
  now = 0
  state: AgentState
  lastInputAt = 0
  isClosing = false
  config: PageConfig
  readonly undone: { type: string; closeId: string; result: CloseResult }[] = []
  readonly set: string[] = []
  /** Whether the instance carries out a request at once. */
  isQuick = true
  /** Whether the instance refuses requests. */
  refuses = false
  readonly inFlight: (() => void)[] = []
  private readonly guard: LateRequestGuard

  constructor(count = 2) {
    this.config = pageConfig({ guardedCloses: [{ closeId: 'close-1', username: 'ada', count, until: T0 + 30_000 }] })
    this.state = { name: '', type: 'offline', arn: 'arn:offline', startTimestamp: T0 - 5_000 }
    this.guard = new LateRequestGuard({
      config: () => this.config,
      setState: ({ type }, onResult) => {
        this.set.push(type)
        this.inFlight.push(() => {
          if (this.refuses) {
            onResult({ ok: false, error: { type: 'ThrottlingException', message: '' } })
            return
          }
          this.become(type === 'routable' ? 'routable' : 'offline')
          onResult({ ok: true })
        })
        if (this.isQuick) this.land()
      },
      isClosing: () => this.isClosing,
      lastInputAt: () => T0 + this.lastInputAt,
      onReverted: (type, closeId, result) => this.undone.push({ type, closeId, result }),
    })
    jest.spyOn(Date, 'now').mockImplementation(() => T0 + this.now)
  }

  /** The state changes in the instance. */
  become(type: 'routable' | 'offline'): void {
    this.state = { name: type, type, arn: `arn:${type}`, startTimestamp: T0 + this.now }
  }

  /** Streams reports the state to the page. */
  see(contacts: { channel: string; state: string }[] = []): void {
    this.guard.note(facts('routable', { state: this.state, contacts }))
  }

  restoreStatus(order: StatusRestore | null): void {
    this.see()
    this.guard.restoreStatus(order)
  }

  /** The state that a close at this moment must assume. */
  coming(): AgentState {
    return this.guard.asComing(facts('routable', { state: this.state })).state
  }

  /** The oldest pending request takes effect and is answered. */
  land(): void {
    this.inFlight.shift()?.()
  }

  forget(): void {
    this.guard.forget()
  }

  /** A person chooses a state in this page. */
  choose(type: 'routable' | 'offline'): void {
    this.lastInputAt = this.now
    this.become(type)
  }
}

// The natives are taken when the module is loaded, so they must use these tests' clock.
jest.mock('../../../src/page/natives', () => ({
  natives: { now: () => Date.now(), parse: JSON.parse, stringify: JSON.stringify },
}))

let back: Return
beforeEach(() => {
  back = new Return()
  back.see()
  back.now = 1_000
  back.choose('routable')
  back.see()
})

test('an Offline that arrives after the agent’s return is reverted and reported', () => {
  back.now = 2_000
  back.become('offline')
  back.see()
  expect(back.state.type).toBe('routable')
  expect(back.undone).toEqual([{ type: 'undone', closeId: 'close-1', result: { ok: true } }])
})

test('the same Offline is reverted once, however often it is reported', () => {
  back.now = 2_000
  back.become('offline')
  const late = back.state
  back.see()
  back.state = late
  back.see()
  expect(back.set).toEqual(['routable'])
})

test('no more Offlines are reverted than were sent: a further one has another cause', () => {
  for (const now of [2_000, 3_000, 4_000]) {
    back.now = now
    back.become('offline')
    back.see()
  }
  expect(back.set).toEqual(['routable', 'routable'])
  expect(back.state.type).toBe('offline')
})

test('user input counts from the start of a state period, even if a contact changes the facts in between', () => {
  back.now = 2_000
  back.lastInputAt = 2_000
  back.now = 2_100
  back.see([{ channel: 'voice', state: 'ended' }])
  back.now = 2_400
  back.become('offline')
  back.see()
  expect(back.set).toEqual([])
})

test('with another CCP of the agent open, an Offline is left alone: it may come from there', () => {
  back.config = { ...back.config, otherCcps: ['doc-2'] }
  back.now = 2_000
  back.become('offline')
  back.see()
  expect(back.set).toEqual([])
})

test('a page that was hidden does not know the agent’s earlier state, and reverts nothing', () => {
  back.forget()
  back.now = 2_000
  back.become('offline')
  back.see()
  expect(back.set).toEqual([])
})

test('the Offline of this page’s own close is not reverted', () => {
  back.now = 2_000
  back.isClosing = true
  back.become('offline')
  back.see()
  expect(back.set).toEqual([])
})

test('agents who go Offline themselves stay Offline', () => {
  back.now = 2_000
  back.choose('offline')
  back.see()
  expect(back.set).toEqual([])
})

test.each<[string, (one: Return) => void]>([
  ['after the guard has expired', (one) => (one.now = 30_000)],
  [
    'of another agent',
    ({ config }) => config.guardedCloses.forEach((fence) => Object.assign(fence, { username: 'bob' })),
  ],
  ['in mode observe', (one) => (one.config = { ...one.config, mode: 'observe' })],
  ['without an earlier close', (one) => (one.config = pageConfig())],
])('an Offline %s is left alone', (_name, change) => {
  change(back)
  back.now = Math.max(back.now, 2_000)
  back.become('offline')
  back.see()
  expect(back.set).toEqual([])
})

test('the agent is not made Available while they have a contact', () => {
  back.now = 2_000
  back.become('offline')
  back.see([{ channel: 'voice', state: 'connected' }])
  expect(back.set).toEqual([])
})

test('no late Offline lasts, whenever a close’s requests arrive and the page learns of them', () => {
  const event = fc.record({
    at: fc.integer({ min: 1, max: 29_000 }),
    what: fc.constantFrom('arrives', 'heard', 'heard', 'lands', 'lands'),
  })
  // An instance that is asked for the old status in between begins no two Offlines in one millisecond.
  const events = fc.uniqueArray(event, { maxLength: 12, selector: ({ at }) => at })
  fc.assert(
    fc.property(events, fc.boolean(), (came, isQuick) => {
      const arrivals = came.filter(({ what }) => what === 'arrives').length
      const world = new Return(arrivals)
      world.isQuick = isQuick
      world.see()
      world.choose('routable')
      world.see()
      // From here on nobody touches the page.
      for (const { at, what } of [...came].sort((a, b) => a.at - b.at)) {
        world.now = at
        if (what === 'heard') world.see()
        else if (what === 'lands') world.land()
        else world.become('offline')
        // Once the page knows why the agent is Offline, a close assumes that the revert will succeed.
        if (what === 'heard') expect(world.coming().type).toBe('routable')
      }
      world.now = 29_500
      while (world.inFlight.length > 0) world.land()
      world.see()
      while (world.inFlight.length > 0) world.land()
      expect(world.state.type).toBe('routable')
      expect(world.set.length).toBeLessThanOrEqual(arrivals)
    }),
    { numRuns: 2_000 },
  )
})

describe('the status changed by a close that did not happen', () => {
  const AVAILABLE: AgentState = { name: '', type: 'routable', arn: 'arn:routable', startTimestamp: T0 - 60_000 }
  const ORDER: StatusRestore = { closeId: 'close-9', username: 'ada', count: 2, until: T0 + 30_000, state: AVAILABLE }
  beforeEach(() => {
    back = new Return()
    back.config = pageConfig()
    back.now = 1_000
  })

  /** Somebody else makes the agent Available, and Offline again. */
  const somebodyElseSetsBoth = (): void => {
    back.now = 5_000
    back.become('routable')
    back.see()
    back.now = 8_000
    back.become('offline')
    back.see()
  }

  test('is restored at once, for every Offline of that close', () => {
    back.restoreStatus(ORDER)
    expect(back.set).toEqual(['routable'])
    back.see()
    back.now = 2_000
    back.become('offline')
    back.see()
    back.now = 3_000
    back.become('offline')
    back.see()
    expect(back.set).toEqual(['routable', 'routable'])
    const given = { type: 'given_back', closeId: 'close-9', result: { ok: true } }
    expect(back.undone).toEqual([given, given])
  })

  test('is asked for again at the next order where Connect has refused the first', () => {
    back.refuses = true
    back.restoreStatus(ORDER)
    back.see()
    expect(back.set).toEqual(['routable'])
    back.refuses = false
    back.now = 2_000
    back.restoreStatus({ ...ORDER, until: ORDER.until + 2_000 })
    expect(back.set).toEqual(['routable', 'routable'])
    expect(back.undone.map(({ result }) => result.ok)).toEqual([false, true])
  })

  test('is not confirmed, in a close right after it, by the Offline that was reverted', () => {
    back.isQuick = false
    back.restoreStatus(ORDER)
    expect(back.set).toEqual(['routable'])
    const closed = back.coming()
    expect(closed.type).toBe('routable')
    // The service counts whole seconds: another look at the same Offline is up to a second later.
    const again = { ...back.state, startTimestamp: (back.state.startTimestamp ?? 0) + 950 }
    expect([back.state, again].map((shown) => offlineEvidence(closed, shown))).toEqual(['stale', 'stale'])
    back.now += 3_000
    back.become('offline')
    expect(offlineEvidence(closed, back.state)).toBe('confirmed')
  })

  test('is restored after a second reload, though its first restoring has not shown yet', () => {
    back.isQuick = false
    back.restoreStatus(ORDER)
    const closed = back.coming()
    // The second Offline begins within the second that the service does not resolve, or the first one stays.
    for (const sinceFirst of [800, 0]) {
      const next = new Return()
      next.now = back.now
      next.state = { ...back.state, startTimestamp: (back.state.startTimestamp ?? 0) + sinceFirst }
      next.restoreStatus({ ...ORDER, closeId: 'close-10', state: closed })
      expect(next.set).toEqual(['routable'])
    }
  })

  test('is not restored over an Offline that somebody chose after another Available of theirs', () => {
    back.state = AVAILABLE
    back.restoreStatus(ORDER)
    somebodyElseSetsBoth()
    expect(back.set).toEqual([])
  })

  test('is restored once: after it, the agent was made Available and Offline again by somebody else', () => {
    back.restoreStatus(ORDER)
    back.see()
    expect(back.set).toEqual(['routable'])
    somebodyElseSetsBoth()
    expect(back.set).toEqual(['routable'])
  })

  test('is restored once the slow Offline has arrived', () => {
    back.state = AVAILABLE
    back.restoreStatus(ORDER)
    expect(back.set).toEqual([])
    back.now = 2_000
    back.become('offline')
    back.see()
    expect(back.set).toEqual(['routable'])
  })

  describe.each<[string, () => void]>([
    ['in a frame', () => Object.defineProperty(window, 'parent', { value: {}, configurable: true })],
    ['beside another CCP', () => (back.config = pageConfig({ otherCcps: ['doc-2'] }))],
  ])('%s', (_name, share) => {
    beforeEach(share)
    afterEach(() => Object.defineProperty(window, 'parent', { value: window, configurable: true }))

    test('is restored once: a later Offline may be a choice made elsewhere', () => {
      back.restoreStatus(ORDER)
      back.now = 2_000
      back.become('offline')
      back.see()
      expect(back.set).toEqual(['routable'])
      expect(back.state.type).toBe('offline')
    })

    test('is restored once: later choices of the agent, whose input this page cannot see, stand', () => {
      const moves = fc.array(fc.record({ after: fc.integer({ min: 1, max: 9_000 }), heard: fc.boolean() }), {
        minLength: 1,
        maxLength: 8,
      })
      fc.assert(
        fc.property(moves, fc.integer({ min: 1, max: 5 }), (choices, count) => {
          back = new Return()
          share()
          back.config = { ...back.config, guardedCloses: [] }
          back.now = 1_000
          back.restoreStatus({ ...ORDER, count })
          expect(back.set).toEqual(['routable'])
          for (const { after, heard } of choices) {
            back.now += after
            back.become('offline')
            if (heard) back.see()
          }
          back.see()
          expect(back.state.type).toBe('offline')
        }),
        { numRuns: 1_000 },
      )
    })
  })

  test('is restored no more often than Offlines were sent, whenever they arrive and the page learns of them', () => {
    const event = fc.record({
      at: fc.integer({ min: 1_001, max: 29_000 }),
      what: fc.constantFrom('arrives', 'heard', 'heard'),
    })
    // As above.
    const events = fc.uniqueArray(event, { maxLength: 12, selector: ({ at }) => at })
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 3 }), (came, count) => {
        back = new Return()
        back.config = pageConfig()
        back.now = 1_000
        back.state = AVAILABLE
        back.restoreStatus({ ...ORDER, count })
        let arrived = 0
        for (const { at, what } of [...came].sort((a, b) => a.at - b.at)) {
          back.now = at
          if (what === 'heard') back.see()
          else if (arrived < count) {
            arrived += 1
            back.become('offline')
          }
        }
        back.now = 29_500
        back.see()
        expect(back.state.type).toBe('routable')
        expect(back.set.length).toBeLessThanOrEqual(arrived)
      }),
      { numRuns: 2_000 },
    )
  })

  test.each<[string, () => void]>([
    ['with a contact', () => back.see([{ channel: 'voice', state: 'connecting' }])],
    ['while the page closes', () => (back.isClosing = true)],
    ['in mode observe', () => (back.config = pageConfig({ mode: 'observe' }))],
    ['after half a minute', () => (back.now = 31_000)],
  ])('is not restored %s', (name, change) => {
    if (name === 'with a contact') {
      back.state = AVAILABLE
      back.restoreStatus(ORDER)
      back.become('offline')
      change()
    } else {
      change()
      back.restoreStatus(ORDER)
    }
    expect(back.set).toEqual([])
  })

  test('is not restored for another agent, over an earlier Offline, or twice for one close', () => {
    back.restoreStatus({ ...ORDER, username: 'bob' })
    back.restoreStatus({ ...ORDER, closeId: 'close-8', state: { ...AVAILABLE, startTimestamp: T0 } })
    expect(back.set).toEqual([])
    back.restoreStatus({ ...ORDER, count: 1 })
    back.see()
    back.now = 2_000
    back.become('offline')
    back.restoreStatus({ ...ORDER, count: 1 })
    expect(back.set).toEqual(['routable'])
  })

  test('is restored for a later order of the same close: the agent has asked for it', () => {
    back.see()
    back.restoreStatus({ ...ORDER, username: 'bob' })
    expect(back.set).toEqual([])
    back.restoreStatus({ ...ORDER, until: ORDER.until + 1 })
    expect(back.set).toEqual(['routable'])
  })

  test('is not restored after the agent has touched the page', () => {
    back.state = AVAILABLE
    back.restoreStatus(ORDER)
    back.now = 2_000
    back.choose('offline')
    back.see()
    expect(back.set).toEqual([])
  })
})
