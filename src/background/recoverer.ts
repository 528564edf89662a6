import type { SessionEvent } from '../domain/sessions/events'
import { isUnderWay, nextRecovery } from '../domain/sessions/recovery'
import type { RecoveryCcp, SessionsState } from '../domain/sessions/state'
import type { Problems } from './problems'
import { closeTab, closeWaitingTabs, hasWindow, makeRecoveryTab, sendTab, whereIs } from './recovery-tab'

const NOT_OPENED = 'problem_ccpNotOpened'

/** What the recoverer needs of the world around it. */
export interface RecovererParts {
  readonly state: () => Promise<SessionsState>
  readonly dispatch: (event: SessionEvent) => Promise<unknown>
  /** This run of the extension. */
  readonly started: () => Promise<string>
  readonly problems: Problems
}

/** How often an open recovery CCP is looked at: the browser's events of tabs would wake us for every page there is. */
const LOOK_MS = 500
/** A tab on its way shows nothing for a moment: only what is seen so often is believed. */
const LOOKS = 2

/**
 * Opens the recovery CCP that is due and closes the one that is done with. All that it goes by is in the state: one step
 * at a time, each told before the next, so that a worker that dies leaves no second one, and none behind.
 */
export class Recoverer {
  private queue: Promise<void> | null = null
  private isDue = false
  private elsewhere = 0
  private readonly sent = new Set<number>()

  constructor(private readonly parts: RecovererParts) {}

  /** Called with each new state. */
  consider(): void {
    this.isDue = true
    this.queue ??= this.run()
  }

  private async run(): Promise<void> {
    try {
      await this.parts.started()
      while (this.isDue) {
        this.isDue = false
        await this.step()
      }
      this.parts.problems.resolve(NOT_OPENED)
    } catch (error) {
      this.parts.problems.reportError(NOT_OPENED, error)
    } finally {
      // At once after the last look: what comes due later must find nobody at work.
      this.queue = null
    }
  }

  /** At the start of a worker: closes the empty tabs that one before it may have left. */
  async tidy(): Promise<void> {
    await closeWaitingTabs((await this.parts.state()).recovery?.tabId ?? null)
  }

  private async step(): Promise<void> {
    const state = await this.parts.state()
    const { recovery } = state
    if (recovery === null) await this.open(state)
    else if (recovery.tabId === null) await this.giveUp(recovery)
    else if (!isUnderWay(state)) {
      await closeTab(recovery.tabId)
      await this.tell({ type: 'recovery_gone', docId: recovery.docId })
    } else await this.look(recovery, recovery.tabId)
  }

  private async open(state: SessionsState): Promise<void> {
    const docId = nextRecovery(state, Date.now())
    if (docId === null || !(await hasWindow())) return
    await this.tell({ type: 'recovery_opening', docId, runId: await this.parts.started() })
    const { recovery } = await this.parts.state()
    if (recovery?.docId !== docId || recovery.tabId !== null) return
    this.elsewhere = 0
    try {
      await this.tell({ type: 'recovery_opened', docId, tabId: await makeRecoveryTab() })
    } catch (error) {
      this.parts.problems.reportError('problem_noCcpOpens', error)
      await this.giveUp(recovery)
    }
  }

  /** What was made, if anything, is not known: a worker died over it, or the browser refused. */
  private async giveUp({ docId }: RecoveryCcp): Promise<void> {
    await closeWaitingTabs(null)
    await this.tell({ type: 'recovery_failed', docId, reason: 'no_answer' })
    await this.tell({ type: 'recovery_gone', docId })
  }

  private async look({ docId, url }: RecoveryCcp, tabId: number): Promise<void> {
    const where = await whereIs(tabId)
    this.elsewhere = where === 'elsewhere' ? this.elsewhere + 1 : 0
    if (where === 'gone') await this.tell({ type: 'recovery_gone', docId })
    else if (where === 'waiting' && !this.sent.has(tabId)) {
      this.sent.add(tabId)
      await sendTab(tabId, url)
    }
    // A sign-in page, perhaps of an identity provider: nothing of ours signs anybody in.
    if (this.elsewhere >= LOOKS) await this.tell({ type: 'recovery_failed', docId, reason: 'signed_out' })
    else setTimeout(() => this.consider(), LOOK_MS)
  }

  private async tell(event: Untimed<Extract<SessionEvent, { type: `recovery_${string}` }>>): Promise<void> {
    await this.parts.dispatch({ ...event, at: Date.now() })
  }
}

type Untimed<E> = E extends unknown ? Omit<E, 'at'> : never

/** Whether a document greets from a tab that was opened as a recovery CCP and is one no more. */
export function isStray(event: Extract<SessionEvent, { type: 'news' }>, { recovery }: SessionsState): boolean {
  const { news, place } = event
  return news.type === 'hello' && news.recovers !== undefined && place !== null && place.tabId !== recovery?.tabId
}
