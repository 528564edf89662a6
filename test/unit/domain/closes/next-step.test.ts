/** Which closes need a next step, and when the instance is asked. */
import type { CcpDocument } from '../../../../src/domain/closes/ccp-document'
import type { PendingClose } from '../../../../src/domain/closes/closes'
import type { AgentStateType } from '../../../../src/domain/agent'
import { knownOutcomeOf } from '../../../../src/domain/closes/known-outcome'
import type { ClosingReport } from '../../../../src/domain/close-report'
import { facts, state } from '../build'
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
  REFUSED,
  reported,
} from './made'

type Did = ClosingReport['did']

const closeThat = (did: Did, changes: Partial<CcpDocument> = {}, before = state('routable')): CcpDocument =>
  goneCcp('doc-a', { closing: reported({ did, stateBefore: before }), ...changes })

const TRIED = goneCcp('doc-a', { closing: reported() })
const SILENT = goneCcp('doc-a')
const OBSERVED = closeThat({ action: 'none', reason: 'mode_observe', would: 'set_offline' })
const CONTACT_FIRST: Did = { action: 'left', reason: 'contact_first' }
const NOT_ROUTABLE: Did = { action: 'none', reason: 'not_routable' }

describe('the instance is asked about a close', () => {
  test.each([
    ['whose page has received no answer', TRIED],
    ['that Connect has accepted', { ...TRIED, result: answered(true) }],
    ['that Connect has refused', { ...TRIED, result: answered(false) }],
    ['of which no page has reported anything', SILENT],
    ['that ended before the settings had come', closeThat({ action: 'cannot', reason: 'not_configured' })],
    ['that waits for a contact', closeThat(CONTACT_FIRST)],
    ['that left the agent in the state of a contact', closeThat(NOT_ROUTABLE, {}, state('system'))],
  ])('%s', (_, doc) => {
    expect(nextStep(doc)).toBe('check')
  })
})

describe('a page that no longer saw its agent', () => {
  const unseen = (type: AgentStateType, changes: Partial<CcpDocument> = {}): CcpDocument =>
    goneCcp('doc-a', {
      agent: facts(type),
      protection: { status: 'unprotected', reason: 'streams_hidden' },
      ...changes,
    })

  test.each(['routable', 'system', 'error'] as const)(
    'leaves an agent to be asked about who was last seen %s',
    (type) => {
      expect(nextStep(unseen(type))).toBe('check')
    },
  )

  test.each(['offline', 'not_routable'] as const)('leaves an agent to be flagged who was last seen %s', (type) => {
    const close = closeOf([unseen(type)])
    expect(nextStep(unseen(type))).toBeNull()
    expect(knownOutcomeOf(close, contextWith())).toMatchObject({ outcome: 'failed', reason: 'streams_hidden' })
  })

  test('leaves an agent alone whom the settings exclude, and one whose contact they leave is flagged', () => {
    const excluded = contextWith({ rules: { excluded: 'surface_excluded' } })
    expect(knownOutcomeOf(closeOf([unseen('offline')]), excluded)).toMatchObject({
      outcome: 'not_needed',
      reason: 'surface_excluded',
    })
    expect(nextStep(unseen('system'), { rules: { onContact: 'leave' } })).toBeNull()
  })
})

describe('nothing is left to find out about a close', () => {
  test.each([
    ['where the agent has no state to be set', closeThat({ action: 'cannot', reason: 'no_offline_state' })],
    ['that left the agent in a state that takes no contacts', closeThat(NOT_ROUTABLE, {}, state('not_routable'))],
    [
      'whose agent the settings leave to their contact',
      closeThat({ action: 'none', reason: 'contact_kept' }, {}, state('system')),
    ],
    ['whose agent was never known', goneCcp('doc-a', { agent: null })],
    ['that was accepted for an agent who was never known', { ...TRIED, agent: null, result: answered(true) }],
    ['that waits for a contact of an agent who was never known', closeThat(CONTACT_FIRST, { agent: null })],
  ])('%s', (_, doc) => {
    expect(nextStep(doc)).toBeNull()
  })

  test.each([
    ['confirmed', { at: GONE, confirmed: true, by: 'asked' } as const],
    ['without an answer', { at: GONE, confirmed: false, reason: 'no_answer' } as const],
  ])('whose check has ended, %s', (_, end) => {
    expect(nextStep(TRIED, { record: { check: check({ end }) } })).toBeNull()
  })
})

