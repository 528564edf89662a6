/** How reporting to the organization's collector goes, as texts. */
import type { FleetStatus, LastProblem, SendingProblem } from '../domain/fleet/sending-status'
import { h } from './dom'
import type { MessageKey } from './i18n'
import { t } from './i18n'
import { notice } from './parts'

const PROBLEMS: { readonly [P in SendingProblem]: MessageKey } = {
  no_answer: 'fleetNoAnswer',
  busy: 'fleetBusy',
  refused: 'fleetRefused',
  unreadable: 'fleetUnreadable',
  partial: 'fleetPartial',
}

/** What went wrong, with the answer's status and the message of the collector or the browser. */
export function sendingProblem({ problem, status, message }: LastProblem): string {
  const code = status === null ? '' : ` (HTTP ${status})`
  return `${t(PROBLEMS[problem])}${code}${message === null || message === '' ? '' : `: ${message}`}`
}

/** How many attempts may fail before people see it: networks come and go. */
const FAILURES_SHOWN = 3

/** The notice that reports do not arrive, or are not sent at all; nothing while they do, or may soon. */
export function fleetNotices({ withheld, ledger: { problem, sending } }: FleetStatus): HTMLElement[] {
  if (withheld.length > 0) return [notice('warn', t('fleetConsentTitle'), h('p', {}, t('fleetConsentText')))]
  if (problem === null || problem.problem === 'partial') return []
  const isPassing = problem.problem === 'no_answer' || problem.problem === 'busy'
  if (isPassing && sending.failures < FAILURES_SHOWN) return []
  return [notice('bad', t('fleetProblemTitle'), h('p', {}, t('fleetProblemText', sendingProblem(problem))))]
}
