/** @jest-environment jsdom */
import { bodyOf, READING } from './answers'
import './hooks'
import type * as Module from '../../../src/page/token-renewal'
import type { Access } from '../../../src/page/api-call'
import { facts } from '../domain/build'

const NOW = Date.parse('2026-01-05T09:00:00Z')
const LATER = '2026-01-05T10:00:00Z'
let asked: { url: string; init: RequestInit }[]
/** What the instance answers, one after the other. */
let answers: (object | null)[]
let access: Access | null
let tokens: [string, number][]
let renewal: Module.TokenRenewal

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
}
const look = (): Promise<void> => {
  renewal.look()
  return settle()
}

beforeEach(() => {
  jest.useFakeTimers({ now: NOW, doNotFake: ['queueMicrotask'] })
  asked = []
  tokens = []
  answers = [{ accessToken: 'new', expiration: LATER }, { configuration: { username: 'ada' } }]
  access = { url: 'http://localhost/api', token: 'old', expiresAt: NOW + 60_000 }
  const fetch = (url: string, init: RequestInit): Promise<object> => {
    const answer = answers[asked.length]
    asked.push({ url, init })
    if (answer === undefined) return Promise.reject(new TypeError('Failed to fetch'))
    return Promise.resolve({ ok: answer !== null, body: bodyOf(JSON.stringify(answer)) })
  }
  Object.assign(window, { fetch, ...READING })
  jest.isolateModules(() => {
    const { TokenRenewal } = jest.requireActual<typeof Module>('../../../src/page/token-renewal')
    renewal = new TokenRenewal({
      facts: () => facts(),
      access: () => access,
      onToken: ({ token, expiresAt }) => tokens.push([token, expiresAt]),
    })
  })
})

test('asks the page’s own origin for another token, and follows nobody elsewhere', async () => {
  await look()
  expect(tokens).toEqual([['new', Date.parse(LATER)]])
  expect(asked[0]).toEqual({
    url: 'http://localhost/auth/authorize',
    init: { credentials: 'same-origin', redirect: 'error', cache: 'no-store' },
  })
  expect(asked[1]?.init.headers).toMatchObject({ 'X-Amz-Bearer': 'new' })
})

test.each([
  ['none was ever seen', null],
  ['it is good for a while', 10 * 60_000],
])('asks for none where %s', async (_why, left) => {
  access = left === null ? null : { url: 'http://localhost/api', token: 'old', expiresAt: NOW + left }
  await look()
  expect(asked).toEqual([])
})

test('takes no token of somebody else who has signed in since', async () => {
  answers[1] = { configuration: { username: 'bob' } }
  await look()
  expect(tokens).toEqual([])
})

test.each([
  ['is refused', null],
  ['is no token', { accessToken: '', expiration: LATER }],
  ['does not come', undefined],
])('takes nothing where the answer %s', async (_what, answer) => {
  answers = answer === undefined ? [] : [answer, { configuration: { username: 'ada' } }]
  await look()
  expect(tokens).toEqual([])
  expect(asked).toHaveLength(1)
})

test.each([
  ['ms', Date.parse(LATER), Date.parse(LATER)],
  ['nothing', undefined, Infinity],
  ['null', null, Infinity],
  ['a time that is over by the clock of this machine', NOW - 1, Infinity],
])('a token whose end is told as %s is good until then', async (_what, expiration, expiresAt) => {
  answers[0] = { accessToken: 'new', ...(expiration !== undefined && { expiration }) }
  await look()
  expect(tokens).toEqual([['new', expiresAt]])
})

test('asks every 5 minutes at most, whatever was answered', async () => {
  answers = [null, null]
  await look()
  jest.advanceTimersByTime(5 * 60_000 - 1)
  await look()
  expect(asked).toHaveLength(1)
  jest.advanceTimersByTime(1)
  await look()
  expect(asked).toHaveLength(2)
})
