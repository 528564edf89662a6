import { heartbeatKindsToConsentTo } from '../../domain/fleet/consent'
import { patternOf } from '../../domain/fleet/endpoint'
import type { Presence } from '../../domain/heartbeat/presence'
import { goneFor, presencesOf } from '../../domain/heartbeat/presence'
import { afterFailure, afterTaken, nextBeat } from '../../domain/heartbeat/heartbeat-schedule'
import type { WatchdogStatus } from '../../domain/heartbeat/heartbeat-status'
import { refusalOf } from '../../domain/heartbeat/heartbeat-status'
import type { CloseState } from '../../domain/closes/state'
import type { Settings } from '../../domain/settings'
import { browser } from '../../platform/browser'
import { withheld } from '../../platform/data-consent'
import type { StoredBeats } from '../../storage/heartbeat-store'
import {
  forgetBeats,
  hasBeats,
  HeartbeatNumbers,
  machineName,
  readActs,
  readBeats,
  writeBeats,
} from '../../storage/heartbeat-store'
import { loadSettings } from '../../storage/settings-store'
import { FollowUp } from '../follow-up'
import { rulesFor } from '../page-config-for'
import type { Problems } from '../problems'
import type { WatchdogActs } from './act-log'
import { composeHeartbeat } from './compose'
import type { WatchdogTarget } from './post-heartbeat'
import { postHeartbeat } from './post-heartbeat'

/** What the heartbeats need from the background. */
export interface HeartbeatParts {
  readonly state: () => Promise<CloseState>
  /** Resolves when the documents of this run are known. */
  readonly started: () => Promise<unknown>
  readonly acts: WatchdogActs
  readonly problems: Problems
}

/** How long after a failure the next look follows, in ms. */
const AGAIN_MS = 60_000

/** The watchdog, and the settings for the heartbeats to it. */
interface Sending {
  readonly target: WatchdogTarget
  readonly settings: Settings
  readonly machine: string
}

/**
 * Reports to the organization's watchdog, where the settings name one, that this machine is there for its agents. A heartbeat
 * describes the present: one that did not arrive is never stored for later, since the next one replaces it.
 */
export class Heartbeats {
  private readonly followUp: FollowUp
  private readonly numbers = new HeartbeatNumbers()
  /**
   * The target of this worker's last heartbeats: a watchdog that is no longer named learns that this machine speaks for its
   * agents no more.
   */
  private last: Sending | null = null

  constructor(private readonly parts: HeartbeatParts) {
    const { started, problems } = parts
    const look = () => this.sayDue()
    this.followUp = new FollowUp({
      name: 'heartbeat',
      problem: 'problem_watchdog',
      problems,
      started,
      look,
      againMs: AGAIN_MS,
    })
  }

  listen(): void {
    this.followUp.listen()
  }

  /** Called with each change of the state: sends what is due, once for all changes meanwhile. */
  follow(): void {
    this.followUp.follow()
  }

  /** Called when the settings may name another watchdog, or none, and when the browser allows more or less. */
  settingsChanged(): void {
    this.followUp.followSettings()
  }

  async status(): Promise<WatchdogStatus> {
    const resolution = await loadSettings()
    const endpoint = resolution.settings.watchdogEndpoint
    if (endpoint === '') {
      return { endpoint: null, access: null, withheld: [], refusal: null, takenAt: null, problem: null, act: null }
    }
    const pattern = patternOf(endpoint)
    const isGranted = await browser.permissions.contains({ origins: [pattern] })
    const kinds = await withheld(heartbeatKindsToConsentTo(resolution))
    const { takenAt, problem } = await readBeats()
    const newest = Object.values(await readActs()).sort((a, b) => b.at - a.at)[0] ?? null
    const refusal = refusalOf(resolution.settings)
    return { endpoint, access: { pattern, isGranted }, withheld: kinds, refusal, takenAt, problem, act: newest }
  }

  /** @returns when to look again, as `FollowUp` takes it. */
  private async sayDue(): Promise<number | null | 'off'> {
    const resolution = await loadSettings()
    const mayBeSent = (await withheld(heartbeatKindsToConsentTo(resolution))).length === 0
    const target = mayBeSent ? targetOf(resolution.settings) : null
    const { last } = this
    if (last !== null && mayBeSent && last.target.endpoint !== target?.endpoint) await this.sayGoodbye(last)
    const sending = target === null ? null : { target, settings: resolution.settings, machine: await machineName() }
    this.last = sending
    if (sending === null) {
      if (await hasBeats()) await forgetBeats()
      return 'off'
    }
    const { settings } = sending
    await this.parts.acts.catchUp()
    const state = await this.parts.state()
    const { known, undecided } =
      settings.mode === 'off'
        ? { known: [], undecided: new Set<string>() }
        : presencesOf(state, (doc) => rulesFor(doc, settings))
    const before = await readBeats()
    const isSpokenFor = new Set([...known.map(({ key }) => key), ...undecided])
    const gone = Object.entries(before.beats)
      .filter(([key, { taken }]) => !isSpokenFor.has(key) && taken !== null)
      .map(([key, { instance, username }]) => goneFor(key, instance, username))
    const stored = { ...before, beats: withSlots(before.beats, [...known, ...gone], undecided) }
    return this.sayAll([...known, ...gone], stored, sending)
  }

