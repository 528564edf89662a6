/** Simulates a contact centre's working day in virtual time: the real watchdog, with a table in memory. */
import { createHash } from 'node:crypto'
import type { Heartbeat, HeartbeatAnswer } from '../../src/protocol/heartbeat'
import { readAnswer } from '../../src/protocol/heartbeat'
import { canarySecret, takeHeartbeat } from '../../watchdog/src/ingest'
import { isBraked } from '../../watchdog/src/decide/brake'
import { DEFAULT_OPTIONS } from '../../watchdog/src/decide/options'
import type { Fleet } from '../../watchdog/src/decide/rows'
import { runSweep } from '../../watchdog/src/run-sweep'
import type { SweepParts } from '../../watchdog/src/sweep'
import { seededRandom } from '../instance/seeded-random'
import { FakeConnect, mostInASecond } from './fake-connect'
import { SimulatedMachine } from './machine'
import { MemoryTable } from './memory-table'
import { VirtualTime } from './virtual-time'

export interface DayOptions {
  readonly agents: number
  readonly sites: number
  readonly hours: number
  readonly seed: number
  /** The share of agents who are killed. */
  readonly killed: number
  /** The share of heartbeats, canaries, looks and sweeps that fail, from 0 to 1. */
  readonly failing: number
  readonly intervalMs: number
  /** Called after each simulated hour. */
  readonly onHour?: (hour: number) => void
}

/** The figures of a day. "Killed" counts only agents who were Available, and known to the watchdog as Available. */
export interface DayFigures {
  readonly heartbeats: number
  readonly duplicates: number
  readonly looks: number
  /** Agents who were killed one by one; and all killed agents whom neither a contact, a storm nor a return held. */
  readonly killed: number
  readonly judged: number
  readonly setOffline: number
  /** Of `killed`: held by a storm brake within three minutes; held by a contact, or back before Offline was set. */
  readonly braked: number
  readonly held: number
  /** All killed agents who are not Offline at the end, and not back. */
  readonly leftAvailable: number
  /** From the last heartbeat to Offline at the instance, of `judged` agents, in ms. */
  readonly medianMs: number
  readonly p99Ms: number
  readonly maxMs: number
  /**
   * Agents killed at the site without power; those of them who are Offline or back at the end; and ms until the notice.
   */
  readonly stormKilled: number
  readonly stormOffline: number
  readonly stormNoticeMs: number
  /** Agents who were set Offline although a heartbeat had arrived within the last three intervals. */
  readonly wronged: readonly string[]
  /** Agents set Offline at the site without a network, although their machines were running. Must be 0. */
  readonly touchedWithoutNetwork: number
  readonly mostCallsInASecond: number
  /** The longest time between a look at an agent and the call that set Offline, in ms. Calls take no time here. */
  readonly lookToPutMs: number
  readonly calls: Readonly<Record<string, number>>
  readonly returned: number
  readonly returnedAndTold: number
}

const SECRET = 'a secret of the fleet'
const HASH = createHash('sha256').update(SECRET).digest('hex')
const START = Date.UTC(2026, 10, 27, 8)
const MINUTE = 60_000
const SWEEP_MS = 105_000
const DARK_SITE = 'site 1'
const POWERLESS_SITE = 'site 2'

interface Killed {
  readonly agent: string
  readonly heardAt: number
  /** Held by a contact or a storm, or back in time: then the goal's times do not apply. */
  isHeld: boolean
}

