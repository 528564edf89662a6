import { unprotectedBecause } from '../domain/closes/ccp-document'
import { flagsOf } from '../domain/closes/flags'
import type { CloseState } from '../domain/closes/state'
import { hasHosts, onHostsChanged } from '../platform/hosts'
import { loadSettings } from '../storage/settings-store'
import { announceNew, withdraw } from './flag-notices'
import type { Problems } from './problems'
import { notifyReturns } from './return-notices'
import { showBadge } from './toolbar'

/** Shows people the latest state: on the button, and by notifications. */
export class Showing {
  /** Showing may hang, as with a desktop that answers no notification: nothing else waits for it. */
  private shown: Promise<void> = Promise.resolve()
  private next: CloseState | null = null

  constructor(
    private readonly state: () => Promise<CloseState>,
    private readonly problems: Problems,
  ) {}

  /** Listens on the first tick of the worker for events besides changes of the state. */
  listen(): void {
    onHostsChanged(() => this.again())
  }

  /** Shows the state once more: site access, or the settings, have changed. */
  again(): void {
    this.state().then(
      (state) => this.follow(state),
      (error: unknown) => this.report(error),
    )
  }

  /** Shows the state, unless a later one comes while an earlier one is being shown. */
  follow(state: CloseState): void {
    this.next = state
    this.shown = this.problems.watch(
      'problem_show',
      this.shown.then(() => this.show()),
    )
  }

  private async show(): Promise<void> {
    const now = this.next
    if (now === null) return
    this.next = null
    const { settings } = await loadSettings()
    const open = Object.values(now.documents).filter(({ gone }) => gone === null)
    await showBadge({
      flags: flagsOf(now).filter(({ isObserved }) => !isObserved),
      hasAccess: await hasHosts(),
      mode: settings.mode,
      isUnprotected: open.some(({ protection }) => unprotectedBecause(protection) !== null),
    })
    await withdraw(now)
    if (settings.notify) await announceNew(now)
    await notifyReturns(now, settings)
  }

  private report(error: unknown): void {
    this.problems.reportError('problem_show', error)
  }
}
