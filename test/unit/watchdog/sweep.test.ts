/** What a sweep does when there is more to do than one look has time for, and while a storm is not yet recognized. */
import { DEFAULT_OPTIONS } from '../../../watchdog/src/decide/options'
import type { Options } from '../../../watchdog/src/decide/options'
import { runSweep } from '../../../watchdog/src/run-sweep'
import type { SweepParts } from '../../../watchdog/src/sweep'
import { FakeConnect, mostInASecond } from '../../watchdog/fake-connect'
import { MemoryTable } from '../../watchdog/memory-table'
import { VirtualTime } from '../../watchdog/virtual-time'
import { heartbeat, T0 } from './build'

const MINUTE = 60_000

/** Sweeps each minute from T0 on, with ingest proven. `beat` sends a heartbeat of an Available agent at a time. */
function start(options: Partial<Options> = {}) {
  const time = new VirtualTime(T0)
  const table = new MemoryTable()
  const connect = new FakeConnect(time.now)
  const brakes: string[] = []
  const notices: string[] = []
  const parts: SweepParts = {
    table,
    connect,
    canary: () => Promise.resolve(true),
    tellCase: (found, kind, now) => {
      if (kind !== null) notices.push(`${found.agent} ${kind} after ${(now - found.since) / 1_000} s`)
      return Promise.resolve()
    },
    tellBrake: (scope) => {
      brakes.push(scope)
      return Promise.resolve()
    },
    options: { ...DEFAULT_OPTIONS, ...options },
    mode: 'act',
    slotMs: 15_000,
    now: time.now,
    sleep: time.sleep,
  }
  let seq = 0
  const beat = (name: string, site: string, at: number): void => {
    time.at(at, () => {
      if (!connect.agents.has(`n:${name}`)) {
        connect.add(`n:${name}`)
        connect.set(`n:${name}`, 'ROUTABLE')
      }
      seq += 1
      const said = heartbeat({ agent: `n:${name}`, machine: `machine of ${name}`, site, seq })
      return table.hear(said, time.now())
    })
  }
  const run = async (ms: number): Promise<void> => {
    for (let at = T0; at < T0 + ms; at += MINUTE)
      time.at(at, () => time.start(() => runSweep(parts, at + 105_000), fail))
    await time.runUntil(T0 + ms)
  }
  return { time, table, connect, brakes, notices, beat, run }
}

function fail(error: unknown): void {
  throw error
}

const names = (count: number, of: string): string[] => Array.from({ length: count }, (_, nth) => `${of}${nth}`)
const NO_BRAKE = { brakeSite: 10_000, brakeFleet: 10_000, brakePercent: 100 }

it('looks up each user once, and comes to an end, however many fall silent at once', async () => {
  const { connect, beat, run } = start(NO_BRAKE)
  const silent = names(60, 'silent')
  for (const name of silent) beat(name, 'Lisboa', T0)
  await run(10 * MINUTE)
  expect(connect.calls.filter(({ operation }) => operation === 'find')).toHaveLength(60)
  expect(silent.filter((name) => connect.agents.get(`n:${name}`)?.type !== 'OFFLINE')).toEqual([])
  expect(mostInASecond(connect.calls)).toBe(1)
})

it('has time for newly silent agents while a storm is held, or is worked off after its release', async () => {
  const { time, table, connect, beat, run } = start({ brakeFleet: 10_000, brakePercent: 100 })
  for (const name of names(300, 'storm')) beat(name, 'Lisboa', T0)
  // Their site is held for five minutes.
  time.at(T0 + 7 * MINUTE, () => table.saveCommand({ releases: { Lisboa: time.now() } }))
  for (const [nth, last] of [3, 9, 10].entries()) beat(`late${nth}`, 'Porto', T0 + last * MINUTE)
  await run(40 * MINUTE)
  const took = [3, 9, 10].map((last, nth) => (connect.agents.get(`n:late${nth}`)?.puts[0] ?? 0) - T0 - last * MINUTE)
  for (const ms of took) {
    expect(ms).toBeGreaterThanOrEqual(90_000)
    expect(ms).toBeLessThanOrEqual(120_000)
  }
  expect(names(300, 'storm').filter((name) => connect.agents.get(`n:${name}`)?.type !== 'OFFLINE')).toEqual([])
})

it('does not act on the first silent agent of a site that has just lost its network', async () => {
  const { connect, brakes, beat, run } = start()
  // All send a heartbeat each half minute, up to the cut at four minutes; the first agent's last one before it is
  // lost.
  const cut = T0 + 4 * MINUTE
  const site = names(40, 'agent')
  for (const [nth, name] of site.entries()) {
    const until = nth === 0 ? cut - 45_000 : cut
    for (let at = T0 + nth * 700; at < until; at += 30_000) beat(name, 'Lisboa', at)
  }
  for (const name of names(400, 'other')) for (let at = T0; at < T0 + 10 * MINUTE; at += 30_000) beat(name, 'Porto', at)
  await run(10 * MINUTE)
  expect(brakes).toContain('Lisboa')
  expect(connect.calls.filter(({ operation }) => operation === 'put')).toEqual([])
})

it('looks again before it sets the next agent Offline: what it acts on is at most a second old', async () => {
  const { time, connect, beat, run } = start(NO_BRAKE)
  for (const name of names(12, 'silent')) beat(name, 'Lisboa', T0)
  // Each of them gets a call two seconds after the first was set.
  const calls = (): void => {
    for (const shown of connect.agents.values())
      if (shown.puts.length === 0) shown.contacts = [{ state: 'CONNECTED', since: time.now() }]
  }
  connect.onPutDone = (): void => {
    connect.onPutDone = () => undefined
    time.after(2_000, calls)
  }
  await run(5 * MINUTE)
  const puts = connect.calls.filter(({ operation }) => operation === 'put').map(({ at }) => at)
  expect(puts.length).toBeGreaterThan(0)
  expect(Math.max(...puts) - Math.min(...puts)).toBeLessThanOrEqual(3_000)
  expect([...connect.agents.values()].filter(({ isOfflineNext }) => isOfflineNext)).toEqual([])
})

it('reports within two minutes whom it may leave Available, and reports a put only once it was read back', async () => {
  const { time, connect, notices, beat, run } = start()
  beat('hidden', 'Lisboa', T0 + 10_000)
  beat('seen', 'Lisboa', T0 + 5_000)
  // This agent is set Offline late: a call held them until three minutes after the last heartbeat.
  beat('late', 'Lisboa', T0)
  const of = (name: string) => connect.agents.get(`n:${name}`) ?? connect.add(`n:${name}`)
  time.at(T0 + 11_000, () => {
    of('hidden').isListed = false
    of('late').contacts = [{ state: 'CONNECTED', since: T0 }]
  })
  time.at(T0 + 180_000, () => (of('late').contacts = []))
  await run(5 * MINUTE)
  const about = (name: string): string[] => notices.filter((notice) => notice.startsWith(`n:${name} `))
  expect(about('seen')).toEqual([expect.stringMatching(/^n:seen set_offline after \d+/)])
  expect(about('late')).toEqual([expect.stringMatching(/^n:late set_offline after \d+/)])
  const [, after] = /^n:hidden unknown after ([\d.]+) s$/.exec(about('hidden')[0] ?? '') ?? []
  expect(Number(after)).toBeLessThanOrEqual(120)
})
