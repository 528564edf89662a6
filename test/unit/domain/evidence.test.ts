import * as fc from 'fast-check'
import type { AgentState } from '../../../src/domain/agent'
import type { ApiResponse } from '../../../src/domain/evidence'
import { isAccepted, offlineEvidence, readApiAnswer } from '../../../src/domain/evidence'
import { PROPERTY_MS } from '../../property-time'
import { state } from './build'

jest.setTimeout(PROPERTY_MS)

const AWS = 'application/x-amz-json-1.0'
const response = (status: number, text: string, contentType: string | null = AWS): ApiResponse => ({
  status,
  contentType,
  text,
})

test.each([
  ['an empty object', response(200, '{}')],
  ['an empty object as plain JSON', response(200, ' {} ', 'application/json; charset=utf-8')],
  ['an empty body', response(200, '')],
  ['an empty body without a type', response(200, '', null)],
])('%s is accepted', (_what, one) => {
  expect(isAccepted(readApiAnswer(one))).toBe(true)
})

test.each([
  ['an error in a field', response(200, '{"error":"denied"}')],
  ['a message', response(200, '{"message":"Forbidden"}')],
  ['a list', response(200, '[]')],
  ['null', response(200, 'null')],
  ['a sign-in page', response(200, '<html></html>', 'text/html')],
  ['an empty page', response(200, '', 'text/html')],
  ['an object as HTML', response(200, '{}', 'text/html')],
  ['an object without a type', response(200, '{}', null)],
  ['broken JSON', response(200, '{')],
  ['an error of Connect under status 200', response(200, '{"__type":"InvalidStateException"}')],
  ['no content', response(204, '')],
  ['another success', response(202, '{}')],
])('%s is not accepted', (_what, one) => {
  expect(isAccepted(readApiAnswer(one))).toBe(false)
})

test('an error of Connect is recognized by its name; other errors are not answers', () => {
  const own = response(400, '{"__type":"com.amazon#InvalidStateException","message":"on a contact"}')
  const error = { type: 'InvalidStateException', message: 'on a contact' }
  expect(readApiAnswer(own)).toEqual({ is: 'error', status: 400, error })
  for (const [status, text, type] of [
    [403, '<h1>Forbidden</h1>', 'text/html'],
    [403, '{"message":"Forbidden"}', 'application/json'],
    [407, '', null],
    [404, 'Not found', 'text/plain'],
    [403, '{"__type":7}', AWS],
    [401, '{"__proto__":{"__type":"X"}}', AWS],
  ] as const) {
    expect(readApiAnswer(response(status, text, type)).is).toBe('no_answer')
  }
})

test('reading never throws, and only an empty JSON answer is accepted, whatever the response', () => {
  const texts = fc.oneof(fc.string(), fc.json(), fc.constantFrom('{}', '', '{"__type":"X"}'))
  const types = fc.constantFrom(
    null,
    '',
    AWS,
    'application/json',
    'text/html',
    'application/jsonp',
    'text/x-amz-json-1.0',
  )
  fc.assert(
    fc.property(fc.constantFrom(0, 200, 204, 301, 400, 401, 403, 500), types, texts, (status, contentType, text) => {
      const answer = readApiAnswer({ status, contentType, text })
      if (!isAccepted(answer)) return
      expect(status).toBe(200)
      expect(['', '{}']).toContain(text.trim().replace(/\s/g, ''))
    }),
    { numRuns: 5_000 },
  )
})

const at = (one: AgentState, startTimestamp: number | null): AgentState => ({ ...one, startTimestamp })
const EIGHT = 1_700_000_000_000
const HOUR = 3_600_000

test.each([
  ['Offline since after the close', at(state('offline'), EIGHT + HOUR), 'confirmed'],
  ['Offline since before the closed period', at(state('offline'), EIGHT - HOUR), 'stale'],
  ['Offline since an unknown time', at(state('offline'), null), 'stale'],
  ['Available', at(state('routable'), EIGHT), 'not_offline'],
])('an agent who closed while Available since 8:00, shown %s', (_what, shown, evidence) => {
  expect(offlineEvidence(at(state('routable'), EIGHT), shown)).toBe(evidence)
})

test('a close without a start time accepts any Offline snapshot as its own', () => {
  expect(offlineEvidence(at(state('routable'), null), at(state('offline'), EIGHT))).toBe('confirmed')
})

test('an Offline that starts half a second after the closed period is not stale', () => {
  // Starts are up to a second off: an Offline at .9 may be reported earlier than an Available at .4 of the same
  // second.
  expect(offlineEvidence(at(state('routable'), EIGHT + 950), at(state('offline'), EIGHT + 100))).toBe('confirmed')
})
