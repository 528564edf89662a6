/**
 * Whatever happens, in whatever order: who is set Offline, and who is not. Judged by what happened, not by the
 * watchdog.
 */
import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import type { Heartbeat } from '../../../src/protocol/heartbeat'
import { takeHeartbeat } from '../../../watchdog/src/ingest'
import { DEFAULT_OPTIONS } from '../../../watchdog/src/decide/options'
import { nextStep } from '../../../watchdog/src/decide/step'
import { runSweep } from '../../../watchdog/src/run-sweep'
import type { SweepParts } from '../../../watchdog/src/sweep'
import { isFull } from '../fuzz/malform'
import { PROPERTY_MS } from '../../property-time'
import { FakeConnect, mostInASecond } from '../../watchdog/fake-connect'
import { MemoryTable } from '../../watchdog/memory-table'
import { VirtualTime } from '../../watchdog/virtual-time'
import { aCase, heartbeat, INTERVAL, T0 } from './build'

jest.setTimeout(isFull ? 10 * PROPERTY_MS : PROPERTY_MS)

/** A shorter outage of ingest costs no machine two heartbeats with their second attempts, or is noticed late, in ms. */
const LOST_MS = 60_000
const SLOT_MS = 15_000
const AGENTS = ['n:alice', 'n:bob']
const agent = fc.constantFrom(...AGENTS)
const machine = fc.constantFrom('machine-a', 'machine-b', 'machine-c')
const happening = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('beats' as const),
      agent,
      machine,
      isAvailable: fc.boolean(),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('closes' as const), agent, machine, isFlagged: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('status' as const),
      agent,
      type: fc.constantFrom('ROUTABLE' as const, 'CUSTOM' as const, 'OFFLINE' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('contact' as const),
      agent,
      state: fc.constantFrom('INCOMING', 'CONNECTED', 'ENDED', 'MISSED', 'NEW'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('contact_ends' as const), agent }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('listed' as const), agent, isListed: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('mode' as const),
      mode: fc.constantFrom('act' as const, 'observe' as const, 'off' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('ingest' as const), isUp: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('sweep_dies' as const) }) },
)
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never
const story = fc.array(fc.tuple(happening, fc.integer({ min: 0, max: 120_000 })), { minLength: 2, maxLength: 20 })

/** Plays a story, then a quarter of an hour in which nothing more happens. */
async function live(events: readonly (readonly [Happening, number])[]) {
  const time = new VirtualTime(T0)
  const table = new MemoryTable()
  const violations: string[] = []
  /** The last heartbeat of each agent and machine, with its time: the watchdog is judged by these. */
  const said = new Map<string, { at: number; beat: Heartbeat }>()
  /**
   * Heartbeats that are void since a machine spoke for another agent. A look still uses them to its end, because no
   * row of that agent shows the change.
   */
  const voided: { readonly at: number; readonly beat: Heartbeat; readonly until: number }[] = []
  const rowsOf = (who: string): { at: number; beat: Heartbeat }[] =>
    [...said.values(), ...voided.filter(({ until }) => time.now() < until)].filter(({ beat }) => beat.agent === who)
  let mode = 'act' as 'act' | 'observe' | 'off'
  let isUp = true as boolean
  const outages: { readonly from: number; to: number }[] = []
  let seq = 0
  let dies = false
  const lastHeard = (who: string): number => Math.max(0, ...rowsOf(who).map(({ at }) => at))
  const connect = new FakeConnect(time.now, (shown) => {
    const who = shown.id
    const now = time.now()
    const rows = rowsOf(who)
    const newest = rows.sort((a, b) => b.at - a.at)[0]
    const isFlagged = newest !== undefined && newest.beat.flag !== null && newest.beat.ccps === 0
    if (!isFlagged && now - lastHeard(who) < 3 * INTERVAL) violations.push('set Offline who was heard of')
    const lost = outages.filter(({ from, to }) => Math.min(to, now) - from >= LOST_MS && to > now - 2 * INTERVAL)
    if (!isFlagged && lost.length > 0) violations.push('set Offline while heartbeats were lost')
    if (shown.type !== 'ROUTABLE') violations.push(`set Offline who was ${shown.type}`)
    if (shown.since > lastHeard(who)) violations.push('set Offline whose state began after the last heartbeat')
    if (shown.contacts.some(({ state }) => ['INCOMING', 'CONNECTED', 'NEW'].includes(state)))
      violations.push('set Offline on a contact')
    if (!shown.isListed) violations.push('set Offline who is not listed')
    if (mode !== 'act') violations.push(`set Offline in mode ${mode}`)
    if (!rows.some(({ beat }) => beat.isAvailable || beat.flag !== null))
      violations.push('set Offline who never was Available')
  })
  for (const id of AGENTS) {
    connect.add(id)
    connect.set(id, 'ROUTABLE')
  }
  const secretHashes = [createHash('sha256').update('s').digest('hex')]
  const beat = async (values: Partial<Heartbeat>): Promise<void> => {
    if (!isUp) return
    seq += 1
    const body = heartbeat({ ...values, seq })
    const headers = { authorization: 'Bearer s' }
    await takeHeartbeat(
      { table, secretHashes, instance: 'acme', now: time.now },
      { method: 'POST', headers, body: JSON.stringify(body) },
    )
    // One machine speaks for one agent: what it sent about another is void.
    const before = said.get(body.machine)
    if (before !== undefined && before.beat.agent !== body.agent)
      voided.push({ ...before, until: (Math.floor(time.now() / SLOT_MS) + 1) * SLOT_MS })
    said.set(body.machine, { at: time.now(), beat: body })
  }
  const parts: SweepParts = {
    table,
    connect,
    canary: () => Promise.resolve(isUp),
    tellCase: () => Promise.resolve(),
    tellBrake: () => Promise.resolve(),
    options: DEFAULT_OPTIONS,
    mode: 'act',
    slotMs: SLOT_MS,
    now: time.now,
    sleep: time.sleep,
  }
  let at = T0 + 5_000
  for (const [event, pause] of events) {
    time.at(at, async () => {
      switch (event.is) {
        case 'beats':
          for (let nth = 0; nth < event.count; nth += 1)
            time.after(nth * INTERVAL, () =>
              beat({ agent: event.agent, machine: event.machine, isAvailable: event.isAvailable }),
            )
          return
        case 'closes':
          await beat({
            agent: event.agent,
            machine: event.machine,
            isAvailable: false,
            ccps: 0,
            flag: event.isFlagged ? { why: 'close', closeId: 'c', since: time.now() } : null,
          })
          return
        case 'status':
          connect.set(event.agent, event.type)
          return
        case 'contact': {
          const shown = connect.agents.get(event.agent)
          if (shown !== undefined) shown.contacts = [{ state: event.state, since: time.now() }]
          return
        }
        case 'contact_ends':
          connect.endContact(event.agent)
          return
        case 'listed': {
          const shown = connect.agents.get(event.agent)
          if (shown !== undefined) shown.isListed = event.isListed
          return
        }
        case 'mode':
          mode = event.mode
          await table.saveCommand({ mode })
          return
        case 'ingest':
          if (event.isUp && !isUp) (outages.at(-1) ?? { to: 0 }).to = time.now()
          if (!event.isUp && isUp) outages.push({ from: time.now(), to: Infinity })
          isUp = event.isUp
          return
        case 'sweep_dies':
          dies = true
      }
    })
    at += pause
  }
  const end = at + 15 * 60_000
  for (let sweepAt = T0; sweepAt < end; sweepAt += 60_000) {
    time.at(sweepAt, () => {
      const sleep = (ms: number): Promise<void> => {
        if (!dies) return time.sleep(ms)
        dies = false
        return new Promise(() => undefined)
      }
      return time.start(
        () => runSweep({ ...parts, sleep }, sweepAt + 105_000),
        (error) => violations.push(String(error)),
      )
    })
  }
  await time.runUntil(end)
  return { violations, connect, table, said, mode, isUp, end }
}

