import { postHeartbeat } from '../../../../src/background/watchdog/post-heartbeat'
import type { Heartbeat } from '../../../../src/protocol/heartbeat'

test('an endless answer of a watchdog counts as unanswered, and is not read further', async () => {
  let pulled = 0
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1
      controller.enqueue(new Uint8Array(256 * 1024))
    },
  })
  jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(endless, { status: 200 }))
  const heartbeat = {} as Heartbeat
  const verdict = await postHeartbeat({ endpoint: 'https://w.example/', secret: 's' }, heartbeat)
  expect(verdict).toEqual({ is: 'failed', problem: 'no_answer', status: 200 })
  expect(pulled).toBeLessThan(10)
})
