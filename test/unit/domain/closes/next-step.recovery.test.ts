/**
 * Which closes are offered a recovery CCP: the same rule after the check has ended and while the instance still
 * refuses it.
 */
import { SETTLE_MS } from '../../../../src/domain/closes/agent-presence'
import { closing, EventPlayer, failed, header, succeeded, T0 } from '../build'
import type { DocumentEvent } from '../../../../src/domain/closes/events'
import type { Finding } from '../../../../src/domain/verification'
import { HELP_AFTER_MS } from '../../../../src/domain/verification'

const A = header('doc-a')
const GONE = 1_200
const DENIED: Finding = { kind: 'denied', reason: 'refused', by: 'forbidden', times: 1 }
const ENDED: Finding = { kind: 'ended', reason: 'refused' }

/** The recovery of a close, given its page's answer and its check's finding. */
function recoveryAfter(answer: DocumentEvent, finding: Finding, times: number) {
  const player = new EventPlayer('act')
  player.open(A)
  player.send(1_000, A, closing('c1'))
  player.send(1_100, A, answer)
  player.send(GONE, A, { type: 'gone' })
  player.tick(GONE + SETTLE_MS)
  for (let nth = 0; nth < times; nth += 1) {
    const at = GONE + SETTLE_MS + 1 + nth * HELP_AFTER_MS
    const closeId = Object.keys(player.state.closes)[0] ?? ''
    player.dispatch({ type: 'asking', at: T0 + at, closeId })
    player.dispatch({ type: 'verified', at: T0 + at, closeId, finding, jitter: 0.5, roundTripMs: null })
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