it('does no harm, and leaves nobody Available whose machines are silent and whom nothing holds', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (events) => {
      const { violations, connect, table, said, mode, isUp, end } = await live(events)
      expect(violations).toEqual([])
      expect(mostInASecond(connect.calls)).toBeLessThanOrEqual(1)
      if (mode !== 'act' || !isUp) return
      for (const shown of connect.agents.values()) {
        const rows = [...said.values()].filter(({ beat }) => beat.agent === shown.id)
        const wasThere = rows.some(({ beat }) => beat.isAvailable && beat.ccps > 0)
        const last = Math.max(0, ...rows.map(({ at }) => at))
        const holds = shown.contacts.some(({ state }) => state !== 'MISSED')
        if (!wasThere || holds || !shown.isListed || shown.type !== 'ROUTABLE' || shown.since > last) continue
        // An agent who was left alone in another mode, or while somebody was there, is finished for this silence.
        const { case: found } = await table.ofAgent(shown.id, end)
        expect(['observed', 'back', 'not_needed', 'state_changed']).toContain(found?.outcome)
      }
    }),
    { numRuns: isFull ? 10_000 : 500 },
  )
})

it('sets an agent Offline exactly if every condition holds', () => {
  const time = fc.integer({ min: -200_000, max: 200_000 }).map((ms) => T0 + ms)
  const state = fc.constantFrom('INCOMING', 'CONNECTED', 'PAUSED', 'ENDED', 'MISSED', 'ERROR', 'NEW')
  const shown = fc.option(
    fc.record({
      type: fc.constantFrom('ROUTABLE' as const, 'CUSTOM' as const, 'OFFLINE' as const, null),
      since: fc.option(time),
      isOfflineNext: fc.boolean(),
      contacts: fc.array(fc.record({ state, since: fc.option(time) }), { maxLength: 2 }),
      routingProfile: fc.constantFrom('a', 'b', null),
    }),
  )
  const at = fc.record({
    mode: fc.constantFrom('act' as const, 'observe' as const, 'off' as const),
    isBraked: fc.boolean(),
    isProven: fc.boolean(),
    profiles: fc.constantFrom([], ['a']),
    reason: fc.constantFrom('silent' as const, 'left' as const),
    isObserved: fc.boolean(),
  })
  fc.assert(
    fc.property(shown, at, (seen, { mode, isBraked, isProven, profiles, reason, isObserved }) => {
      const options = { ...DEFAULT_OPTIONS, routingProfiles: profiles }
      const step = nextStep(aCase({ reason, isObserved }), seen, {
        mode,
        isBraked,
        isProven,
        options,
        now: T0 + 95_000,
      })
      const isFree = (state: string): boolean => state === 'MISSED' || state === 'ERROR'
      const may =
        seen?.type === 'ROUTABLE' &&
        seen.since !== null &&
        seen.since <= T0 &&
        seen.contacts.every((contact) => isFree(contact.state)) &&
        (profiles.length === 0 || seen.routingProfile === 'a') &&
        mode === 'act' &&
        !isObserved &&
        !isBraked &&
        (isProven || reason === 'left') &&
        !seen.isOfflineNext
      expect(step.do === 'put').toBe(may)
    }),
    { numRuns: 5_000 },
  )
})
