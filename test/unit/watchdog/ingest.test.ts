import { createHash } from 'node:crypto'
import { canarySecret, takeHeartbeat } from '../../../watchdog/src/ingest'
import type { HttpRequest } from '../../../watchdog/src/ingest'
import { MemoryTable } from '../../watchdog/memory-table'
import { heartbeat, T0 } from './build'

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

function post(body: unknown, values: Partial<HttpRequest> = {}, table = new MemoryTable(), now = T0) {
  const parts = { table, secretHashes: [hashOf('old'), hashOf('new')], instance: 'acme', now: () => now }
  const headers = { authorization: 'Bearer old', origin: 'chrome-extension://abc' }
  return takeHeartbeat(parts, { method: 'POST', headers, body: JSON.stringify(body), ...values })
}

it('accepts a heartbeat with either secret, and with no other', async () => {
  const by = async (authorization: string) => (await post(heartbeat(), { headers: { authorization } })).statusCode
  expect(await Promise.all(['Bearer old', 'Bearer new', 'Bearer else', 'old', ''].map(by))).toEqual([
    200, 200, 401, 401, 401,
  ])
})

it.each([
  [{ ...heartbeat(), version: 2 }, 400],
  [{ ...heartbeat(), agent: 'alice' }, 400],
  [{ ...heartbeat(), agent: 'n:alice|case' }, 400],
  [{ ...heartbeat(), seq: 0.5 }, 400],
  [null, 400],
  [heartbeat({ instance: 'other.my.connect.aws' }), 422],
  [{ ...heartbeat(), more: 'x'.repeat(5_000) }, 413],
])('refuses what is not a heartbeat for it (%#)', async (body, status) => {
  const table = new MemoryTable()
  expect((await post(body, {}, table)).statusCode).toBe(status)
  expect((await table.all(T0)).machines).toEqual([])
})

it('answers the preflight of both extensions, and of no other origin', async () => {
  const origin = async (from: string, method: string) =>
    (await post(heartbeat(), { method, headers: { origin: from, authorization: 'Bearer old' } })).headers[
      'access-control-allow-origin'
    ]
  for (const method of ['OPTIONS', 'POST']) {
    expect(await origin('chrome-extension://abc', method)).toBe('chrome-extension://abc')
    expect(await origin('moz-extension://1-2-3', method)).toBe('moz-extension://1-2-3')
    expect(await origin('https://example.com', method)).toBeUndefined()
  }
})

it('accepts its own canary, and stores nothing of it', async () => {
  const table = new MemoryTable()
  const headers = { authorization: `Bearer ${canarySecret(hashOf('old'))}` }
  expect((await post({}, { headers }, table)).statusCode).toBe(200)
  expect((await table.all(T0)).machines).toEqual([])
})

it('reports an act to the returning agent, on the same machine and on another, for a day', async () => {
  const table = new MemoryTable()
  const act = { id: 'a', at: T0, since: T0 - 95_000, reason: 'silent', isConfirmed: true } as const
  await post(heartbeat(), {}, table)
  await table.noteAct('n:alice', act)
  const told = async (values: Parameters<typeof heartbeat>[0], now: number) =>
    JSON.parse((await post(heartbeat(values), {}, table, now)).body) as unknown
  expect(await told({ seq: 2 }, T0 + 1_000)).toEqual({ now: T0 + 1_000, act })
  expect(await told({ machine: 'machine-b' }, T0 + 2_000)).toEqual({ now: T0 + 2_000, act })
  expect(await told({ agent: 'n:bob' }, T0 + 2_000)).toEqual({ now: T0 + 2_000, act: null })
  expect(await told({ seq: 3 }, T0 + 24 * 3_600_000)).toMatchObject({ act: null })
})
