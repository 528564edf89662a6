import { mayFollow, nextCallAt } from '../../../../src/domain/field-check/call-pace'
import type { CallRecord } from '../../../../src/domain/field-check/observations'

const call = (by: CallRecord['by'], what: CallRecord['for'], status: number, at = 0): CallRecord => ({
  by,
  for: what,
  token: 1,
  at,
  status,
  error: null,
  tookMs: 5,
})

it('a call may start a second after the start of the previous one, even if their callers differ', () => {
  expect(nextCallAt([])).toBe(0)
  expect(nextCallAt([call('page', 'look', 200, 500), call('background', 'who', 200, 300)])).toBe(1_500)
})

it('after a 403, only calls that succeeded the last time may follow', () => {
  const calls = [call('page', 'token', 200), call('page', 'who', 403)]
  expect(mayFollow(calls, { by: 'page', for: 'who' })).toBe(false)
  expect(mayFollow(calls, { by: 'background', for: 'token' })).toBe(false)
  expect(mayFollow(calls, { by: 'page', for: 'token' })).toBe(true)
  expect(mayFollow([...calls, call('page', 'token', 200)], { by: 'page', for: 'who' })).toBe(true)
  expect(mayFollow([call('page', 'who', 401)], { by: 'page', for: 'who' })).toBe(true)
})
