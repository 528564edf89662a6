/** What the documents of a close show, taken together. */
import { hasOwnCookies, leadOf, stateBefore } from '../../../../src/domain/closes/close-facts'
import { facts, T0 } from '../build'
import { closeOf, goneCcp, IN_PRIVATE_WINDOW, nextStep, reported } from './made'

describe('the background has the cookies of a CCP', () => {
  test.each([
    ['in an ordinary window', goneCcp('doc-a')],
    ['whose window is unknown', goneCcp('doc-a', { place: null })],
  ])('%s', (_, doc) => {
    expect(hasOwnCookies(closeOf([doc]))).toBe(true)
  })

  test('only if it has those of each document', () => {
    const isPrivate = goneCcp('doc-b', { place: IN_PRIVATE_WINDOW })
    expect(hasOwnCookies(closeOf([isPrivate]))).toBe(false)
    expect(hasOwnCookies(closeOf([goneCcp('doc-a'), isPrivate]))).toBe(false)
  })
})

describe('the document that stands for a close', () => {
  const FROZEN = goneCcp('doc-a', { agent: facts('not_routable'), agentAt: T0 + 10 })
  const CURRENT = goneCcp('doc-b', { agent: facts('routable'), agentAt: T0 + 900 })

  test.each([[[FROZEN, CURRENT] as const], [[CURRENT, FROZEN] as const]])(
    'is the one that knew the agent last, where no page has reported anything',
    (documents) => {
      expect(leadOf({ documents }).docId).toBe('doc-b')
      expect(stateBefore(closeOf(documents))?.type).toBe('routable')
      expect(nextStep(documents)).toBe('check')
    },
  )

  test('is the first that has acted', () => {
    const left = { ...FROZEN, closing: reported({ did: { action: 'left', reason: 'other_ccp' } }) }
    const acted = { ...CURRENT, closing: reported() }
    expect(leadOf({ documents: [left, acted] }).docId).toBe('doc-b')
    expect(leadOf({ documents: [acted, { ...CURRENT, docId: 'doc-c', closing: reported() }] }).docId).toBe('doc-b')
  })

  test('is the first of all where pages have reported, and none has acted', () => {
    const left = { ...FROZEN, closing: reported({ did: { action: 'left', reason: 'other_ccp' } }) }
    expect(leadOf({ documents: [left, CURRENT] }).docId).toBe('doc-a')
  })
})
