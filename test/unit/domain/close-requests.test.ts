import { closeRequestsOf } from '../../../src/domain/close-requests'
import type { LogEntry } from '../../../src/domain/log-entry'
import { sampleEntry } from '../ui/samples'
import { closing, EventPlayer, failed, header, state } from './build'

const COLD = {
  action: 'attempted',
  target: state('offline'),
  direct: 'keepalive',
  mayQueue: false,
  connection: 'cold',
} as const

const closed = (detail: string, over: Partial<LogEntry> = {}): LogEntry =>
  sampleEntry({ timeline: [{ at: 1, event: 'closing', detail }], ...over })

test('closes that have sent nothing are not counted', () => {
  expect(closeRequestsOf([closed('left, other_ccp'), closed('none'), sampleEntry({ timeline: [] })])).toEqual({
    closes: 0,
    cold: 0,
    refused: 0,
  })
})

test('those that needed a new connection, and those that the browser has refused, are counted apart', () => {
  const entries = [
    closed('attempted, keepalive'),
    closed('attempted, keepalive, cold connection'),
    closed('attempted, sync', { error: { type: 'RequestNotSent', message: '' } }),
    closed('attempted, keepalive, cold connection', {
      timeline: [
        { at: 1, event: 'closing', detail: 'attempted, keepalive, cold connection' },
        { at: 2, event: 'call_failed', detail: 'RequestNotSent' },
        { at: 3, event: 'call_succeeded' },
      ],
    }),
  ]
  expect(closeRequestsOf(entries)).toEqual({ closes: 4, cold: 2, refused: 2 })
})

test('entries say it in the words that are looked for', () => {
  const player = new EventPlayer()
  player.open(header('doc-a'))
  player.send(1_000, header('doc-a'), closing('c1', { did: COLD }))
  player.send(1_010, header('doc-a'), failed('c1', 'RequestNotSent'))
  player.send(1_020, header('doc-a'), { type: 'gone' })
  player.tabRemoved(1_030)
  for (const at of [4_000, 60_000, 50_000_000, 90_000_000]) player.tick(at)
  for (let at = 100_000_000; player.entries.length === 0 && at < 200_000_000; at += 1_000_000) {
    player.verified(at, 'c1', { kind: 'ended', reason: 'refused' })
  }
  expect(closeRequestsOf(player.entries)).toEqual({ closes: 1, cold: 1, refused: 1 })
})
