/** Agents who take contacts and are not there, though their CCP is open: what is done about them. */
import type { AgentFacts } from './agent'
import { hasLiveContact, isOfContact } from './agent'
import type { AwayKind } from './close-report'
import type { CloseRules } from './close-rules'
import { decideClose } from './decide-close'
import type { AwayUse, Settings } from './settings'
import type { FlagReason } from './reasons'

/** What the settings say of agents who are not there. */
export type AwaySettings = Pick<Settings, 'onLock' | 'onIdle' | 'onSleep' | 'idleMinutes'>

export type AwayDecision =
  | { readonly action: 'nothing' }
  | { readonly action: 'flag'; readonly reason: FlagReason }
  | { readonly action: 'set_offline' }

const NOTHING: AwayDecision = { action: 'nothing' }

/** What the settings ask for in one case. */
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

/** Whether anybody asks how it is with the machine. */
export function isAsked(settings: Omit<AwaySettings, 'idleMinutes'>): boolean {
  return [settings.onLock, settings.onIdle, settings.onSleep].some((use) => use !== 'nothing')
}

/**
 * What to do about an agent who is not there. It is asked again with every change: one who has a contact, or whom the
 * settings leave alone, is left so for now.
 */
export function decideAway(agent: AgentFacts, rules: CloseRules, use: AwayUse, kind: AwayKind): AwayDecision {
  if (use === 'nothing') return NOTHING
  const acting: CloseRules = rules.mode === 'observe' ? { ...rules, mode: 'act' } : rules
  const wanted = decideClose(agent, acting, { event: kind, hint: null, otherCcps: 0, lastWindow: false })
  switch (wanted.action) {
    case 'none':
      return NOTHING
    case 'leave':
      // Of chats and tasks the state says nothing: an agent in their after-contact work is Available all the while.
      if (isOfContact(agent.state) || hasLiveContact(agent)) return NOTHING
      return { action: 'flag', reason: use === 'flag' ? 'only_flagged' : 'contact_first' }
    case 'cannot':
      return { action: 'flag', reason: use === 'flag' ? 'only_flagged' : wanted.reason }
    case 'set_offline':
      if (use === 'flag') return { action: 'flag', reason: 'only_flagged' }
      return rules.mode === 'observe' ? { action: 'flag', reason: 'mode_observe' } : { action: 'set_offline' }
  }
}

/** Who wakes so much later than they asked for was asleep, in ms: alarms come late by seconds. */
const SLEPT_MS = 60_000

/** A wake, as far as the clocks of the worker tell of it. */
export interface Wake {
  /** For when it was asked, and when it came, in ms since the epoch. */
  readonly askedAt: number
  readonly at: number
  /** How far the wall clock and the monotonic one have gone since it was asked for, in ms; null where another worker asked. */
  readonly passed: { readonly wall: number; readonly monotonic: number } | null
  /** Whether the monotonic clock goes on in a sleep: with browsers on Windows alone (MDN, `performance.now()`). */
  readonly ticksAsleep: boolean
}

/** All alarms and timers of one wake come late: a timer may have 20 s to go when the machine wakes. */
const SAME_WAKE_MS = 30_000

/** Whether a wake may tell of a sleep that the settings ask about, and that no earlier wake has told of. */
export function isNewWake({ onSleep }: Pick<AwaySettings, 'onSleep'>, at: number, lastWakeAt: number): boolean {
  return onSleep !== 'nothing' && at - lastWakeAt >= SAME_WAKE_MS
}

/**
 * Whether the machine has slept through the time for which a wake was asked. A worker that was stopped is woken in time.
 * A clock that was set forward is told from a sleep only where the monotonic clock goes on in a sleep, and stood still.
 */
export function hasSlept({ askedAt, at, passed, ticksAsleep }: Wake): boolean {
  if (at - askedAt < SLEPT_MS) return false
  return !(ticksAsleep && passed !== null && passed.wall - passed.monotonic >= SLEPT_MS / 2)
}
