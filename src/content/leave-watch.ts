import type { AgentFacts } from '../domain/agent'
import type { CloseResult, ClosingReport } from '../domain/close-report'
import type { LeaveChoice } from '../domain/leave-rules'
import { errorsOf, leaveOutcome } from '../domain/leave-rules'
import type { PageMessage } from '../protocol/page-messages'
import { LeaveModal } from './leave-modal'
import { statusText } from './texts'

/** How long an answer of Connect's is waited for, before the agent is told that none came. */
const PATIENCE_MS = 5_000
/** A page that still runs so long after it was to be closed by a script will not be. */
const CLOSE_MS = 1_000

/** Follows what a close has done, and tells the agent who called it off. */
export class LeaveWatch {
  private agent: AgentFacts | null = null
  private report: ClosingReport | null = null
  private results: CloseResult[] = []
  private hasWaited = false
  private modal: LeaveModal | null = null

  /** @param choose tells the bridge. */
  constructor(private readonly choose: (choice: LeaveChoice) => void) {
    LeaveModal.sweep()
  }

  /** Takes note of what the bridge says, in its order. */
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

  /** Takes the modal away, wherever it has got to. */
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
