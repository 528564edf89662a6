/** @jest-environment jsdom */
import { bodyOf, READING } from './answers'
import './hooks'
import type * as Module from '../../../src/page/token-renewal'
import type { Access } from '../../../src/page/api-call'
import { facts } from '../domain/build'

const NOW = Date.parse('2026-01-05T09:00:00Z')
const LATER = '2026-01-05T10:00:00Z'
let asked: { url: string; init: RequestInit }[]
/** The instance's answers, in turn. */
let answers: (object | null)[]
let contentType: string | null
let access: Access | null
let tokens: [string, number][]
let renewal: Module.TokenRenewal

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
}
const look = (): Promise<void> => {
  renewal.renewIfDue()
  return settle()
}

beforeEach(() => {
  jest.useFakeTimers({ now: NOW, doNotFake: ['queueMicrotask'] })
  asked = []
  tokens = []
  answers = [{ accessToken: 'new', expiration: LATER }, { configuration: { username: 'ada' } }]
  contentType = 'application/json'
  access = { url: 'http://localhost/api', token: 'old', expiresAt: NOW + 60_000 }
  const fetch = (url: string, init: RequestInit): Promise<object> => {
    const answer = answers[asked.length]
    asked.push({ url, init })
    if (answer === undefined) return Promise.reject(new TypeError('Failed to fetch'))
    const status = answer === null ? 403 : 200
    return Promise.resolve({
      status,
      headers: { get: () => contentType },
      body: bodyOf(JSON.stringify(answer)),
    })
  }
  Object.assign(window, { fetch, ...READING })
  jest.isolateModules(() => {
    const { TokenRenewal } = jest.requireActual<typeof Module>('../../../src/page/token-renewal')
    renewal = new TokenRenewal({
      username: () => facts().username,
      access: () => access,
      expiresAt: () => access?.expiresAt ?? 0,
      onToken: ({ token, expiresAt }) => tokens.push([token, expiresAt]),
    })
  })
})

test('asks the page’s own origin for a new token, and follows no redirect', async () => {
  await look()
  expect(tokens).toEqual([['new', Date.parse(LATER)]])
  expect(asked[0]).toEqual({
    url: 'http://localhost/auth/authorize',
    init: { credentials: 'same-origin', redirect: 'error', cache: 'no-store' },
  })
  expect(asked[1]?.init.headers).toMatchObject({ 'X-Amz-Bearer': 'new' })
})

test.each([
  ['no token was ever seen', null],
  ['the token is still valid for a while', 10 * 60_000],
])('asks for no token when %s', async (_why, left) => {
  access = left === null ? null : { url: 'http://localhost/api', token: 'old', expiresAt: NOW + left }
  await look()
  expect(asked).toEqual([])
})

test('does not accept a token of another user who has signed in since', async () => {
  answers[1] = { configuration: { username: 'bob' } }
  await look()
  expect(tokens).toEqual([])
})

test.each([
  ['is refused', null],
  ['is not a token', { accessToken: '', expiration: LATER }],
  ['does not come', undefined],
])('accepts nothing when the answer %s', async (_what, answer) => {
  answers = answer === undefined ? [] : [answer, { configuration: { username: 'ada' } }]
  await look()
  expect(tokens).toEqual([])
  expect(asked).toHaveLength(1)
})

test.each(['text/html', 'text/plain', null])('accepts nothing with the content type %p', async (type) => {
  contentType = type
  await look()
  expect(tokens).toEqual([])
  expect(asked).toHaveLength(1)
})

test('accepts no token out of an error', async () => {
  answers[0] = { __type: 'AccessDeniedException', accessToken: 'new', expiration: LATER }
  await look()
  expect(tokens).toEqual([])
  expect(asked).toHaveLength(1)
})

test.each([
  ['ms', Date.parse(LATER), Date.parse(LATER)],
  ['nothing', undefined, Infinity],
  ['null', null, Infinity],
  ['a time that has passed by this machine’s clock', NOW - 1, NOW - 1],
])('a token with the expiry %s has it by the service’s clock', async (_what, expiration, expiresAt) => {
  answers[0] = { accessToken: 'new', ...(expiration !== undefined && { expiration }) }
  await look()
  expect(tokens).toEqual([['new', expiresAt]])
})

test('asks at most every 5 minutes, whatever the answer', async () => {
  answers = [null, null]
  await look()
  jest.advanceTimersByTime(5 * 60_000 - 1)
  await look()
  expect(asked).toHaveLength(1)
  jest.advanceTimersByTime(1)
  await look()
  expect(asked).toHaveLength(2)
})