describe('the mode', () => {
  test.each([
    ['act', 'tried', TRIED],
    ['observe', 'observed', OBSERVED],
  ] as const)('`%s` lets the background ask about a close that was %s', (mode, _, doc) => {
    expect(nextStep(doc, { mode })).toBe('check')
  })

  test.each([
    ['observe', 'tried', TRIED],
    ['off', 'tried', TRIED],
    ['act', 'observed', OBSERVED],
    ['off', 'observed', OBSERVED],
  ] as const)('`%s` leaves a close alone that was %s before', (mode, _, doc) => {
    expect(nextStep(doc, { mode })).toBeNull()
  })

  test('`observe` lets it ask about a close without a report', () => {
    expect(nextStep(SILENT, { mode: 'observe', rules: { mode: 'observe' } })).toBe('check')
  })

  test.each<[string, CcpDocument, Parameters<typeof nextStep>[1]]>([
    ['of a private window', { ...OBSERVED, place: IN_PRIVATE_WINDOW }, {}],
    ['that the settings do not let the background check', OBSERVED, { mayAsk: false }],
    ['whose look was refused', OBSERVED, { record: { check: check({ observes: true, end: REFUSED }) } }],
  ])('`observe` leaves a close alone %s', (_, doc, circumstances) => {
    expect(nextStep(doc, { mode: 'observe', ...circumstances })).toBeNull()
  })
})

describe('where the settings exclude the agent', () => {
  const SALES_ONLY = { rules: { routingProfiles: ['Sales'] } }
  const VETO = { veto: 'routing_profile_excluded' }

  test('a close that its page has tried is over', () => {
    expect(nextStep(TRIED, SALES_ONLY)).toBeNull()
  })

  test('a close that waits for a contact is not needed', () => {
    expect(nextStep(closeThat(CONTACT_FIRST), SALES_ONLY)).toEqual(VETO)
    const agent = facts('routable', { contacts: [{ channel: 'chat', state: 'connected' }] })
    expect(nextStep(closeThat(CONTACT_FIRST, { agent }), { rules: { onContact: 'leave' } })).toEqual({
      veto: 'contact_kept',
    })
  })

  test('a close without a report is not needed, as its first document knows them', () => {
    const later = goneCcp('doc-b', { agent: facts('routable', { routingProfile: 'Sales' }) })
    expect(nextStep([SILENT, later], SALES_ONLY)).toEqual(VETO)
  })

  test('a state that they name does not end the check of a close that a page has tried', () => {
    const rules = { fromStates: ['Pause'] }
    expect(nextStep(TRIED, { rules })).toBe('check')
    expect(nextStep([TRIED, goneCcp('doc-b')], { rules })).toBe('check')
  })
})

describe('a close whose agent may be coming back', () => {
  const unheard = ccp('doc-b', { place: AT_TAB_2, unheardSince: GONE })

  test('waits before it is checked', () => {
    expect(nextStep(TRIED, { others: [unheard] })).toBe('wait')
  })

  test('goes on being checked', () => {
    expect(nextStep(TRIED, { others: [unheard], record: { check: check() } })).toBe('check')
  })
})

const PRIVATE = { ...TRIED, place: IN_PRIVATE_WINDOW }

describe.each<[string, PendingClose['documents']]>([
  ['a CCP', [PRIVATE]],
  ['one of its documents', [goneCcp('doc-b'), PRIVATE]],
])('where the background lacks the cookies of %s', (_, documents) => {
  test('it asks with a token that the page may have lent', () => {
    expect(nextStep(documents)).toBe('check')
  })

  test('the close is over if it may not ask', () => {
    expect(nextStep(documents, { mayAsk: false })).toBe('separate_cookies')
  })
})

test('a CCP whose window is unknown counts as one in an ordinary window', () => {
  expect(nextStep({ ...TRIED, place: null }, { mayAsk: false })).toBe('recover')
})
