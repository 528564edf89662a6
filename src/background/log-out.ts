import { targetIn } from '../domain/close-rules'
import type { CcpEvent } from '../domain/closes/events'
import { dueNow, dueOf } from '../domain/closes/due'
import type { LogOutDue } from '../domain/closes/log-out-duty'
import { mayLogOut, whyNotLogOut } from '../domain/closes/log-out-duty'
import type { CloseState } from '../domain/closes/state'
import type { Settings } from '../domain/settings'
import { ConnectClient } from './connect-client'

/** What a log-out needs from the background. */
export interface LogOutParts {
  readonly state: () => Promise<CloseState>
  readonly dispatch: (event: CcpEvent) => Promise<unknown>
  readonly settings: () => Promise<Settings>
  /** Whether a page of the instance loads that has not said hello. */
  readonly isArriving: (instance: string) => Promise<boolean>
}

/**
 * Logs agents out whose last CCP was closed and who are Offline, where the settings ask for it. A log-out that is due is in the
 * state for a minute: a worker that dies over it leaves it to the next. Logging out twice changes nothing.
 */
export class LogOut {
  private readonly underWay = new Set<string>()

  constructor(private readonly parts: LogOutParts) {}

  /** Called with each new state. Never rejects: an error is reported in the entry. */
  async consider(state: CloseState): Promise<void> {
    const now = Date.now()
    const due = dueNow(dueOf(state, now), 'log_out', now).filter(({ logOut }) => !this.underWay.has(logOut.closeId))
    if (due.length === 0 || !mayLogOut(await this.parts.settings())) return
    await Promise.all(due.map(({ logOut }) => this.logOut(logOut)))
  }

  private async logOut(due: LogOutDue): Promise<void> {
    const { closeId } = due
    this.underWay.add(closeId)
    const problem = await this.attempt(due).catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    )
    await this.parts.dispatch({ type: 'logged_out', at: Date.now(), closeId, problem })
    this.underWay.delete(closeId)
  }

  /** @returns why the agent is not logged out; null where they are. */
  private async attempt(due: LogOutDue): Promise<string | null> {
    const { instance, url } = due
    const client = await ConnectClient.signedIn(url)
    if ((await client.username()) !== due.username) return 'other_agent'
    const list = await client.states()
    const snapshot = await client.snapshot(targetIn(list, (await this.parts.settings()).targetState), list)
    // The last look: a log-out ends every CCP of this instance in this browser.
    const isArriving = await this.parts.isArriving(instance)
    const reason = whyNotLogOut(await this.parts.state(), instance, snapshot, isArriving)
    if (reason !== null) return reason
    return (await ConnectClient.logOut(url)) ? null : 'still_signed_in'
  }
}
