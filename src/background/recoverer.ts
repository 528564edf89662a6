import { dueOf } from '../domain/closes/due'
import type { CcpEvent } from '../domain/closes/events'
import { judgeRecoveryTab } from '../domain/closes/recovery-tab-verdict'
import type { RecoveryCcp, CloseState } from '../domain/closes/state'
import type { Problems } from './problems'
import { closeTab, closeWaitingTabs, hasWindow, makeRecoveryTab, sendTab, whereIs } from './recovery-tab'

const NOT_OPENED = 'problem_ccpNotOpened'

/** What the recoverer needs from the background. */
export interface RecovererParts {
  readonly state: () => Promise<CloseState>
  readonly dispatch: (event: CcpEvent) => Promise<unknown>
  /** This run of the extension. */
  readonly started: () => Promise<string>
  readonly problems: Problems
}

/**
 * How often an open recovery CCP is looked at: the browser's events of tabs would wake the background for every page there is.
 */
const LOOK_MS = 500

/**
 * Opens the recovery CCP that is due, and closes it when it is no longer needed. Everything it decides by is in the state: one
 * step at a time, each stored before the next, so that a worker that dies leaves no second CCP, and none behind.
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
      // At once after the last look: what becomes due later starts another run.
      this.queue = null
    }
  }

  /** At the start of a worker: closes the empty tabs that an earlier one may have left. */
  async tidy(): Promise<void> {
    await closeWaitingTabs((await this.parts.state()).recovery?.tabId ?? null)
  }

  private async step(): Promise<void> {
    for (const due of dueOf(await this.parts.state(), Date.now())) {
      switch (due.action) {
        case 'open_recovery':
          await this.open(due.closeId)
          break
        case 'give_up_recovery':
          await this.giveUp(due.ccp)
          break
        case 'close_recovery':
          await closeTab(due.tabId)
          await this.tell({ type: 'recovery_gone', closeId: due.ccp.closeId })
          break
        case 'watch_recovery':
          await this.watchTab(due.ccp, due.tabId)
          break
        case 'tick':
        case 'check':
        case 'log_out':
        case 'away':
          break
      }
    }
  }

  private async open(closeId: string): Promise<void> {
    if (!(await hasWindow())) return
    await this.tell({ type: 'recovery_opening', closeId, runId: await this.parts.started() })
    const { recovery } = await this.parts.state()
    if (recovery?.closeId !== closeId || recovery.tabId !== null) return
    this.elsewhere = 0
    try {
      await this.tell({ type: 'recovery_opened', closeId, tabId: await makeRecoveryTab() })
    } catch (error) {
      this.parts.problems.reportError('problem_noCcpOpens', error)
      await this.giveUp(recovery)
    }
  }

  /** Whether a tab was made is not known: a worker died over it, or the browser refused. */
  private async giveUp({ closeId }: RecoveryCcp): Promise<void> {
    await closeWaitingTabs(null)
    await this.tell({ type: 'recovery_failed', closeId, reason: 'no_answer' })
    await this.tell({ type: 'recovery_gone', closeId })
  }

  private async watchTab({ closeId, url }: RecoveryCcp, tabId: number): Promise<void> {
    const look = { elsewhere: this.elsewhere, isSent: this.sent.has(tabId) }
    const { next, elsewhere } = judgeRecoveryTab(await whereIs(tabId), look)
    this.elsewhere = elsewhere
    if (next === 'gone') await this.tell({ type: 'recovery_gone', closeId })
    if (next === 'send') {
      this.sent.add(tabId)
      await sendTab(tabId, url)
    }
    if (next === 'signed_out') await this.tell({ type: 'recovery_failed', closeId, reason: 'signed_out' })
    else setTimeout(() => this.consider(), LOOK_MS)
  }

  private async tell(event: Untimed<Extract<CcpEvent, { type: `recovery_${string}` }>>): Promise<void> {
    await this.parts.dispatch({ ...event, at: Date.now() })
  }
}

type Untimed<E> = E extends unknown ? Omit<E, 'at'> : never
