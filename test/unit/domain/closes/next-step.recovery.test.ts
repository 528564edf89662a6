/** Which closes a CCP may be opened for, and what follows from its report. */
import { SETTLE_MS } from '../../../../src/domain/closes/agent-presence'
import type { CcpDocument } from '../../../../src/domain/closes/ccp-document'
import type { RecoveryEnd } from '../../../../src/domain/closes/close'
import type { PendingClose } from '../../../../src/domain/closes/closes'
import { nextAlarm } from '../../../../src/domain/closes/due'
import type { DocumentEvent } from '../../../../src/domain/closes/events'
import { isRecoverable } from '../../../../src/domain/closes/next-step'
import type { Finding } from '../../../../src/domain/check'
import { HELP_AFTER_MS } from '../../../../src/domain/check'
import { closing, EventPlayer, failed, header, state, succeeded, T0 } from '../build'
import {
  answered,
  AT_TAB_2,
  ccp,
  check,
  closeOf,
  contextWith,
  GONE,
  goneCcp,
  IN_PRIVATE_WINDOW,
  nextStep,
  recovery,
  REFUSED,
  reported,
  SETTLED,
  stateOf,
} from './made'

const A = header('doc-a')
const GONE_AFTER = 1_200
const DENIED: Finding = { kind: 'denied', reason: 'refused', by: 'forbidden', times: 1 }
const ENDED: Finding = { kind: 'ended', reason: 'refused' }

/** The recovery of a close, given its page's answer and its check's finding. */
function recoveryAfter(answer: DocumentEvent, finding: Finding, times: number) {
  const player = new EventPlayer('act')
  player.open(A)
  player.send(1_000, A, closing('c1'))
  player.send(1_100, A, answer)
  player.send(GONE_AFTER, A, { type: 'gone' })
  player.tick(GONE_AFTER + SETTLE_MS)
  for (let nth = 0; nth < times; nth += 1) {
    const at = GONE_AFTER + SETTLE_MS + 1 + nth * HELP_AFTER_MS
    const closeId = Object.keys(player.state.closes)[0] ?? ''
    player.dispatch({ type: 'asking', at: T0 + at, closeId })
    player.dispatch({ type: 'checked', at: T0 + at, closeId, finding, jitter: 0.5, roundTripMs: null })
    player.tick(at)
  }
  const [close] = Object.values(player.state.closes)
  return { recovery: close?.recovery?.status ?? null, outcome: player.entries[0]?.outcome ?? null }
}

describe.each<[string, Finding, number]>([
  ['is refused again and again', DENIED, 2],
  ['has ended with a refusal', ENDED, 1],
])('when the check %s', (_, finding, times) => {
  test('a close that Connect refused is offered a recovery CCP', () => {
    expect(recoveryAfter(failed('c1'), finding, times)).toEqual({ recovery: 'offered', outcome: null })
  })

  test('a close that Connect accepted is not offered one', () => {
    expect(recoveryAfter(succeeded('c1'), finding, times).recovery).toBeNull()
  })
})

const TRIED = goneCcp('doc-a', { closing: reported() })
const OFFER_MS = 30 * 60_000
/** A check that the instance has refused for good. */
const REFUSED_CHECK = { check: check({ end: REFUSED }) }

describe('a CCP may set the agent Offline', () => {
  const isRecoverableIn = (
    documents: PendingClose['documents'],
    changes: Parameters<typeof contextWith>[0] = {},
  ): boolean => isRecoverable(closeOf(documents), contextWith(changes))
  const left = (type: 'routable' | 'not_routable' | 'system'): CcpDocument =>
    goneCcp('doc-a', { closing: reported({ stateBefore: state(type) }) })

  test.each<[string, PendingClose['documents'], Parameters<typeof contextWith>[0]]>([
    ['after a click', [TRIED], { recoveryUse: 'ask' }],
    ['unasked', [TRIED], { recoveryUse: 'open' }],
    ['where the window of the close is unknown', [goneCcp('doc-a', { place: null, closing: reported() })], {}],
    ['where no page has reported anything', [goneCcp('doc-a')], {}],
    ['out of a state that the settings name', [left('not_routable')], { rules: { fromStates: ['Mittag'] } }],
  ])('%s', (_, documents, changes) => {
    expect(isRecoverableIn(documents, changes)).toBe(true)
  })

  const isPrivate = goneCcp('doc-b', { place: IN_PRIVATE_WINDOW })

  test.each<[string, PendingClose['documents'], Parameters<typeof contextWith>[0]]>([
    ['where the settings open none', [TRIED], { recoveryUse: 'never' }],
    ['after Connect has accepted the close', [{ ...TRIED, result: answered(true) }], {}],
    ['in place of one in a private window', [isPrivate], {}],
    ['in place of one that had a document in a private window', [TRIED, isPrivate], {}],
    ['out of a state that takes no contacts', [left('not_routable')], {}],
    ['out of the state of a contact', [left('system')], {}],
    ['where the agent was never known', [goneCcp('doc-a', { agent: null })], {}],
  ])('but not %s', (_, documents, changes) => {
    expect(isRecoverableIn(documents, changes)).toBe(false)
  })
})

