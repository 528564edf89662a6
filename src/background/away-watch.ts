import type { AwaySettings } from '../domain/away-decision'
import { hasSlept, isAsked, isNewWake } from '../domain/away-decision'
import { awayToNotify, hasAway, isPresenceChange } from '../domain/closes/away-cases'
import type { AwayTask } from '../domain/closes/away-tasks'
import { dueNow, dueOf } from '../domain/closes/due'
import type { CcpEvent } from '../domain/closes/events'
import type { CloseState } from '../domain/closes/state'
import type { Settings } from '../domain/settings'
import { browser } from '../platform/browser'
import type { Presence } from '../platform/idle'
import { listenForPresence, presenceNow, setIdleSeconds, ticksAsleep } from '../platform/idle'
import { notify } from '../platform/notify'
import { orderOffline } from './go-offline'
import { rulesFor } from './page-config-for'
import type { Problems } from './problems'

/** What the watch needs from the background. */
export interface AwayWatchParts {
  readonly state: () => Promise<CloseState>
  readonly dispatch: (event: CcpEvent) => Promise<unknown>
  readonly settings: () => Promise<Settings>
  /** Resolves when the events that preceded this worker are known. */
  readonly started: () => Promise<unknown>
  readonly problems: Problems
}

const NOTICE = 'away'
const WORDS = { locked: 'awayToldLocked', idle: 'awayToldIdle', slept: 'awayToldSlept' } as const

/**
 * Learns from the browser who is away, and has the agent's own page do what the settings ask for. Everything it decides by is in
 * the state, and each step is stored before it is taken; a worker that dies leaves the rest to the next.
 */
export class AwayWatch {
  private queue: Promise<void> = Promise.resolve()
  /** The interval that this worker has set: before that, the browser uses one of its own. */
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
      const isNew = isNewWake(settings, at, this.wokeAt)
      if (!isNew || !hasSlept({ askedAt, at, passed, ticksAsleep: await ticksAsleep() })) {
        // Some of it is due by time alone: idle after the lock, an answer that has not come, a further attempt.
        await this.act()
        return
      }
      this.wokeAt = at
      await this.parts.dispatch({ type: 'slept', at, since: askedAt })
      await this.act()
      // An agent who is there by now is not away: a duty that waited for the end of a contact is dropped.
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

  /** @param forSeconds for how long it has lasted already. */
  private async note(presence: Presence, forSeconds: number): Promise<void> {
    const isChange = isPresenceChange(await this.parts.state(), presence)
    const at = Date.now()
    if (isChange) await this.parts.dispatch({ type: 'presence', at, presence, since: at - forSeconds * 1_000 })
  }

  private async act(): Promise<void> {
    const state = await this.parts.state()
    if (!hasAway(state)) return
    const settings = await this.parts.settings()
    await this.notifyReturn(state, settings)
    const policy = { settings, rulesFor: (doc: Parameters<typeof rulesFor>[0]) => rulesFor(doc, settings) }
    const now = Date.now()
    for (const { task } of dueNow(dueOf(state, now, policy), 'away', now)) if (task !== null) await this.perform(task)
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
        const answer = await orderOffline(doc, kind)
        if (answer === false) await this.parts.dispatch({ type: 'away_declined', at: Date.now(), docId })
        if (answer === null) await this.parts.dispatch({ type: 'away_silent', at: Date.now(), id, docId, kind })
      }
    }
  }

  private async notifyReturn(state: CloseState, { notify: mayNotify }: Settings): Promise<void> {
    const kind = awayToNotify(state)
    if (kind === null) return
    const [title, message] = ['awayToldTitle', WORDS[kind]].map((key) => browser.i18n.getMessage(key))
    if (mayNotify) await notify({ id: NOTICE, title: title ?? '', message: message ?? '', button: null })
    await this.parts.dispatch({ type: 'away_notified', at: Date.now() })
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
