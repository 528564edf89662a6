import type { HeartbeatProblem, HeartbeatRefusal, WatchdogStatus } from '../../domain/heartbeat/heartbeat-status'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatDateTime } from '../../ui/format'
import type { MessageKey } from '../../ui/i18n'
import { t } from '../../ui/i18n'
import { pill } from '../../ui/parts'
import { allowButton } from './allow-button'
import { accessFact, consentFacts, factList, factOf } from './fact-list'

interface WatchdogSection {
  /** Asks the background again. */
  refresh(): Promise<void>
}

const REFUSALS: Readonly<Record<HeartbeatRefusal, MessageKey>> = {
  no_secret: 'watchdogNoSecret',
  no_identity: 'watchdogNoIdentity',
  no_hash_key: 'watchdogNoHashKey',
}

const PROBLEMS: Readonly<Record<HeartbeatProblem, MessageKey>> = {
  no_answer: 'fleetNoAnswer',
  secret: 'watchdogSecretUnknown',
  instance: 'watchdogOtherInstance',
  refused: 'watchdogRefused',
}

/**
 * How the heartbeats to the organization's watchdog go, where the settings name one; why none is sent, where that is so.
 * @param request asks the browser for a host and people for their consent; to be called in the user's own click.
 */
export function watchdogSection(
  card: HTMLElement,
  ask: Ask,
  request: (pattern: string, kinds: WatchdogStatus['withheld']) => Promise<boolean>,
): WatchdogSection {
  const said = h('p', { role: 'status' })
  const facts = h('div', {})
  const allow = allowButton('watchdog-allow', request, () => refresh(), said)

  const show = (status: WatchdogStatus) => {
    const { endpoint, access, withheld } = status
    card.hidden = endpoint === null
    if (endpoint === null || access === null) return
    allow.show(access, withheld)
    facts.replaceChildren(factList(...factsOf(status, endpoint, access.isGranted)))
  }
  const refresh = async () => {
    try {
      show(await ask('watchdog_status'))
      said.textContent = ''
    } catch (error) {
      said.textContent = errorText(error)
    }
  }
  card.replaceChildren(
    h(
      'div',
      { class: 'about' },
      h(
        'div',
        {},
        h('h3', { id: 'watchdog-title' }, t('watchdogTitle')),
        h('p', { class: 'muted' }, t('watchdogText')),
      ),
      h('div', { class: 'buttons' }, allow.button),
    ),
    said,
    facts,
  )
  return { refresh }
}

function factsOf(status: WatchdogStatus, endpoint: string, isGranted: boolean): HTMLElement[] {
  const { withheld, takenAt, act } = status
  return [
    factOf('watchdogTo', h('code', {}, endpoint)),
    factOf('fleetState', stateOf(status)),
    ...consentFacts(withheld, 'watchdogConsentHelp'),
    accessFact(isGranted),
    ...(takenAt === null ? [] : [factOf('watchdogLast', timeOf(takenAt))]),
    ...(act === null
      ? []
      : [factOf('watchdogLastAct', h('span', {}, t('watchdogAct', act.username, formatDateTime(act.at))))]),
  ]
}

function stateOf({ refusal, problem, takenAt }: WatchdogStatus): HTMLElement {
  if (refusal !== null) return pill('bad', 'cross', t(REFUSALS[refusal]))
  if (problem !== null) {
    const code = problem.status === null ? '' : ` (HTTP ${problem.status})`
    return pill(problem.problem === 'no_answer' ? 'warn' : 'bad', 'warning', `${t(PROBLEMS[problem.problem])}${code}`)
  }
  return takenAt === null ? pill('neutral', 'question', t('fleetUntried')) : pill('good', 'check', t('fleetWorks'))
}

function timeOf(at: number): HTMLElement {
  return h('time', { datetime: new Date(at).toISOString() }, formatDateTime(at))
}
