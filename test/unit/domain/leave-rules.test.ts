import type { AgentStateType } from '../../../src/domain/agent'
import type { CloseResult, ClosingReport } from '../../../src/domain/close-report'
import type { CalledOff, LeaveOutcome } from '../../../src/domain/leave-rules'
import { asksBeforeLeaving, errorsOf, leaveOutcome } from '../../../src/domain/leave-rules'
import type { LeaveDialog, Mode } from '../../../src/domain/settings'
import { facts, state, RULES } from './build'

const CONTACT = { channel: 'chat', state: 'connected' }
const ENDED = { channel: 'chat', state: 'ended' }

describe('whether the leave dialog opens', () => {
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
  ])('%s, in a state of type %s, with %j: %s', (setting, type, contacts, asks) => {
    expect(asksBeforeLeaving(facts(type, { contacts }), { ...RULES, leaveDialog: setting })).toBe(asks)
  })

  test.each<Mode>(['observe', 'off'])('never in a mode that changes nothing: %s', (mode) => {
    expect(
      asksBeforeLeaving(facts('routable', { contacts: [CONTACT] }), { ...RULES, mode, leaveDialog: 'routable' }),
    ).toBe(false)
  })
})

describe('the outcome shown to an agent who stays', () => {
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
    ['is absent if nothing was done', null, { action: 'none', reason: 'not_routable' }, {}],
    ['shows that nothing could be requested', 'cannot', { action: 'cannot', reason: 'no_offline_state' }, {}],
    ['shows that no answer has arrived yet', 'asking', attempted(), {}],
    ['waits for the second answer if the first is a refusal', 'asking', attempted(), { results: [NO] }],
    ['is a failure if both answers are refusals', 'failed', attempted(), { results: [NO, NO] }],
    ['shows that nothing was sent', 'kept', { action: 'left', reason: 'contact_first' }, {}],
    ['is a failure if the only answer is a refusal', 'failed', attempted({ direct: null }), { results: [NO] }],
    ['is a failure if no second answer follows a refusal', 'failed', attempted(), { results: [NO], hasWaited: true }],
    ['is unknown if no answer arrived', 'unknown', attempted(), { hasWaited: true }],
    [
      'is unknown if the only answer refuses enqueueNextState',
      'unknown',
      attempted(),
      { results: [NO_QUEUE], hasWaited: true },
    ],
    ['waits until a snapshot shows what one answer accepts', 'asking', attempted(), { results: [NO, OK] }],
    ['is unknown if no snapshot shows what was accepted', 'unknown', attempted(), { results: [OK], hasWaited: true }],
    ['shows that Offline may be queued', 'queued', attempted({ mayQueue: true }), { results: [OK] }],
    ['is a success if the agent is seen Offline', 'taken', attempted({ mayQueue: true }), { agent: facts('offline') }],
  ])('%s', (_, outcome, did, known) => {
    expect(leaveOutcome({ report: report(did), results: [], agent: facts(), hasWaited: false, ...known })).toBe(outcome)
  })

  test('is Offline by the agent’s own wish after they tried again', () => {
    const tried = { ...report(attempted()), event: 'try_again' } as const
    const shown = facts('offline')
    expect(leaveOutcome({ report: tried, results: [OK], agent: shown, hasWaited: false })).toBe('offline')
    expect(leaveOutcome({ report: tried, results: [OK], agent: facts(), hasWaited: true })).toBe('unknown')
  })

  test('ignores refusals of enqueueNextState among the errors', () => {
    expect(errorsOf([OK, NO_QUEUE, NO])).toEqual([{ type: 'InvalidStateException', message: '' }])
  })
})
