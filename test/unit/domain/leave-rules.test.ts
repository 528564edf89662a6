import type { AgentStateType } from '../../../src/domain/agent'
import type { CloseResult, ClosingReport } from '../../../src/domain/close-report'
import type { CalledOff, LeaveOutcome } from '../../../src/domain/leave-rules'
import { asksBeforeLeaving, errorsOf, leaveOutcome } from '../../../src/domain/leave-rules'
import type { LeaveDialog, Mode } from '../../../src/domain/settings'
import { facts, state, RULES } from './build'

const CONTACT = { channel: 'chat', state: 'connected' }
const ENDED = { channel: 'chat', state: 'ended' }

describe('whether the browser is to ask', () => {
  test.each<[LeaveDialog, AgentStateType, readonly { channel: string; state: string }[], boolean]>([
    ['never', 'routable', [CONTACT], false],
    ['on_contact', 'routable', [], false],
    ['on_contact', 'routable', [ENDED], false],
    ['on_contact', 'routable', [CONTACT], true],
    ['on_contact', 'system', [CONTACT], true],
    ['routable', 'routable', [], true],
    ['routable', 'not_routable', [], false],
    ['routable', 'offline', [], false],
    ['routable', 'system', [CONTACT], true],
  ])('%s, in a state that is %s, with %j: %s', (setting, type, contacts, asks) => {
    expect(asksBeforeLeaving(facts(type, { contacts }), { ...RULES, leaveDialog: setting })).toBe(asks)
  })

  test.each<Mode>(['observe', 'off'])('never where nothing is done: %s', (mode) => {
    expect(
      asksBeforeLeaving(facts('routable', { contacts: [CONTACT] }), { ...RULES, mode, leaveDialog: 'routable' }),
    ).toBe(false)
  })
})

describe('what whoever stays is told', () => {
  const OK: CloseResult = { ok: true }
  const NO: CloseResult = { ok: false, error: { type: 'InvalidStateException', message: '' } }
  const NO_QUEUE: CloseResult = { ok: false, error: { type: 'UnexpectedParameter', message: 'enqueueNextState' } }
  const attempted = (changes: object = {}): ClosingReport['did'] => ({
    action: 'attempted',
    target: state('offline'),
    direct: 'keepalive',
    mayQueue: false,
    ...changes,
  })
  const report = (did: ClosingReport['did']): ClosingReport => ({
    closeId: 'c1',
    event: 'beforeunload',
    did,
    stateBefore: state('routable'),
    hint: null,
  })

  test.each<[string, LeaveOutcome | null, ClosingReport['did'], Partial<CalledOff>]>([
    ['nothing where nothing was done', null, { action: 'none', reason: 'not_routable' }, {}],
    ['that nothing could be asked for', 'cannot', { action: 'cannot', reason: 'no_offline_state' }, {}],
    ['that no answer has come yet', 'asking', attempted(), {}],
    ['that one of two answers was a refusal: the other may follow', 'asking', attempted(), { results: [NO] }],
    ['that both were', 'failed', attempted(), { results: [NO, NO] }],
    ['that nothing was sent', 'kept', { action: 'left', reason: 'contact_first' }, {}],
    ['that the one there was, was', 'failed', attempted({ direct: null }), { results: [NO] }],
    ['that a refusal is all there is', 'failed', attempted(), { results: [NO], hasWaited: true }],
    ['that no answer came', 'unknown', attempted(), { hasWaited: true }],
    ['that a refused queue is no answer', 'unknown', attempted(), { results: [NO_QUEUE], hasWaited: true }],
    ['that one answer is enough', 'taken', attempted(), { results: [NO, OK] }],
    ['that Offline may be queued', 'queued', attempted({ mayQueue: true }), { results: [OK] }],
    ['that the agent is seen Offline', 'taken', attempted({ mayQueue: true }), { agent: facts('offline') }],
  ])('%s', (_, outcome, did, known) => {
    expect(leaveOutcome({ report: report(did), results: [], agent: facts(), hasWaited: false, ...known })).toBe(outcome)
  })

  test('whoever tried again is Offline by their own wish', () => {
    const tried = { ...report(attempted()), event: 'try_again' } as const
    expect(leaveOutcome({ report: tried, results: [OK], agent: facts(), hasWaited: false })).toBe('offline')
  })

  test('the errors that count', () => {
    expect(errorsOf([OK, NO_QUEUE, NO])).toEqual([{ type: 'InvalidStateException', message: '' }])
  })
})
