import type { AgentFacts } from '../domain/agent'
import type { CloseResult, ClosingReport } from '../domain/close-report'
import type { LeaveChoice } from '../domain/leave-rules'
import { errorsOf, leaveOutcome } from '../domain/leave-rules'
import type { PageMessage } from '../protocol/page-messages'
import { LeaveModal } from './leave-modal'
import { statusText } from './texts'

/** How long to wait for Connect's answer before the agent sees that none came. */
const PATIENCE_MS = 5_000
/** A page that still runs this long after a script has closed it will not close. */
const CLOSE_MS = 1_000

/** Follows what a close has done, and shows it to an agent who called the close off. */
export class LeaveWatch {
  private agent: AgentFacts | null = null
  private report: ClosingReport | null = null
  private results: CloseResult[] = []
  private hasWaited = false
  private modal: LeaveModal | null = null

  /** @param choose passes the agent's choice to the bridge. */
  constructor(private readonly choose: (choice: LeaveChoice) => void) {
    LeaveModal.sweep()
  }

  /** Takes a message of the bridge, in its order. */
  note(docEvent: Exclude<PageMessage, { type: 'alive' }>): void {
    switch (docEvent.type) {
      case 'agent':
        this.agent = docEvent.agent
        break
      case 'closing':
        this.agent = docEvent.agent
        this.report = docEvent.report
        this.results = []
        this.hasWaited = false
        break
      case 'result':
        if (docEvent.closeId === this.report?.closeId) this.results.push(docEvent.result)
        break
      case 'leave_refused':
        if (docEvent.closeId === this.report?.closeId) this.begin()
        break
      case 'unprotected':
      case 'stayed':
      case 'capabilities':
      case 'undone':
      case 'given_back':
      case 'token':
        return
    }
    this.show()
  }

  /** Removes the modal, whatever it shows. */
  stop(): void {
    this.modal?.close()
    this.modal = null
  }

  private begin(): void {
    this.modal ??= new LeaveModal({
      tryAgain: () => {
        this.choose('try_again')
        this.wait()
      },
      close: () => {
        this.choose('close')
        setTimeout(() => this.modal?.sayCloseNow(), CLOSE_MS)
      },
      stay: () => {
        this.modal = null
        this.choose('stay')
      },
    })
    this.wait()
  }

  private wait(): void {
    const { report } = this
    setTimeout(() => {
      if (this.report !== report) return
      this.hasWaited = true
      this.show()
    }, PATIENCE_MS)
  }

  private show(): void {
    const { modal, report, agent, results, hasWaited } = this
    if (modal === null || report === null || agent === null) return
    const outcome = leaveOutcome({ report, results, agent, hasWaited })
    if (outcome === null) {
      this.stop()
      return
    }
    const offline = report.did.action === 'attempted' ? report.did.target.name : (agent.offlineState?.name ?? '')
    modal.show({ outcome, offline, state: statusText(report.stateBefore), errors: errorsOf(results) })
  }
}
