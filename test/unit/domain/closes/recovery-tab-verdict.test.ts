import type { Whereabouts } from '../../../../src/domain/closes/recovery-tab-verdict'
import { judgeRecoveryTab } from '../../../../src/domain/closes/recovery-tab-verdict'

const FIRST = { elsewhere: 0, isSent: false }
const SENT = { elsewhere: 0, isSent: true }

test('the CCP is loaded once, in a tab that waits for it', () => {
  expect(judgeRecoveryTab('waiting', FIRST)).toEqual({ next: 'send', elsewhere: 0 })
  expect(judgeRecoveryTab('waiting', SENT)).toEqual({ next: 'look_again', elsewhere: 0 })
})

test.each<Whereabouts>(['ccp', 'loading'])('a tab that shows "%s" is checked again', (shows) => {
  expect(judgeRecoveryTab(shows, SENT)).toEqual({ next: 'look_again', elsewhere: 0 })
})

test('a tab that is gone ends the recovery', () => {
  expect(judgeRecoveryTab('gone', { elsewhere: 1, isSent: true })).toEqual({ next: 'gone', elsewhere: 0 })
})

test('another page means that the agent is signed out, but only if two checks in a row show it', () => {
  expect(judgeRecoveryTab('elsewhere', SENT)).toEqual({ next: 'look_again', elsewhere: 1 })
  expect(judgeRecoveryTab('elsewhere', { ...SENT, elsewhere: 1 })).toEqual({ next: 'signed_out', elsewhere: 2 })
  expect(judgeRecoveryTab('loading', { ...SENT, elsewhere: 1 })).toEqual({ next: 'look_again', elsewhere: 0 })
})
