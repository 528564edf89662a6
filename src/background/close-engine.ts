import type { BackOff } from '../domain/back-off'
import { nextTry } from '../domain/back-off'
import { isActionable } from '../domain/close-rules'
import type { Amendment, LogEntry } from '../domain/log-entry'
import { pendingCloses } from '../domain/closes/closes'
import { maybeStaying, nextAlarm } from '../domain/closes/due'
import type { Context } from '../domain/closes/context'
import type { CcpEvent, TabStatus } from '../domain/closes/events'
import { reduceCloses } from '../domain/closes/reduce'
import type { Reduction } from '../domain/closes/settle'
import type { CcpDocument, DocumentHeader } from '../domain/closes/ccp-document'
import type { CloseState } from '../domain/closes/state'
import { isOpen } from '../domain/closes/ccp-document'
import { salvaged } from '../domain/closes/salvage'
import { withinShares } from '../domain/closes/shares'
import type { Settings } from '../domain/settings'
import type { StoredCloses } from '../storage/close-store'
import { rulesFor } from './page-config-for'
import type { Problems } from './problems'

/** What the engine needs from the background. */
export interface EngineParts {
  readonly extensionVersion: string
  readonly now: () => number
  readonly settings: () => Promise<Settings>
  readonly load: () => Promise<StoredCloses>
  readonly save: (storedCloses: StoredCloses) => Promise<void>
  /** Stores what cannot be used, so that nothing is lost. */
  readonly putAside: (items: readonly unknown[]) => Promise<void>
  readonly writeLog: (entries: readonly LogEntry[], amendments: readonly Amendment[]) => Promise<void>
  readonly tabStatus: (tabId: number) => Promise<TabStatus>
  /** Whether the tab of a document of an earlier run still shows it. */
  readonly isHeld: (doc: CcpDocument) => Promise<boolean>
  /** Asks for `tick` to be called at that time, instead of the time before; null: not at all. */
  readonly wakeAt: (at: number | null) => Promise<void>
  /** Called after each change: whether a document is open whose sudden end must be noticed. */
  readonly watch: (isWanted: boolean) => Promise<void>
  /** Notifies a document that was about to go that it seems to stay. Not waited for. */
  readonly notifyStaying: (doc: CcpDocument, closeId: string) => void
  /** Called after each change, for all that follows the state, or shows it. Not waited for. */
  readonly onChange: (state: CloseState) => void
  readonly problems: Problems
}

const UNWRITTEN: BackOff = { pauses: [60_000] }
const LOG_PROBLEM = 'problem_logUnwritten'
const SAVE_PROBLEM = 'problem_stateUnsaved'

/** Waits for its turn: events that came together, or a look at the tabs, which yields one. */
interface Waiting {
  readonly events: () => Promise<readonly CcpEvent[]>
  readonly done: (isStored: boolean) => void
}

/**
 * Runs the close state machine: one event after the other. Events that come while a batch is being stored are the next batch,
 * stored in one write, or in none where nothing has changed. No change is announced before it is stored, so that the worker may
 * die anywhere. The one effect that must not be lost, the log entry, is stored together with the verdict, and written to the log
 * after that: if the worker dies in between, the next start writes it, under the same id.
 */
export class CloseEngine {
  private latest: StoredCloses | null = null
  /** What was stored last, to know what need not be stored again; null: unknown, or not stored. */
  private lastStored: StoredMark | null = null
  private readonly waiting: Waiting[] = []
  private queue: Promise<void> = Promise.resolve()

  constructor(private readonly parts: EngineParts) {}

  /**
   * Applies events in order, after all that came before. Never rejects.
   * @returns whether all changes by them are stored, so that their source may be deleted.
   */
  dispatch(...events: readonly CcpEvent[]): Promise<boolean> {
    return this.enqueue(() => Promise.resolve(events))
  }

  /** Finalizes what is due. */
  async tick(): Promise<void> {
    await this.enqueue(async () => [await this.seeTabs()])
  }

  async state(): Promise<CloseState> {
    await this.queue
    return (await this.current()).state
  }

  private enqueue(events: Waiting['events']): Promise<boolean> {
    const done = new Promise<boolean>((resolve) => this.waiting.push({ events, done: resolve }))
    this.queue = this.queue.then(() => this.applyWaiting())
    return done
  }