/** Simulates the day. The same options give the same figures. */
export async function runDay(options: DayOptions): Promise<DayFigures> {
  const random = seededRandom(options.seed)
  const time = new VirtualTime(START)
  const end = START + options.hours * 60 * MINUTE
  const table = new MemoryTable()
  const heardAt = new Map<string, number>()
  /** What each agent's last arrived heartbeat said: the watchdog cannot know of others that they are Available. */
  const isKnownAvailable = new Map<string, boolean>()
  const wronged: string[] = []
  let heartbeats = 0
  let duplicates = 0
  let looks = 0
  let networkIsDown = false
  let touchedWithoutNetwork = 0
  const brakesTold = new Map<string, number>()
  const siteOf = (nth: number): string => `site ${nth % options.sites}`

  let lookToPutMs = 0
  const connect = new FakeConnect(time.now, ({ id, seenAt }) => {
    lookToPutMs = Math.max(lookToPutMs, time.now() - seenAt)
    const since = time.now() - (heardAt.get(id) ?? 0)
    if (since < 3 * options.intervalMs) wronged.push(`${id}: a heartbeat ${since} ms before`)
    if (networkIsDown && machines.get(id)?.site === DARK_SITE && machines.get(id)?.isOn === true)
      touchedWithoutNetwork += 1
  })
  const ingest = { table, secretHashes: [HASH], instance: 'acme.my.connect.aws', now: time.now }
  const take = async (heartbeat: Heartbeat): Promise<HeartbeatAnswer> => {
    const headers = { authorization: `Bearer ${SECRET}` }
    const answer = await takeHeartbeat(ingest, { method: 'POST', headers, body: JSON.stringify(heartbeat) })
    const read = readAnswer(JSON.parse(answer.body))
    if (read === null) throw new Error(answer.body)
    heartbeats += 1
    heardAt.set(heartbeat.agent, time.now())
    isKnownAvailable.set(heartbeat.agent, heartbeat.isAvailable)
    return read
  }
  const wire = async (heartbeat: Heartbeat, from: SimulatedMachine): Promise<HeartbeatAnswer> => {
    if (networkIsDown && from.site === DARK_SITE) throw new Error('No network.')
    if (random() < options.failing) throw new Error('503')
    // A copy that arrives late: an older heartbeat must change nothing.
    if (random() < 0.01) {
      duplicates += 1
      time.after(random() * 60_000, async () => {
        const { agent } = heartbeat
        const [at, isAvailable] = [heardAt.get(agent) ?? 0, isKnownAvailable.get(agent) ?? false]
        await take(heartbeat)
        heardAt.set(agent, at)
        isKnownAvailable.set(agent, isAvailable)
      })
    }
    return take(heartbeat)
  }

  const machines = new Map<string, SimulatedMachine>()
  const killed: Killed[] = []
  const storm = new Set<string>()
  const returned: { readonly machine: SimulatedMachine; readonly act: string }[] = []
  const kill = (agent: string, isHeld: boolean): void => {
    const machine = machines.get(agent)
    const shown = connect.agents.get(agent)
    if (machine === undefined || shown === undefined || !machine.isOn) return
    machine.kill()
    if (shown.type !== 'ROUTABLE' || isKnownAvailable.get(agent) !== true) return
    if (shown.since > (heardAt.get(agent) ?? 0)) return
    if (machine.site === POWERLESS_SITE && isHeld) storm.add(agent)
    killed.push({ agent, heardAt: heardAt.get(agent) ?? 0, isHeld: isHeld || shown.contacts.length > 0 })
  }
  for (let nth = 0; nth < options.agents; nth += 1) {
    const agent = `n:agent${nth}`
    const off = (random() - 0.5) * 2 * 60 * MINUTE
    const machine = new SimulatedMachine(time, wire, agent, siteOf(nth), options.intervalMs, off, random)
    machines.set(agent, machine)
    connect.add(agent)
    liveDay(agent, machine)
  }

  /** An agent comes within a quarter of an hour, takes breaks, has contacts, and leaves. Some are killed. */
  function liveDay(agent: string, machine: SimulatedMachine): void {
    const willBeKilled = random() < options.killed
    const killedAt = START + 20 * MINUTE + random() * (end - START - 40 * MINUTE)
    const become = (isAvailable: boolean): void => {
      if (willBeKilled && time.now() >= killedAt) return
      connect.set(agent, isAvailable ? 'ROUTABLE' : 'CUSTOM')
      machine.change(isAvailable)
    }
    time.at(START + random() * 15 * MINUTE, () => become(true))
    for (let hour = 1; hour < options.hours; hour += 1) {
      const breakAt = START + (hour - 0.5 + random() * 0.4) * 60 * MINUTE
      time.at(breakAt, () => machine.isOn && become(false))
      time.at(breakAt + (5 + random() * 10) * MINUTE, () => machine.isOn && become(true))
      const callAt = START + (hour + random() * 0.4) * 60 * MINUTE
      time.at(callAt, () => {
        const shown = connect.agents.get(agent)
        if (shown?.type !== 'ROUTABLE') return
        shown.contacts = [{ state: machine.isOn ? 'CONNECTED' : 'MISSED', since: time.now() }]
      })
      time.at(callAt + 4 * MINUTE, () => connect.endContact(agent))
    }
    if (willBeKilled) {
      time.at(killedAt, () => kill(agent, false))
      // One in three comes back within twenty minutes: before the watchdog has acted, or after.
      if (random() < 0.33) time.at(killedAt + random() * 20 * MINUTE, () => comeBack(agent, machine))
    } else {
      time.at(end - random() * 10 * MINUTE, () => {
        if (!machine.isOn) return
        connect.set(agent, 'OFFLINE')
        machine.close()
      })
    }
  }

  function comeBack(agent: string, machine: SimulatedMachine): void {
    const last = killed.findLast((each) => each.agent === agent)
    const puts = connect.agents.get(agent)?.puts ?? []
    if (last === undefined || machine.isOn) return
    if (puts.length === 0) last.isHeld = true
    machine.change(connect.agents.get(agent)?.type === 'ROUTABLE')
    if (puts.length > 0) returned.push({ machine, act: `${agent}/` })
  }

  time.at(START + (options.hours / 4) * 60 * MINUTE, () => (networkIsDown = true))
  time.at(START + (options.hours / 4) * 60 * MINUTE + 20 * MINUTE, () => (networkIsDown = false))
  const powerAt = START + (options.hours / 2) * 60 * MINUTE
  time.at(powerAt, () => {
    for (const [agent, machine] of machines) {
      if (machine.site === POWERLESS_SITE) kill(agent, true)
    }
  })
  for (let hour = 1; hour <= options.hours; hour += 1) {
    time.at(START + hour * 60 * MINUTE, () => options.onHour?.(hour))
  }
  // A supervisor releases the brake of that site after ten minutes.
  time.at(powerAt + 10 * MINUTE, async () => {
    const { releases } = await table.fleet()
    await table.saveCommand({ releases: { ...releases, [POWERLESS_SITE]: time.now() } })
  })
  // While a brake is on, the goal's times do not apply.
  const braked: { readonly at: number; readonly fleet: Fleet }[] = []
  const parts: SweepParts = {
    table: {
      hear: table.hear.bind(table),
      ofAgent: table.ofAgent.bind(table),
      saveCase: table.saveCase.bind(table),
      noteAct: table.noteAct.bind(table),
      fleet: table.fleet.bind(table),
      claim: table.claim.bind(table),
      release: table.release.bind(table),
      saveLook: async (found) => {
        await table.saveLook(found)
        if (Object.keys(found.brakes).length > 0) braked.push({ at: time.now(), fleet: await table.fleet() })
      },
      saveCommand: table.saveCommand.bind(table),
      all: (now) => {
        looks += 1
        return random() < options.failing ? Promise.reject(new Error('The table fails.')) : table.all(now)
      },
    },
    connect,
    canary: async () => {
      // Three attempts, like `sendCanary`.
      if ([random(), random(), random()].every((chance) => chance < options.failing)) return false
      const headers = { authorization: `Bearer ${canarySecret(HASH)}` }
      return (await takeHeartbeat(ingest, { method: 'POST', headers, body: '' })).statusCode === 200
    },
    tellCase: () => Promise.resolve(),
    tellBrake: (scope) => {
      if (!brakesTold.has(scope)) brakesTold.set(scope, time.now())
      return Promise.resolve()
    },
    options: { ...DEFAULT_OPTIONS, intervalMs: options.intervalMs },
    mode: 'act',
    slotMs: 15_000,
    now: time.now,
    sleep: time.sleep,
  }
  for (let at = START + 17_000; at < end + 15 * MINUTE; at += MINUTE) {
    time.at(at, () => {
      // Some sweeps die at a random moment, whatever they are doing.
      const diesAt = random() < options.failing ? at + random() * SWEEP_MS : Infinity
      const sleep = (ms: number): Promise<void> =>
        time.now() + ms >= diesAt ? new Promise(() => undefined) : time.sleep(ms)
      return time.start(
        () => runSweep({ ...parts, sleep }, at + SWEEP_MS),
        () => undefined,
      )
    })
  }
  await time.runUntil(end + 15 * MINUTE)

  const isOffline = (agent: string): boolean => connect.agents.get(agent)?.type === 'OFFLINE'
  const isBack = (agent: string): boolean => machines.get(agent)?.isOn ?? false
  const wasBraked = ({ agent, heardAt: last }: Killed): boolean =>
    braked.some(({ at, fleet }) => {
      return at > last && at < last + 180_000 && isBraked(fleet, machines.get(agent)?.site ?? '')
    })
  const alone = killed.filter(({ agent }) => !storm.has(agent))
  const judged = killed.filter((each) => !each.isHeld && !wasBraked(each))
  const times = judged
    .map(({ agent, heardAt: last }) => (connect.agents.get(agent)?.puts.find((at) => at > last) ?? Infinity) - last)
    .sort((a, b) => a - b)
  const quantile = (share: number): number => times[Math.max(0, Math.ceil(times.length * share) - 1)] ?? 0
  return {
    heartbeats,
    duplicates,
    looks,
    killed: alone.length,
    judged: judged.length,
    setOffline: judged.filter(({ agent }) => isOffline(agent) || isBack(agent)).length,
    braked: alone.filter((each) => !each.isHeld && wasBraked(each)).length,
    held: alone.filter(({ isHeld }) => isHeld).length,
    leftAvailable: killed.filter(({ agent }) => !isOffline(agent) && !isBack(agent)).length,
    medianMs: quantile(0.5),
    p99Ms: quantile(0.99),
    maxMs: quantile(1),
    stormKilled: storm.size,
    stormOffline: [...storm].filter((agent) => isOffline(agent) || isBack(agent)).length,
    stormNoticeMs: (brakesTold.get(POWERLESS_SITE) ?? Infinity) - powerAt,
    wronged,
    touchedWithoutNetwork,
    mostCallsInASecond: mostInASecond(connect.calls),
    lookToPutMs,
    calls: Object.fromEntries(
      ['find', 'look', 'put'].map((name) => [name, connect.calls.filter(({ operation }) => operation === name).length]),
    ),
    returned: returned.length,
    returnedAndTold: returned.filter(({ machine, act }) => [...machine.told].some((id) => id.startsWith(act))).length,
  }
}