describe('a CCP is opened, or offered', () => {
  test('where the settings let the background ask nothing', () => {
    expect(nextStep(TRIED, { mayAsk: false })).toBe('recover')
  })

  test('where the instance has refused the check', () => {
    expect(nextStep(TRIED, { record: REFUSED_CHECK })).toBe('recover')
  })

  test('or the close ends, where the settings open none', () => {
    expect(nextStep(TRIED, { mayAsk: false, recoveryUse: 'never' })).toBe('forbidden')
    expect(nextStep(TRIED, { record: REFUSED_CHECK, recoveryUse: 'never' })).toBeNull()
  })

  const unheard = [ccp('doc-b', { place: AT_TAB_2, unheardSince: GONE })]

  test('when it is known whether a page of the agent is there', () => {
    expect(nextStep(TRIED, { others: unheard, mayAsk: false })).toBe('wait')
  })

  test('still where it was offered before that became unknown', () => {
    expect(nextStep(TRIED, { others: unheard, mayAsk: false, record: { recovery: recovery() } })).toBe('recover')
  })
})

describe('a check', () => {
  test('goes on beside a CCP that is only offered', () => {
    expect(nextStep(TRIED, { record: { check: check(), recovery: recovery() } })).toBe('check')
  })

  test.each(['wanted', 'under_way'] as const)('pauses for a CCP that is `%s`', (status) => {
    expect(nextStep(TRIED, { record: { check: check(), recovery: recovery({ status }) } })).toBe('recover')
  })
})

describe('a CCP without a report', () => {
  const GIVEN_UP = SETTLED + OFFER_MS

  test.each(['offered', 'wanted'] as const)('is given up after half an hour where it is `%s`', (status) => {
    const record = { recovery: recovery({ status }) }
    expect(nextStep(TRIED, { mayAsk: false, record, now: GIVEN_UP - 1 })).toBe('recover')
    expect(nextStep(TRIED, { mayAsk: false, record, now: GIVEN_UP })).toBe('forbidden')
    expect(nextStep(TRIED, { record: { ...record, ...REFUSED_CHECK }, now: GIVEN_UP })).toBeNull()
  })

  test.each(['offered', 'wanted'] as const)('is given up where the clock was set back since it was `%s`', (status) => {
    const record = { recovery: recovery({ status }) }
    expect(nextStep(TRIED, { mayAsk: false, record, now: SETTLED - 60_000 })).toBe('forbidden')
  })

  test('has the background look at once where the clock was set back since it was offered', () => {
    const offered = { ...closeOf([TRIED], { recovery: recovery() }), docIds: [TRIED.docId] }
    const pending = { ...stateOf(TRIED), closes: { [offered.id]: offered } }
    expect(nextAlarm(pending, SETTLED)).toBe(GIVEN_UP)
    expect(nextAlarm(pending, SETTLED - 60_000)).toBeLessThanOrEqual(SETTLED - 60_000)
  })

  test('that is offered beside a check is waited for with the check, and calls for nothing of its own', () => {
    const asksAt = GIVEN_UP + 300_000
    const offered = {
      ...closeOf([TRIED], { recovery: recovery(), check: check({ nextAt: asksAt }) }),
      docIds: [TRIED.docId],
    }
    const pending = { ...stateOf(TRIED), closes: { [offered.id]: offered } }
    expect(nextAlarm(pending, GIVEN_UP + 60_000)).toBe(asksAt)
    expect(nextStep(TRIED, { record: { check: check(), recovery: recovery() }, now: GIVEN_UP + 60_000 })).toBe('check')
  })

  test('is waited for as long as it is under way', () => {
    const record = { recovery: recovery({ status: 'under_way' }) }
    expect(nextStep(TRIED, { mayAsk: false, record, now: GIVEN_UP })).toBe('recover')
  })
})

describe('the report of a CCP', () => {
  const REPORT: RecoveryEnd = { at: SETTLED + 5_000, reported: 'set' }
  const NO_REPORT: RecoveryEnd = { at: SETTLED, reported: null, reason: 'no_answer', error: null, isDeclined: false }
  const endedWith = (end: RecoveryEnd) => ({ recovery: recovery({ status: 'over', end }) })

  test('is looked at while the check goes on', () => {
    expect(nextStep(TRIED, { record: { check: check(), ...endedWith(REPORT) } })).toBe('look')
  })

  test.each<[string, Parameters<typeof nextStep>[1]]>([
    ['it has none', { record: { check: check(), ...endedWith(NO_REPORT) } }],
    ['the instance has refused the check', { record: { ...REFUSED_CHECK, ...endedWith(REPORT) } }],
    ['the background had not been allowed to ask', { record: endedWith(REPORT) }],
    [
      'the settings let the background ask nothing',
      { mayAsk: false, record: { check: check(), ...endedWith(REPORT) } },
    ],
  ])('ends the close where %s', (_, circumstances) => {
    expect(nextStep(TRIED, circumstances)).toBeNull()
  })
})
