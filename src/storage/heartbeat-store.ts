/** The history of heartbeats in this run of the browser, what the watchdog did, and the number of the last heartbeat. */
import * as v from 'valibot'
import { browser } from '../platform/browser'
import { ownStore } from './own-store'

/** In `storage.session`: it outlives the worker, and a new run reports everything again. */
const BEATS_KEY = 'heartbeats'
/** In the own store: no heartbeat of this profile has had a higher number. */
const SEQ_KEY = 'heartbeatSeq'
/** In the own store: by agent, the latest known act of the watchdog. */
const ACTS_KEY = 'watchdogActs'

/** In the own store: a random id of this browser profile, made only when heartbeats are first sent. */
const MACHINE_KEY = 'heartbeatMachine'

/** How far ahead a number is noted: noting each would be a write with each heartbeat. In ms, as the numbers are times. */
const AHEAD = 10 * 60_000
/** How many acts are stored, for as many agents of one profile. */
const MOST_ACTS = 20

const time = v.pipe(v.number(), v.finite())

const beatSchema = v.object({
  instance: v.string(),
  username: v.string(),
  taken: v.nullable(v.string()),
  tried: v.nullable(v.string()),
  lastAt: time,
  failures: v.number(),
  retryAt: v.nullable(time),
  /** Which of the machine's slots speaks for the agent: each speaks for one. */
  slot: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
})

const beatsSchema = v.object({
  beats: v.record(v.string(), beatSchema),
  takenAt: v.nullable(time),
  problem: v.nullable(
    v.object({
      problem: v.picklist(['no_answer', 'secret', 'instance', 'refused']),
      status: v.nullable(v.number()),
      at: time,
    }),
  ),
})
export type StoredBeats = v.InferOutput<typeof beatsSchema>

const actSchema = v.object({
  id: v.string(),
  username: v.string(),
  at: time,
  since: time,
  reason: v.picklist(['silent', 'left']),
  isConfirmed: v.boolean(),
  /** Whether the act is in the log, and whether the agent was notified. */
  isLogged: v.boolean(),
  isTold: v.boolean(),
})
export type StoredAct = v.InferOutput<typeof actSchema>

const NO_BEATS: StoredBeats = { beats: {}, takenAt: null, problem: null }
const storedBeats = v.fallback(beatsSchema, NO_BEATS)
const storedActs = v.fallback(v.record(v.string(), actSchema), {})

export async function readBeats(): Promise<StoredBeats> {
  return v.parse(storedBeats, (await browser.storage.session.get(BEATS_KEY))[BEATS_KEY])
}

export async function writeBeats(beats: StoredBeats): Promise<void> {
  await browser.storage.session.set({ [BEATS_KEY]: beats })
}

export async function readActs(): Promise<Readonly<Record<string, StoredAct>>> {
  return v.parse(storedActs, (await ownStore.get(ACTS_KEY))[ACTS_KEY])
}

export async function writeAct(key: string, act: StoredAct): Promise<void> {
  const others = Object.entries(await readActs()).filter(([other]) => other !== key)
  const kept = [...others, [key, act] as const].sort(([, a], [, b]) => a.at - b.at).slice(-MOST_ACTS)
  await ownStore.set({ [ACTS_KEY]: Object.fromEntries(kept) })
}

/** The random id of this browser profile, created where it is missing. Calls must not overlap. */
export async function machineName(): Promise<string> {
  const { [MACHINE_KEY]: known } = await ownStore.get(MACHINE_KEY)
  if (typeof known === 'string') return known
  const name = crypto.randomUUID()
  await ownStore.set({ [MACHINE_KEY]: name })
  return name
}

/** Whether heartbeats were sent from this profile. */
export async function hasBeats(): Promise<boolean> {
  return (await ownStore.get(MACHINE_KEY))[MACHINE_KEY] !== undefined
}

/** Deletes all of it. */
export async function forgetBeats(): Promise<void> {
  await browser.storage.session.remove(BEATS_KEY)
  await ownStore.remove([MACHINE_KEY, SEQ_KEY, ACTS_KEY])
}

/** Numbers that rise with each heartbeat of this profile, whatever becomes of its clock, its worker and its power. */
export class HeartbeatNumbers {
  private last: number | null = null
  private noted = 0

  /** @param now ms since the epoch. Throws where the browser's storage is broken. */
  async next(now: number): Promise<number> {
    if (this.last === null) {
      const { [SEQ_KEY]: stored } = await ownStore.get(SEQ_KEY)
      this.last = this.noted = Number.isSafeInteger(stored) ? (stored as number) : 0
    }
    this.last = Math.max(now, this.last + 1)
    if (this.last > this.noted) {
      this.noted = this.last + AHEAD
      await ownStore.set({ [SEQ_KEY]: this.noted })
    }
    return this.last
  }
}