  private async sayAll(presences: readonly Presence[], stored: StoredBeats, sending: Sending): Promise<number | null> {
    const intervalMs = sending.settings.heartbeatSeconds * 1_000
    const now = Date.now()
    const due = presences.filter((presence) => {
      const at = nextBeat(presence, triedBeat(stored, presence), intervalMs, now)
      return at !== null && at <= now
    })
    let next = stored
    for (const presence of due) next = await this.say(presence, next, sending)
    if (due.length > 0) await writeBeats(next)
    const times = presences.flatMap((presence) => {
      const beat = triedBeat(next, presence)
      return beat === null ? [] : (nextBeat(presence, beat, intervalMs, Date.now()) ?? [])
    })
    return times.length === 0 ? null : Math.min(...times)
  }

  private async say(presence: Presence, stored: StoredBeats, sending: Sending): Promise<StoredBeats> {
    const { key } = presence
    const { [key]: before, ...others } = stored.beats
    const slot = before?.slot ?? 0
    const seq = await this.numbers.next(Date.now())
    const heartbeat = await composeHeartbeat(presence, sending.settings, { machine: sending.machine, slot, seq })
    if (heartbeat === null) {
      return { ...stored, beats: { ...others, [key]: { ...afterTaken(presence, Date.now()), slot } } }
    }
    const verdict = await postHeartbeat(sending.target, heartbeat)
    const now = Date.now()
    if (verdict.is === 'taken') {
      const { act, now: answeredAt } = verdict.answer
      // The times of an act are AWS's: how long ago it was counts, whatever this machine's clock says.
      if (act !== null) {
        const learned = this.parts.acts.learn({ ...act, offset: now - answeredAt }, presence)
        await this.parts.problems.watch('problem_watchdog', learned)
      }
      const isOver = presence.ccps === 0 && presence.flag === null
      const beats = isOver ? others : { ...others, [key]: { ...afterTaken(presence, now), slot } }
      return { beats, takenAt: now, problem: null }
    }
    const { problem, status } = verdict
    const failure = {
      isRefused: problem !== 'no_answer',
      jitter: Math.random(),
      intervalMs: sending.settings.heartbeatSeconds * 1_000,
      now,
    }
    const beat = { ...afterFailure(presence, before ?? null, failure), slot }
    return { ...stored, beats: { ...others, [key]: beat }, problem: { problem, status, at: now } }
  }

  /** Tried once: a watchdog that is being removed may not be there to receive it. */
  private async sayGoodbye(sending: Sending): Promise<void> {
    let stored = await readBeats()
    for (const [key, { instance, username }] of Object.entries(stored.beats)) {
      stored = await this.say(goneFor(key, instance, username), stored, sending)
    }
    await forgetBeats()
  }
}

/** null where the settings name no watchdog, or do not let the heartbeat name its agent. */
function targetOf(settings: Settings): WatchdogTarget | null {
  if (settings.watchdogEndpoint === '' || refusalOf(settings) !== null) return null
  return { endpoint: settings.watchdogEndpoint, secret: settings.watchdogSecret }
}

type Beats = StoredBeats['beats']

/** An agent's heartbeats so far; null before the first, when only the slot was chosen. */
function triedBeat({ beats }: StoredBeats, { key }: Presence): Beats[string] | null {
  const beat = beats[key]
  return beat === undefined || beat.tried === null ? null : beat
}

/** Each agent keeps their slot; a new agent gets the first that is free. */
function withSlots(before: Beats, presences: readonly Presence[], undecided: ReadonlySet<string>): Beats {
  const isKept = (key: string): boolean => undecided.has(key) || presences.some((presence) => presence.key === key)
  const kept = Object.entries(before).filter(([key]) => isKept(key))
  const taken = new Set(kept.map(([, { slot }]) => slot))
  const fresh = presences.flatMap(({ key, instance, username }) => {
    if (before[key] !== undefined) return []
    let slot = 0
    while (taken.has(slot)) slot += 1
    taken.add(slot)
    const untried = { instance, username, taken: null, tried: null, lastAt: 0, failures: 0, retryAt: null, slot }
    return [[key, untried] as const]
  })
  return Object.fromEntries([...kept, ...fresh])
}
