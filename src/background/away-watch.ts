import type { AwaySettings } from '../domain/away'
import { hasSlept, isAsked } from '../domain/away'
import { toTell } from '../domain/sessions/away'
import type { AwayTask } from '../domain/sessions/away-tasks'
import { awayTasks } from '../domain/sessions/away-tasks'
import type { SessionEvent } from '../domain/sessions/events'
import type { SessionsState } from '../domain/sessions/state'
import type { Settings } from '../domain/settings'
import { SIGN_OFF_MS } from '../protocol/document-messages'
import { browser } from '../platform/browser'
import type { Presence } from '../platform/idle'
import { listenForPresence, presenceNow, setIdleSeconds, ticksAsleep } from '../platform/idle'
import { notify } from '../platform/notify'
import { tellDocument } from './ccp-tabs'
import { rulesFor } from './page-config'
import type { Problems } from './problems'

/** What the watch needs of the world around it. */
export interface AwayWatchParts {
  readonly state: () => Promise<SessionsState>
  readonly dispatch: (event: SessionEvent) => Promise<unknown>
  readonly settings: () => Promise<Settings>
  /** Resolves when the events that came before this worker are known. */
  readonly started: () => Promise<unknown>
  readonly problems: Problems
}

const NOTICE = 'away'
/** The timer and the alarm of one wake both tell of it. */
const SAME_WAKE_MS = 10_000
const WORDS = { locked: 'awayToldLocked', idle: 'awayToldIdle', slept: 'awayToldSlept' } as const

/**
 * Learns from the browser who is not there, and has done what the settings ask for: the agent's own page sets them
 * Offline. All that it goes by is in the state, each step told before it is taken; a worker that dies leaves it to the next.
 */
export class AwayWatch {
  private queue: Promise<void> = Promise.resolve()
  /** The interval that this worker has set: before that, the browser counts by one of its own. */
  private seconds: number | null = null
  private wokeAt = 0

  constructor(private readonly parts: AwayWatchParts) {}

  /** Listens on the first tick of the worker. */
  listen(): void {
    listenForPresence((presence) => this.run(() => this.hear(presence)))
  }

  /** At the start of a worker, and when the settings have changed. */
  follow(): void {
    this.run(async () => {
      const settings = await this.parts.settings()
      if (isAsked(settings)) await this.look(settings)
      else if ((await this.parts.state()).away.presence !== null) await this.note('active', 0)
    })
  }

  /** Called with each new state. */
  consider(): void {
    this.run(() => this.act())
  }

  /** Called with each wake of the worker's clock. */
  woke(askedAt: number, passed: { wall: number; monotonic: number } | null): void {
    const at = Date.now()
    this.run(async () => {
      const settings = await this.parts.settings()
      if (settings.onSleep === 'nothing' || at - this.wokeAt < SAME_WAKE_MS) return
      if (!hasSlept({ askedAt, at, passed, ticksAsleep: await ticksAsleep() })) return
      this.wokeAt = at
      await this.parts.dispatch({ type: 'slept', at, since: askedAt })
      await this.act()
      // Whoever is there by now is not away: what waited for the end of a contact waits no more.
      await this.look(settings)
    })
  }

  private async hear(presence: Presence): Promise<void> {
    const settings = await this.parts.settings()
    if (!isAsked(settings)) return
    if (presence === 'idle' && this.seconds === null) await this.look(settings)
    else await this.note(presence, presence === 'idle' ? idleSeconds(settings) : 0)
  }

  private async look(settings: AwaySettings): Promise<void> {
    const seconds = idleSeconds(settings)
    if (this.seconds !== seconds) setIdleSeconds(seconds)
    this.seconds = seconds
    const presence = await presenceNow(seconds)
    await this.note(presence, presence === 'idle' ? seconds : 0)
  }

  /** @param forSeconds for how long it has been so already. */
  private async note(presence: Presence, forSeconds: number): Promise<void> {
    const { presence: known, slept, cases } = (await this.parts.state()).away
    const isNews = presence === 'active' ? (known ?? slept) !== null || hasUntold(cases) : known?.kind !== presence
    const at = Date.now()
    if (isNews) await this.parts.dispatch({ type: 'presence', at, presence, since: at - forSeconds * 1_000 })
  }

  private async act(): Promise<void> {
    const state = await this.parts.state()
    if (!hasAway(state)) return
    const settings = await this.parts.settings()
    await this.tellOfReturn(state, settings)
    const policy = { settings, rulesFor: (doc: Parameters<typeof rulesFor>[0]) => rulesFor(doc, settings) }
    for (const task of awayTasks(state, policy, Date.now())) await this.perform(task)
  }

  private async perform({ action, kind, doc, reason }: AwayTask): Promise<void> {
    const { docId } = doc
    const at = Date.now()
    const id = crypto.randomUUID()
    switch (action) {
      case 'flag':
        await this.parts.dispatch({ type: 'away_flagged', at, id, docId, kind, reason })
        return
      case 'silent':
        await this.parts.dispatch({ type: 'away_silent', at, id, docId, kind })
        return
      case 'ask': {
        await this.parts.dispatch({ type: 'away_asked', at, docId, kind })
        const order = { type: 'sign_off', docId, kind, at } as const
        const answer = await Promise.race([tellDocument(doc, order), after(SIGN_OFF_MS)])
        if (answer === false) await this.parts.dispatch({ type: 'away_declined', at: Date.now(), docId })
        if (answer === null) await this.parts.dispatch({ type: 'away_silent', at: Date.now(), id, docId, kind })
      }
    }
  }

  private async tellOfReturn(state: SessionsState, { notify: mayNotify }: Settings): Promise<void> {
    const kind = toTell(state)
    if (kind === null) return
    const [title, message] = ['awayToldTitle', WORDS[kind]].map((key) => browser.i18n.getMessage(key))
    if (mayNotify) await notify({ id: NOTICE, title: title ?? '', message: message ?? '', button: null })
    await this.parts.dispatch({ type: 'away_told', at: Date.now() })
  }

  /** One step at a time. */
  private run(step: () => Promise<void>): void {
    const task = this.queue.then(() => this.parts.started()).then(step)
    this.queue = this.parts.problems.watch('problem_away', task)
  }
}

function idleSeconds({ idleMinutes }: AwaySettings): number {
  return idleMinutes * 60
}

/** Whether somebody was set Offline, or is being so, of whose return nothing is known. */
function hasUntold(cases: SessionsState['away']['cases']): boolean {
  return Object.values(cases).some(
    ({ status, backAt }) => backAt === null && (status === 'asked' || status === 'offline'),
  )
}

function hasAway({ away }: SessionsState): boolean {
  return away.presence !== null || away.slept !== null || Object.keys(away.cases).length > 0
}

function after(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms))
}
