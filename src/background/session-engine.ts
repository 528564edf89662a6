import { isAtStake } from '../domain/close-rules'
import type { Amendment, LogEntry } from '../domain/log-entry'
import { pendingCloses } from '../domain/sessions/closes'
import { maybeStaying, nextDeadline } from '../domain/sessions/deadlines'
import type { Context } from '../domain/sessions/question'
import type { SessionEvent, TabStatus } from '../domain/sessions/events'
import { reduceSessions } from '../domain/sessions/reduce'
import type { Reduction } from '../domain/sessions/settle'
import type { CcpDocument, DocumentHeader } from '../domain/sessions/ccp-document'
import type { SessionsState } from '../domain/sessions/state'
import { isOpen } from '../domain/sessions/ccp-document'
import { EMPTY_SESSIONS } from '../domain/sessions/state'
import type { Settings } from '../domain/settings'
import type { StoredSessions } from '../storage/sessions-store'
import { rulesFor } from './page-config'
import type { Problems } from './problems'

/** What the engine needs of the world around it. */
export interface EngineParts {
  readonly extensionVersion: string
  readonly now: () => number
  readonly settings: () => Promise<Settings>
  readonly load: () => Promise<StoredSessions>
  readonly save: (sessions: StoredSessions) => Promise<void>
  /** Keeps a stored state that cannot be used, so that nothing is lost. */
  readonly putAside: (sessions: StoredSessions) => Promise<void>
  readonly writeLog: (entries: readonly LogEntry[], amendments: readonly Amendment[]) => Promise<void>
  readonly tabStatus: (tabId: number) => Promise<TabStatus>
  /** Whether the tab of a document of an earlier run still shows it. */
  readonly isHeld: (doc: CcpDocument) => Promise<boolean>
  /** Asks for `tick` to be called at that time, replacing what was asked before; null: not at all. */
  readonly wakeAt: (at: number | null) => Promise<void>
  /** Tells a document that was about to go that it seems to stay. Not waited for. */
  readonly tellStaying: (doc: CcpDocument, closeId: string) => void
  /** After each change: whatever follows the state, or shows it. Not waited for. */
  readonly onChange: (state: SessionsState) => void
  readonly problems: Problems
}

const LOG_AGAIN_MS = 60_000
/**
 * How often a worker that was stopped is woken while a close would change somebody's state, or somebody has a contact: it asks then which documents are still
 * there. One whose process died while no worker ran has told nobody.
 */
const WATCH_MS = 60_000
const LOG_PROBLEM = 'problem_logUnwritten'
const SAVE_PROBLEM = 'problem_stateUnsaved'

/**
 * Runs the close state machine: one event at a time, each stored before the next, so that the worker may die anywhere.
 * The only effect that must not be lost, the log entry, is stored together with the state that has forgotten the close,
 * and written to the log after that: if the worker dies in between, the next start writes it, under the same id.
 */
export class SessionEngine {
  private sessions: StoredSessions | null = null
  private queue: Promise<void> = Promise.resolve()

  constructor(private readonly parts: EngineParts) {}

  /**
   * Applies events in order, after all that came before. Never rejects.
   * @returns whether all that they changed is stored: what told of them may be forgotten.
   */
  async dispatch(...events: readonly SessionEvent[]): Promise<boolean> {
    let isStored = true
    for (const event of events) {
      let isApplied = false
      await this.enqueue(async () => {
        isApplied = await this.apply(event)
      })
      isStored &&= isApplied
    }
    return isStored
  }

