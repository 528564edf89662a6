/** What is done about agents who take contacts while nobody is at the computer, though their CCP is open. */
import type { AgentFacts } from './agent'
import { hasLiveContact, isOfContact } from './agent'
import type { AwayKind } from './close-report'
import type { CloseRules } from './close-rules'
import { decideClose } from './decide-close'
import type { AwayUse, Settings } from './settings'
import type { FlagReason } from './reasons'

/** What the settings say about agents who are away. */
export type AwaySettings = Pick<Settings, 'onLock' | 'onIdle' | 'onSleep' | 'idleMinutes'>

export type AwayDecision =
  | { readonly action: 'nothing' }
  | { readonly action: 'flag'; readonly reason: FlagReason }
  | { readonly action: 'set_offline' }

const NOTHING: AwayDecision = { action: 'nothing' }

/** What the settings ask for in one kind of absence. */
export function useOf({ onLock, onIdle, onSleep }: AwaySettings, kind: AwayKind): AwayUse {
  switch (kind) {
    case 'locked':
      return onLock
    case 'idle':
      return onIdle
    case 'slept':
      return onSleep
  }
}

/** Whether any setting asks about locks, idleness or sleeps. */
export function isAsked(settings: Omit<AwaySettings, 'idleMinutes'>): boolean {
  return [settings.onLock, settings.onIdle, settings.onSleep].some((use) => use !== 'nothing')
}

/**
 * What to do about an agent who is away. It is decided again with every change: an agent with a contact, and one whom the
 * settings exclude, is left alone for now.
 */
export function decideAway(agent: AgentFacts, rules: CloseRules, use: AwayUse, kind: AwayKind): AwayDecision {
  if (use === 'nothing') return NOTHING
  const acting: CloseRules = rules.mode === 'observe' ? { ...rules, mode: 'act' } : rules
  const wanted = decideClose(agent, acting, { event: kind, hint: null, otherCcps: 0, lastWindow: false })
  switch (wanted.action) {
    case 'none':
      return NOTHING
    case 'defer':
      // The state says nothing of chats and tasks: an agent in after-contact work for one is Available all the while.
      if (isOfContact(agent.state) || hasLiveContact(agent)) return NOTHING
      return { action: 'flag', reason: use === 'flag' ? 'only_flagged' : 'contact_first' }
    case 'cannot':
      return { action: 'flag', reason: use === 'flag' ? 'only_flagged' : wanted.reason }
    case 'set_offline':
      if (use === 'flag') return { action: 'flag', reason: 'only_flagged' }
      return rules.mode === 'observe' ? { action: 'flag', reason: 'mode_observe' } : { action: 'set_offline' }
  }
}

/** A wake that is late by this much means that the machine was asleep, in ms: alarms by themselves are late by seconds. */
const SLEPT_MS = 60_000

/** A wake of the worker, as its clocks show it. */
export interface Wake {
  /** The time for which it was requested, and the time at which it came, in ms since the epoch. */
  readonly askedAt: number
  readonly at: number
  /**
   * How far the wall clock and the monotonic clock have moved since the request, in ms; null where another worker made the
   * request.
   */
  readonly passed: { readonly wall: number; readonly monotonic: number } | null
  /** Whether the monotonic clock runs on during a sleep: only browsers on Windows do that (MDN, `performance.now()`). */
  readonly ticksAsleep: boolean
}

/** All alarms and timers of one wake come late: a timer may have 20 s to go when the machine wakes. */
const SAME_WAKE_MS = 30_000

/** Whether a wake may show a sleep that the settings ask about, and that no earlier wake has shown. */
export function isNewWake({ onSleep }: Pick<AwaySettings, 'onSleep'>, at: number, lastWakeAt: number): boolean {
  return onSleep !== 'nothing' && at - lastWakeAt >= SAME_WAKE_MS
}

/**
 * Whether the machine was asleep at the time for which a wake was requested. (A worker that was stopped is woken in time.) A
 * clock that was set forward looks the same, except where the monotonic clock runs on during a sleep and shows that no time has
 * passed.
 */
export function hasSlept({ askedAt, at, passed, ticksAsleep }: Wake): boolean {
  if (at - askedAt < SLEPT_MS) return false
  return !(ticksAsleep && passed !== null && passed.wall - passed.monotonic >= SLEPT_MS / 2)
}
