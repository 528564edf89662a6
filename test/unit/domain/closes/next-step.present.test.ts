/** Closes whose agent is there: their page stays, or they have another CCP. */
import type { CcpDocument } from '../../../../src/domain/closes/ccp-document'
import type { PendingClose } from '../../../../src/domain/closes/closes'
import { facts } from '../build'
import {
  answered,
  AT_TAB_2,
  ccp,
  check,
  GONE,
  goneCcp,
  nextStep,
  recovery,
  REFUSED,
  REPORTED,
  reported,
  SETTLED,
} from './made'

/** A page has shown the agent Offline. */
const SEEN: Partial<PendingClose> = { seenOffline: { 'doc-a': GONE } }
const TRIED = goneCcp('doc-a', { closing: reported() })
const ACCEPTED = { ...TRIED, result: answered(true) }
const SILENT = goneCcp('doc-a')

describe('where the agent has a CCP that was opened afterwards', () => {
  const others = [ccp('doc-b', { place: AT_TAB_2, openedAt: SETTLED })]

  test.each([
    ['was tried', TRIED],
    ['was accepted, and seen by no page', ACCEPTED],
    ['has no report', SILENT],
  ])('a close that %s is left to them', (_, doc) => {
    expect(nextStep(doc, { others })).toBe('agent_present')
  })

  test.each<[string, PendingClose['documents'], Partial<PendingClose>]>([
    ['a close', [TRIED], {}],
    ['a close that went on to another page', [{ ...TRIED, successor: 'navigation' }], {}],
    ['a close of which a look is under way', [TRIED], { check: check({ isLook: true }) }],
    [
      'a close of which a look is under way beside an offered CCP',
      [TRIED],
      { check: check({ isLook: true }), recovery: recovery() },
    ],
  ])('%s that a page has seen is looked at', (_, documents, record) => {
    expect(nextStep(documents, { others, record: { ...SEEN, ...record } })).toBe('look')
  })

  test.each<[string, PendingClose['documents'], Parameters<typeof nextStep>[1]]>([
    ['was a reload', [{ ...TRIED, successor: 'reload' }], {}],
    ['was a reload of one document', [TRIED, { ...goneCcp('doc-c'), successor: 'reload' }], {}],
    ['is being checked already', [TRIED], { record: { check: check() } }],
    ['has been looked at in vain', [TRIED], { record: { check: check({ isLook: true, end: REFUSED }) } }],
    ['was offered a CCP before the background could ask', [TRIED], { record: { recovery: recovery() } }],
    ['may not be asked about', [TRIED], { mayAsk: false }],
  ])('a close that a page has seen, and that %s, is left to them', (_, documents, { record = {}, ...rest } = {}) => {
    expect(nextStep(documents, { others, record: { ...SEEN, ...record }, ...rest })).toBe('agent_present')
  })
})

describe('where the agent had another CCP at the close', () => {
  const OTHER = ccp('doc-b', { place: AT_TAB_2, openedAt: GONE })
  const OPENED_SINCE = ccp('doc-c', { place: { ...AT_TAB_2, tabId: 3 }, openedAt: GONE + 1 })

  test.each<[string, CcpDocument]>([
    ['without a report', SILENT],
    ['whose window is unknown', { ...SILENT, place: null }],
    [
      'that ended before the settings had come',
      goneCcp('doc-a', { closing: reported({ did: { action: 'cannot', reason: 'not_configured' } }, GONE) }),
    ],
  ])('a close %s needs nothing', (_, doc) => {
    expect(nextStep(doc, { others: [OTHER] })).toBe('other_ccp')
  })

  test('a close needs nothing wherever the other one is', () => {
    expect(nextStep(SILENT, { others: [{ ...OTHER, place: null }] })).toBe('other_ccp')
    expect(nextStep(SILENT, { others: [OPENED_SINCE, OTHER] })).toBe('other_ccp')
  })

  test('a close is left to them where one of its documents has tried', () => {
    expect(nextStep([SILENT, { ...TRIED, docId: 'doc-d' }], { others: [OTHER] })).toBe('agent_present')
  })

  test.each<[string, readonly CcpDocument[]]>([
    ['was opened since', [OPENED_SINCE]],
    ['was in the same tab', [{ ...OTHER, place: SILENT.place }]],
    ['goes too', [OPENED_SINCE, { ...OTHER, closing: reported() }]],
    ['is another agent’s', [OPENED_SINCE, { ...OTHER, agent: facts('routable', { username: 'bob' }) }]],
  ])('a close is left to them where the other one %s', (_, others) => {
    expect(nextStep(SILENT, { others })).toBe('agent_present')
  })
})

describe('a page that stays', () => {
  const stays = (event: 'beforeunload' | 'logout', docId = 'doc-a'): CcpDocument =>
    ccp(docId, { closing: reported({ event }), stayedAt: GONE })

  test('is looked at where it has seen Offline, and restores nothing', () => {
    expect(nextStep(stays('logout'), { record: SEEN })).toBe('look')
  })

  test.each<[string, PendingClose['documents'], Parameters<typeof nextStep>[1]]>([
    ['has not seen Offline', [stays('logout')], {}],
    ['has not seen the Offline that was accepted', [{ ...stays('logout'), result: answered(true) }], {}],
    ['restores the status', [stays('beforeunload')], { record: SEEN }],
    [
      'restores the status in one of its documents',
      [stays('logout'), stays('beforeunload', 'doc-b')],
      { record: SEEN },
    ],
    ['has seen Offline, and may not be asked about', [stays('logout')], { record: SEEN, mayAsk: false }],
    ['stays in one of its documents', [TRIED, stays('logout', 'doc-b')], {}],
  ])('is left to the agent where it %s', (_, documents, circumstances) => {
    expect(nextStep(documents, circumstances)).toBe('agent_present')
  })
})

describe('Offline while the CCP stays open', () => {
  const asked = ccp('doc-a', { closing: reported({ event: 'asked' }), stayedAt: REPORTED + 500 })
  const accepted = { ...asked, result: answered(true) }

  test('is looked at where Connect has accepted it', () => {
    expect(nextStep(accepted)).toBe('look')
  })

  test('is not looked at where the settings let the background ask nothing', () => {
    expect(nextStep(accepted, { mayAsk: false })).toBe('forbidden')
  })

  test('is over where the instance has refused the look', () => {
    expect(nextStep(accepted, { record: { check: check({ isLook: true, end: REFUSED }) } })).toBeNull()
  })

  test.each([
    ['has received no answer', asked],
    ['was refused', { ...asked, result: answered(false) }],
  ])('is over where it %s', (_, doc) => {
    expect(nextStep(doc)).toBeNull()
  })
})