  /** Concludes what is due. */
  tick(): Promise<void> {
    return this.enqueue(async () => {
      const { state } = await this.current()
      const tabIds = pendingCloses(state).map((close) => close.documents[0].place?.tabId)
      const tabs: Record<number, TabStatus> = {}
      for (const tabId of tabIds) {
        if (tabId !== undefined) tabs[tabId] = await this.parts.tabStatus(tabId)
      }
      const orphans = Object.values(state.documents).filter((doc) => doc.orphanedAt !== null && doc.gone === null)
      const holding: string[] = []
      for (const doc of orphans) {
        if (await this.parts.isHeld(doc)) holding.push(doc.docId)
      }
      const at = this.parts.now()
      for (const { doc, closeId } of maybeStaying(state, tabs, at)) this.parts.tellStaying(doc, closeId)
      await this.apply({ type: 'tick', at, tabs, holding })
    })
  }

  async state(): Promise<SessionsState> {
    await this.queue
    return (await this.current()).state
  }

  private enqueue(task: () => Promise<void>): Promise<void> {
    this.queue = this.queue
      .then(task)
      .catch((error: unknown) => this.parts.problems.reportError('problem_event', error))
    return this.queue
  }

  private async current(): Promise<StoredSessions> {
    this.sessions ??= await this.parts.load()
    return this.sessions
  }

  /** @returns whether the change is stored. */
  private async apply(event: SessionEvent): Promise<boolean> {
    const before = await this.current()
    const settings = await this.parts.settings()
    const { mode, directPath, recovery, graceSeconds, logOut } = settings
    const { extensionVersion } = this.parts
    const context: Context = {
      extensionVersion,
      mode,
      mayAsk: directPath === 'everywhere',
      recovery,
      graceMs: graceSeconds * 1_000,
      logsOut: logOut,
      rules: (doc: DocumentHeader) => rulesFor(doc, settings),
    }
    const { state, concluded, amendments } = await this.reduced(before, event, context)
    const isStored = await this.store({
      state,
      unlogged: [...before.unlogged, ...concluded],
      amendments: [...before.amendments, ...amendments],
    })
    await this.flushLog()
    await this.schedule(context)
    try {
      this.parts.onChange(state)
    } catch (error) {
      this.parts.problems.reportError('problem_show', error)
    }
    return isStored
  }

  /** A stored state that no event can be applied to would lose all that come after: it is put aside, and begun anew. */
  private async reduced(before: StoredSessions, event: SessionEvent, context: Context): Promise<Reduction> {
    try {
      return reduceSessions(before.state, event, context)
    } catch (error) {
      this.parts.problems.reportError('problem_stateDamaged', error)
      await this.parts.putAside(before)
      return reduceSessions(EMPTY_SESSIONS, event, context)
    }
  }

  /** Entries that could not be logged are tried again, like all that is due. */
  private async schedule({ rules }: Pick<Context, 'rules'>): Promise<void> {
    const { state, unlogged, amendments } = await this.current()
    const now = this.parts.now()
    const isWatched = (doc: CcpDocument): boolean =>
      isOpen(doc) && doc.agent !== null && isAtStake(doc.agent, rules(doc))
    const isLogBehind = unlogged.length + amendments.length > 0
    const due = [
      nextDeadline(state, now),
      isLogBehind ? now + LOG_AGAIN_MS : null,
      Object.values(state.documents).some(isWatched) ? now + WATCH_MS : null,
    ].filter((at) => at !== null)
    const woken = this.parts.wakeAt(due.length === 0 ? null : Math.min(...due))
    await this.parts.problems.watch('problem_wake', woken)
  }

  private async store(sessions: StoredSessions): Promise<boolean> {
    this.sessions = sessions
    try {
      await this.parts.save(sessions)
      this.parts.problems.resolve(SAVE_PROBLEM)
      return true
    } catch {
      this.parts.problems.report(SAVE_PROBLEM)
      return false
    }
  }

  private async flushLog(): Promise<void> {
    const { state, unlogged, amendments } = await this.current()
    if (unlogged.length + amendments.length === 0) return
    try {
      await this.parts.writeLog(unlogged, amendments)
      this.parts.problems.resolve(LOG_PROBLEM)
    } catch {
      this.parts.problems.report(LOG_PROBLEM)
      return
    }
    await this.store({ state, unlogged: [], amendments: [] })
  }
}
