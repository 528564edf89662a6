import { instanceKey } from '../domain/agent'
import type { SessionEvent } from '../domain/sessions/events'
import { isOpen } from '../domain/sessions/ccp-document'
import type { LogOutDue, SessionsState } from '../domain/sessions/state'
import type { Settings } from '../domain/settings'
import { ConnectClient } from './connect-client'

/** What a log-out needs of the world around it. */
export interface LogOutParts {
  readonly state: () => Promise<SessionsState>
  readonly dispatch: (event: SessionEvent) => Promise<unknown>
  readonly settings: () => Promise<Settings>
  /** Whether a page of the instance loads that has not said hello. */
  readonly isArriving: (instance: string) => Promise<boolean>
}

/**
 * Logs agents out whose last CCP was closed and who are Offline, where the settings ask for it. What is due is in the state
 * for a minute: a worker that dies over it leaves it to the next. To log out twice changes nothing.
 */
export class LogOut {
  private readonly underWay = new Set<string>()

  constructor(private readonly parts: LogOutParts) {}

  /** Called with each new state. Never rejects: what goes wrong is in the entry. */
  async consider({ logOuts }: SessionsState): Promise<void> {
    if (logOuts.every(({ closeId }) => this.underWay.has(closeId))) return
    const { logOut, mode, directPath } = await this.parts.settings()
    if (!logOut || mode !== 'act' || directPath !== 'everywhere') return
    await Promise.all(logOuts.filter(({ closeId }) => !this.underWay.has(closeId)).map((due) => this.logOut(due)))
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
  private async attempt({ instance, url, username, target }: LogOutDue): Promise<string | null> {
    const client = await ConnectClient.signedIn(url)
    if ((await client.username()) !== username) return 'other_agent'
    const { state, contacts } = await client.snapshot(target)
    if (contacts.length > 0) return 'contact'
    if (state.type !== 'offline') return 'state_changed'
    // The last look: a log-out ends every CCP of this instance in this browser.
    if (await this.parts.isArriving(instance)) return 'agent_present'
    const { documents, recovery } = await this.parts.state()
    const isHere = (host: string): boolean => instanceKey(host) === instanceKey(instance)
    const isThere = Object.values(documents).some((doc) => isOpen(doc) && isHere(doc.instance))
    if (isThere || (recovery !== null && isHere(recovery.instance))) return 'agent_present'
    return (await ConnectClient.logOut(url)) ? null : 'still_signed_in'
  }
}
