import type { CcpEvent, DocumentEvent } from '../../../../src/domain/closes/events'
import { strayMark } from '../../../../src/domain/closes/recovery'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { header, INSTANCE, RUN, T0 } from '../build'

const HELLO: DocumentEvent = { type: 'hello', recovers: 'mark-1' }
const TOP = { tabId: 7, frameId: 0, ownCookies: true }

function said(docEvent: DocumentEvent, place: typeof TOP | null = TOP): Extract<CcpEvent, { type: 'document' }> {
  return { type: 'document', at: T0, seq: 1, runId: RUN, header: header('doc-a'), place, docEvent }
}

function recoveringIn(tabId: number | null): CloseState {
  const url = `https://${INSTANCE}/ccp-v2/`
  const recovery = { closeId: 'c1', instance: INSTANCE, url, runId: RUN, startedAt: T0, tabId }
  return { ...EMPTY_CLOSE_STATE, recovery }
}

describe('the mark of a tab that was opened as a recovery CCP', () => {
  test('is stray if no recovery CCP is known, or another tab is the recovery CCP', () => {
    expect(strayMark(said(HELLO), EMPTY_CLOSE_STATE)).toBe('mark-1')
    expect(strayMark(said(HELLO), recoveringIn(8))).toBe('mark-1')
    expect(strayMark(said(HELLO), recoveringIn(null))).toBe('mark-1')
  })

  test('is not stray in the tab of the recovery CCP itself', () => {
    expect(strayMark(said(HELLO), recoveringIn(7))).toBeNull()
  })

  test('is ignored in a frame, which cannot speak for its tab, and without a known tab', () => {
    expect(strayMark(said(HELLO, { ...TOP, frameId: 3 }), EMPTY_CLOSE_STATE)).toBeNull()
    expect(strayMark(said(HELLO, null), EMPTY_CLOSE_STATE)).toBeNull()
  })

  test('is read from a hello only', () => {
    expect(strayMark(said({ type: 'hello' }), EMPTY_CLOSE_STATE)).toBeNull()
    expect(strayMark(said({ type: 'gone' }), EMPTY_CLOSE_STATE)).toBeNull()
  })
})