  /** Applies and stores all that waits. Never rejects. */
  private async applyWaiting(): Promise<void> {
    const batch = this.waiting.splice(0)
    if (batch.length === 0) return
    let isStored = false
    try {
      isStored = await this.apply(batch)
    } catch (error) {
      this.parts.problems.reportError('problem_event', error)
    }
    for (const { done } of batch) done(isStored)
  }

  /** A look at the tabs of the documents that matter now. */
  private async seeTabs(): Promise<CcpEvent> {
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
    for (const { doc, closeId } of maybeStaying(state, tabs, at)) this.parts.notifyStaying(doc, closeId)
    return { type: 'tick', at, tabs, holding }
  }

  private async current(): Promise<StoredCloses> {
    this.latest ??= await this.parts.load()
    return this.latest
  }

  /** @returns whether the change is stored. */
  private async apply(batch: readonly Waiting[]): Promise<boolean> {
    await this.current()
    const settings = await this.parts.settings()
    const context = this.contextOf(settings)
    for (const { events } of batch) {
      for (const event of await events()) {
        const before = await this.current()
        const { state, finalized, amendments } = await this.reduced(before, event, context)
        this.latest = {
          state,
          unlogged: [...before.unlogged, ...finalized],
          amendments: [...before.amendments, ...amendments],
        }
      }
    }
    const isStored = await this.store()
    await this.flushLog()
    await this.schedule(context, settings)
    try {
      this.parts.onChange((await this.current()).state)
    } catch (error) {
      this.parts.problems.reportError('problem_show', error)
    }
    return isStored
  }

  private contextOf(settings: Settings): Context {
    const { mode, directPath, recovery, graceSeconds, logOut } = settings
    return {
      extensionVersion: this.parts.extensionVersion,
      mode,
      mayAsk: directPath === 'everywhere',
      recoveryUse: recovery,
      graceMs: graceSeconds * 1_000,
      logsOut: logOut,
      rulesOf: (doc: DocumentHeader) => rulesFor(doc, settings),
    }
  }

  /** A document, an event or a list that cannot be used would stop all that come after: it alone is put aside. */
  private async reduced(before: StoredCloses, event: CcpEvent, context: Context): Promise<Reduction> {
    try {
      return withinShares(reduceCloses(before.state, event, context), event, context)
    } catch (error) {
      this.parts.problems.reportError('problem_stateDamaged', error)
      const { aside, ...rest } = salvaged(before.state, event, context)
      await this.parts.putAside(aside)
      return rest
    }
  }

  /** Entries that could not be logged are tried again, like all that is due. */
  private async schedule({ rulesOf }: Pick<Context, 'rulesOf'>, settings: Settings): Promise<void> {
    const { state, unlogged, amendments } = await this.current()
    const now = this.parts.now()
    const isWatched = (doc: CcpDocument): boolean =>
      isOpen(doc) && doc.agent !== null && isActionable(doc.agent, rulesOf(doc))
    const isLogBehind = unlogged.length + amendments.length > 0
    const away = { settings, rulesFor: rulesOf }
    const due = [nextAlarm(state, now, away), isLogBehind ? nextTry(UNWRITTEN, 1, now) : null].filter(
      (at) => at !== null,
    )
    const woken = this.parts.wakeAt(due.length === 0 ? null : Math.min(...due))
    const watched = this.parts.watch(Object.values(state.documents).some(isWatched))
    await this.parts.problems.watch('problem_wake', Promise.all([woken, watched]))
  }

  /** @returns whether the whole state is stored. */
  private async store(): Promise<boolean> {
    const latest = await this.current()
    const mark = markOf(latest)
    if (isSame(mark, this.lastStored)) return true
    this.lastStored = null
    try {
      await this.parts.save(latest)
    } catch {
      this.parts.problems.report(SAVE_PROBLEM)
      return false
    }
    this.lastStored = mark
    this.parts.problems.resolve(SAVE_PROBLEM)
    return true
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
    this.latest = { state, unlogged: [], amendments: [] }
    await this.store()
  }
}

/** Identifies a stored state. The record of ended documents is long, and replaced where it changes. */
interface StoredMark {
  readonly text: string
  readonly ended: CloseState['ended']
}

function markOf({ state, unlogged, amendments }: StoredCloses): StoredMark {
  return { text: JSON.stringify([{ ...state, ended: null }, unlogged, amendments]), ended: state.ended }
}

function isSame(mark: StoredMark, stored: StoredMark | null): boolean {
  return stored !== null && mark.ended === stored.ended && mark.text === stored.text
}
