import './hooks'
import type { CloseResult } from '../../../src/domain/close-report'
import { readError, setOffline } from '../../../src/page/set-offline'
import type { InsecureAgent } from '../../../src/page/streams'

const OFFLINE = { type: 'offline' }

/** An agent whose calls are answered in turn: `null` is a success. */
function run(answers: readonly unknown[], enqueue = true): { calls: unknown[][]; results: CloseResult[] } {
  const calls: unknown[][] = []
  const results: CloseResult[] = []
  const agent = {
    setState: (...args: Parameters<InsecureAgent['setState']>) => {
      const answer = answers[calls.length]
      calls.push([args[0], ...args.slice(2)])
      if (answer === null) args[1].success()
      else if (answer !== undefined) args[1].failure(answer)
    },
  } as unknown as InsecureAgent
  setOffline(agent, OFFLINE, enqueue, (result) => results.push(result))
  return { calls, results }
}

test('the state is requested with enqueueNextState, with the page’s own object', () => {
  const { calls, results } = run([null])
  expect(calls).toEqual([[OFFLINE, { enqueueNextState: true }]])
  expect(calls[0]?.[0]).toBe(OFFLINE)
  expect(results).toEqual([{ ok: true }])
})

test('enqueueNextState is omitted for an instance that refused it before', () => {
  expect(run([null], false).calls).toEqual([[OFFLINE]])
})

test.each([
  ['an object', { type: 'UnexpectedParameter', message: 'Unexpected key enqueueNextState' }],
  ['JSON text', JSON.stringify({ code: 'UnexpectedParameter', message: 'Unexpected key' })],
  ['plain text', 'UnexpectedParameter: Unexpected key'],
  ['an Error', Object.assign(new Error('Unexpected key'), { name: 'UnexpectedParameter' })],
])('a refusal that comes as %s leads to a second request without enqueueNextState', (_what, error) => {
  const { calls, results } = run([error, null])
  expect(calls).toEqual([[OFFLINE, { enqueueNextState: true }], [OFFLINE]])
  expect(results).toMatchObject([{ ok: false }, { ok: true }])
})

test('a second refusal is not retried', () => {
  const refusal = { type: 'UnexpectedParameter', message: '' }
  expect(run([refusal, refusal, null]).calls).toHaveLength(2)
})

test.each([
  { type: 'InvalidStateException', message: 'on a contact' },
  'ThrottlingException',
  { message: 'timeout' },
  null,
])('any other error (%p) is not retried', (error) => {
  const { calls } = run([error ?? {}, null])
  expect(calls).toHaveLength(1)
})

test('an error that Streams throws before sending anything is rethrown', () => {
  const agent = {
    setState: () => {
      throw new Error('no client')
    },
  } as unknown as InsecureAgent
  expect(() => setOffline(agent, OFFLINE, true, () => undefined)).toThrow('no client')
})

test('errors of any shape are read, and cut to a maximum length', () => {
  expect(readError(undefined)).toEqual({ type: 'UnknownError', message: '' })
  expect(readError('nope')).toEqual({ type: 'UnknownError', message: 'nope' })
  expect(readError('{"type":"X","message":"y"}')).toEqual({ type: 'X', message: 'y' })
  expect(readError('null')).toEqual({ type: 'UnknownError', message: '' })
  expect(readError({ type: 7, code: '', name: 'N', message: {} })).toEqual({ type: 'N', message: '' })
  expect(readError({ type: 'T'.repeat(3_000), message: 'm'.repeat(3_000) }).message).toHaveLength(1_024)
})
