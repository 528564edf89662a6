import type { FleetStatus, TestResult } from '../../domain/fleet/sending-status'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { fleetNotices, sendingProblem } from '../../ui/fleet-words'
import { formatDateTime, formatDuration, formatNumber } from '../../ui/format'
import { t } from '../../ui/i18n'
import { pill } from '../../ui/parts'
import { allowButton } from './allow-button'
import { accessFact, consentFacts, factList, factOf } from './fact-list'

interface Places {
  /** The card in Health; hidden where nothing is reported. */
  readonly card: HTMLElement
  /** The place above the settings for what is wrong. */
  readonly notices: HTMLElement
}

interface FleetSection {
  /** Asks the background again. */
  refresh(): Promise<void>
}

/**
 * How reporting to the organization's collector goes, where the settings name one: with a button that sends a test record,
 * and one that asks the browser for access to the collector's host.
 * @param request asks the browser for a host and people for their consent; to be called in the user's own click.
 */
export function fleetSection(
  { card, notices }: Places,
  ask: Ask,
  request: (pattern: string, kinds: FleetStatus['withheld']) => Promise<boolean>,
): FleetSection {
  const said = h('p', { role: 'status' })
  const facts = h('div', {})
  const test = h('button', { type: 'button', id: 'fleet-test' }, t('fleetTest'))
  const allow = allowButton('fleet-allow', request, () => refresh(), said)
  let isTesting = false
  /** The error of the last refresh; empty where it succeeded. */
  let problem = ''

  const show = (status: FleetStatus) => {
    const { endpoint, access, withheld } = status
    card.hidden = endpoint === null
    notices.replaceChildren(...(endpoint === null ? [] : fleetNotices(status)))
    if (endpoint === null || access === null) return
    test.hidden = withheld.length > 0
    // A button that is hidden loses the focus.
    const hasFocus = allow.button === document.activeElement
    if (allow.show(access, withheld) && hasFocus) test.focus()
    facts.replaceChildren(factList(...factsOf(status, endpoint, access.isGranted)))
  }
  const refresh = async () => {
    try {
      show(await ask('fleet_status'))
      // The result of a test stays.
      if (problem !== '' && said.textContent === problem) said.textContent = ''
      problem = ''
    } catch (error) {
      problem = errorText(error)
      said.textContent = problem
    }
  }
  const sendTest = async () => {
    isTesting = true
    test.setAttribute('aria-disabled', 'true')
    said.textContent = t('fleetTesting')
    try {
      said.textContent = resultText(await ask('fleet_test'))
    } catch (error) {
      said.textContent = t('fleetTestFailed', errorText(error))
    }
    test.removeAttribute('aria-disabled')
    isTesting = false
    await refresh()
  }
  test.addEventListener('click', () => {
    // It keeps the focus while it runs: a disabled button would lose it.
    if (!isTesting) void sendTest()
  })
  card.replaceChildren(
    h(
      'div',
      { class: 'about' },
      h('div', {}, h('h3', { id: 'fleet-title' }, t('fleetTitle')), h('p', { class: 'muted' }, t('fleetText'))),
      h('div', { class: 'buttons' }, allow.button, test),
    ),
    said,
    facts,
  )
  return { refresh }
}

function resultText(result: TestResult): string {
  if (result.ok) return t('fleetTestOk', String(result.status), formatDuration(result.tookMs))
  return t('fleetTestFailed', sendingProblem(result.problem))
}

function factsOf({ waiting, ledger, withheld }: FleetStatus, endpoint: string, isGranted: boolean): HTMLElement[] {
  const { takenAt, taken, dropped, rejected } = ledger
  return [
    factOf('fleetTo', h('code', {}, endpoint)),
    factOf('fleetState', stateOf(ledger)),
    ...consentFacts(withheld, 'fleetConsentHelp'),
    accessFact(isGranted, ...(isGranted ? [] : [h('small', { class: 'muted' }, t('fleetAccessHelp'))])),
    factOf(
      'fleetSent',
      h('span', {}, formatNumber(taken)),
      ...(takenAt === null ? [] : [h('small', { class: 'muted' }, formatDateTime(takenAt))]),
    ),
    factOf('fleetWaiting', h('span', {}, formatNumber(waiting))),
    ...(dropped + rejected === 0
      ? []
      : [
          factOf(
            'fleetLost',
            pill('warn', 'warning', t('fleetLostCounts', formatNumber(dropped), formatNumber(rejected))),
          ),
        ]),
  ]
}

function stateOf({ problem, takenAt }: Ledger): HTMLElement {
  if (problem !== null) return pill(problem.problem === 'refused' ? 'bad' : 'warn', 'warning', sendingProblem(problem))
  return takenAt === null ? pill('neutral', 'question', t('fleetUntried')) : pill('good', 'check', t('fleetWorks'))
}

type Ledger = FleetStatus['ledger']
