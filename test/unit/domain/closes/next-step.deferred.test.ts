/** Closes that their page has deferred: to its reload, to another CCP, or to the end of a contact. */
import type { CcpDocument } from '../../../../src/domain/closes/ccp-document'
import type { DeferReason } from '../../../../src/domain/reasons'
import { facts } from '../build'
import { answered, AT_TAB_2, ccp, check, GONE, goneCcp, nextStep, REPORTED, reported, SETTLED } from './made'

const GRACE_MS = 20_000

const deferred = (reason: DeferReason, docId = 'doc-a', changes: Partial<CcpDocument> = {}): CcpDocument =>
  goneCcp(docId, { closing: reported({ did: { action: 'left', reason } }), ...changes })

const RELOADS = deferred('reload')
const TO_OTHER = deferred('other_ccp')
const AFTER_CONTACT = deferred('contact_first')
const BACK = ccp('doc-b', { place: AT_TAB_2 })
const STAYS = { gone: null, stayedAt: GONE }
/** An earlier close of the same agent, which does not act for this one's. */
const earlier = (reason: DeferReason, changes: Partial<CcpDocument> = {}): CcpDocument =>
  goneCcp('doc-b', {
    place: AT_TAB_2,
    closing: reported({ did: { action: 'left', reason } }, REPORTED - 1),
    ...changes,
  })
/** A later close of the same agent, which acts for them. */
const LATER = goneCcp('doc-b', { place: AT_TAB_2, closing: reported({}, REPORTED + 1) })
const OTHER_AGENT = facts('routable', { username: 'bob' })

describe('a page that reloads', () => {
  test('is waited for until its time has passed', () => {
    expect(nextStep(RELOADS, { now: GONE + GRACE_MS - 1 })).toBe('wait')
    expect(nextStep(RELOADS, { now: GONE + GRACE_MS })).toBe('check')
  })

  test.each([
    ['its tab is closed', { tabRemoved: { at: GONE, windowClosing: false } }],
    ['its browser has ended', { gone: { at: GONE, by: 'run_ended' } }],
  ] as const)('is not waited for where %s', (_, changes) => {
    expect(nextStep(deferred('reload', 'doc-a', changes))).toBe('check')
    expect(nextStep([RELOADS, deferred('reload', 'doc-b', changes)])).toBe('check')
  })

  test('is waited for as long as it is there', () => {
    const reloads = earlier('reload', { gone: null })
    expect(nextStep(TO_OTHER, { others: [reloads], now: SETTLED + GRACE_MS })).toBe('wait')
  })
})

describe.each([
  ['its reload', RELOADS],
  ['another CCP', TO_OTHER],
])('a close that was deferred to %s', (_, doc) => {
  const now = GONE + GRACE_MS

  test('is checked where the agent does not come back', () => {
    expect(nextStep(doc, { now })).toBe('check')
  })

  test('is over where the agent is there', () => {
    expect(nextStep(doc, { now, others: [BACK] })).toBeNull()
  })

  test('is over where one of its documents stays', () => {
    const stays = { ...doc, docId: 'doc-b', ...STAYS }
    expect(nextStep(stays, { now })).toBeNull()
    expect(nextStep([doc, stays], { now })).toBeNull()
  })

  test('is over where a later close acts for the agent', () => {
    expect(nextStep(doc, { now, others: [LATER] })).toBeNull()
    expect(nextStep(doc, { now, record: { isTakenOver: true } })).toBeNull()
  })

  test('waits while another CCP of the agent may still be reloading', () => {
    const reloads = earlier('reload', { gone: { at: GONE + 1, by: 'pagehide' } })
    expect(nextStep(doc, { now, others: [reloads] })).toBe('wait')
    expect(nextStep(doc, { now: now + 1, others: [reloads] })).toBe('check')
  })

  test.each([
    ['another agent’s CCP reloads', earlier('reload', { agent: OTHER_AGENT, gone: null })],
    ['another CCP of the agent was deferred for a contact', earlier('contact_first', { gone: null })],
    ['another CCP of the agent was deferred to this one', earlier('other_ccp', { gone: null })],
  ])('does not wait where %s', (_, other) => {
    expect(nextStep(doc, { now, others: [other] })).toBe('check')
  })
})

describe('a close that waits for a contact', () => {
  test('is checked where another CCP of the agent reloads', () => {
    const reloads = earlier('reload')
    expect(nextStep(AFTER_CONTACT, { others: [reloads] })).toBe('check')
  })

  test('is checked where a later close acts for the agent', () => {
    expect(nextStep(AFTER_CONTACT, { others: [LATER] })).toBe('check')
  })

  test('says that the agent is there where they are', () => {
    expect(nextStep(AFTER_CONTACT, { others: [BACK] })).toBe('agent_present')
    expect(nextStep(deferred('contact_first', 'doc-a', STAYS))).toBe('agent_present')
  })
})

describe('in mode `observe`, since its check has begun,', () => {
  const mode = 'observe'

  test.each(['reload', 'other_ccp', 'contact_first'] as const)(
    'a close that was deferred (%s) is left undone',
    (reason) => {
      expect(nextStep(deferred(reason), { mode, record: { check: check() } })).toBe('forbidden')
    },
  )

  test('an attempt that is under way is waited for', () => {
    expect(nextStep(AFTER_CONTACT, { mode, record: { check: check({ isAsking: true }) } })).toBe('wait')
  })

  test('what the check has found stands', () => {
    const end = { at: SETTLED + 1_000, confirmed: true, by: 'set' } as const
    expect(nextStep(AFTER_CONTACT, { mode, record: { check: check({ end }) } })).toBeNull()
  })

  test('nothing is left undone where no check had begun', () => {
    expect(nextStep(AFTER_CONTACT, { mode })).toBeNull()
  })

  test('nothing is left undone where the settings say that nothing is needed', () => {
    expect(nextStep(AFTER_CONTACT, { mode: 'off', record: { check: check() } })).toBeNull()
  })
})

test('a close that its page has tried is checked where a later one acts for the agent', () => {
  const refused = goneCcp('doc-a', { closing: reported(), result: answered(false) })
  expect(nextStep(refused, { others: [LATER] })).toBe('check')
})
