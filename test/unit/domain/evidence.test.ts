import * as fc from 'fast-check'
import type { AgentState } from '../../../src/domain/agent'
import type { ApiResponse } from '../../../src/domain/evidence'
import { isAccepted, offlineEvidence, outcomeSeenBy, readApiAnswer } from '../../../src/domain/evidence'
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
  ['a body of white space', response(200, ' \n')],
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
  ['an empty body without a type', response(200, '', null)],
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

test.each([
  ['an answer longer than any of Connect’s', { status: 200, contentType: AWS, text: null }, 'longer than 1 MB'],
  ['a page', response(403, '{}', 'text/html'), 'text/html'],
  ['an answer with an empty type', response(403, '{}', ''), 'without a content type'],
  ['an answer without a type', response(403, '{}', null), 'without a content type'],
  ['broken JSON', response(200, '{'), 'broken JSON'],
  ['a list', response(200, '[]'), 'not an object'],
  ['a text', response(200, '"{}"'), 'not an object'],
  ['a proxy’s error', response(403, '{"message":"No"}'), "not Amazon Connect's own"],
  ['an error without a name', response(400, '{"__type":""}'), "not Amazon Connect's own"],
])('%s is reported as no answer, with the reason', (_what, one, why) => {
  const { status } = one
  expect(readApiAnswer(one)).toEqual({ is: 'no_answer', status, why: `HTTP ${status}, ${why}` })
})

test.each([
  ['application/x-amz-json-1', true],
  ['application/x-amz-json-1.1', true],
  ['application/x-amz-json-1.10', true],
  ['application/x-amz-json-10.0', true],
  [' application/json', true],
  ['application/json ; charset=utf-8', true],
  ['text/application/json', false],
  ['application/jsonp', false],
])('JSON under the type "%s" can be Connect’s: %p', (contentType, isRead) => {
  expect(isAccepted(readApiAnswer(response(200, '{}', contentType)))).toBe(isRead)
})

test('an error’s name and message are cut, and the message may be in a field of either name', () => {
  const long = 'x'.repeat(300)
  const body = { __type: `a#b#${long}`, Message: long }
  const error = { type: long.slice(0, 256), message: long.slice(0, 256) }
  expect(readApiAnswer(response(400, JSON.stringify(body)))).toEqual({ is: 'error', status: 400, error })
})

test('an error whose message is no text has none', () => {
  const error = { type: 'InvalidStateException', message: '' }
  const answer = readApiAnswer(response(400, '{"__type":"InvalidStateException","message":{"text":"No"}}'))
  expect(answer).toEqual({ is: 'error', status: 400, error })
})

test('only the background’s own look confirms a close', () => {
  expect([outcomeSeenBy('background'), outcomeSeenBy('page')]).toEqual(['confirmed', 'accepted'])
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

test('a close and a snapshot without start times decide nothing', () => {
  expect(offlineEvidence(at(state('routable'), null), at(state('offline'), null))).toBe('stale')
})

test('an Offline from before a period is stale also if only the availability says when that period began', () => {
  const closed: AgentState = { ...at(state('routable'), null), availability: { name: 'Available', since: EIGHT } }
  expect(offlineEvidence(closed, at(state('offline'), EIGHT - HOUR))).toBe('stale')
})

test('an Offline that starts half a second after the closed period is not stale', () => {
  // Starts are up to a second off: an Offline at .9 may be reported earlier than an Available at .4 of the same
  // second.
  expect(offlineEvidence(at(state('routable'), EIGHT + 950), at(state('offline'), EIGHT + 100))).toBe('confirmed')
})
