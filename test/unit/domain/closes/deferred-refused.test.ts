/** A close that its page has left to a reload or another CCP, which did not come, at an instance that refuses the background. */
import { SETTLE_MS } from '../../../../src/domain/closes/agent-presence'
import type { Finding } from '../../../../src/domain/check'
import { HELP_AFTER_MS } from '../../../../src/domain/check'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { closing, EventPlayer, header, RUN, T0 } from '../build'

const A = header('doc-a')
const DENIED: Finding = { kind: 'denied', reason: 'refused', by: 'forbidden', times: 1 }
const CHECK_AT = 40_000
const FLAGGED_AT = CHECK_AT + 2 * HELP_AFTER_MS

/** Plays such a close until its agent is flagged and offered a CCP. */
function flagged(reason: 'reload' | 'other_ccp'): { player: EventPlayer; closeId: string } {
  const player = new EventPlayer('act')
  player.open(A)
  player.send(1_000, A, closing('c1', { did: { action: 'left', reason } }))
  player.send(1_200, A, { type: 'gone' })
  player.tabRemoved(1_250)
  player.tick(1_200 + SETTLE_MS)
  player.tick(CHECK_AT)
  const [closeId = ''] = Object.keys(player.state.closes)
  for (let at = CHECK_AT; at <= FLAGGED_AT; at += HELP_AFTER_MS) {
    player.dispatch({ type: 'asking', at: T0 + at, closeId })
    player.verified(at, closeId, DENIED)
    player.tick(at)
  }
  return { player, closeId }
}

describe.each(['reload', 'other_ccp'] as const)('a close that was left to `%s`', (reason) => {
  test('is flagged as unconfirmed while the instance refuses the background', () => {
    expect(flagsOf(flagged(reason).player.state)).toMatchObject([{ why: 'close', outcome: 'unconfirmed' }])
  })

  test('is unconfirmed, and its agent still flagged, after a recovery CCP that has not set them Offline', () => {
    const { player, closeId } = flagged(reason)
    player.dispatch({ type: 'recovery_wanted', at: T0 + FLAGGED_AT, closeId })
    player.dispatch({ type: 'recovery_opening', at: T0 + FLAGGED_AT, closeId, runId: RUN })
    player.dispatch({ type: 'recovery_failed', at: T0 + FLAGGED_AT + 5_000, closeId, reason: 'no_answer' })
    player.tick(FLAGGED_AT + 5_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed', reason: 'no_answer' }])
    expect(flagsOf(player.state)).toMatchObject([{ closeId, outcome: 'unconfirmed' }])
  })
})
