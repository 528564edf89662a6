/** The deployed table, on a local DynamoDB, and the one in memory are held to the same behaviour. */
import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb'
import * as fc from 'fast-check'
import type { Table } from '../../../watchdog/src/table'
import { CASE_KEPT_MS, HEARTBEAT_KEPT_MS } from '../../../watchdog/src/table'
import type { LocalDynamo } from '../../watchdog/local-dynamo'
import { startLocalDynamo } from '../../watchdog/local-dynamo'
import { PROPERTY_MS } from '../../property-time'
import { isFull } from '../fuzz/malform'
import { MemoryTable } from '../../watchdog/memory-table'
import { aCase, heartbeat, T0 } from './build'

jest.setTimeout(PROPERTY_MS)

let local: LocalDynamo
beforeAll(async () => {
  local = await startLocalDynamo()
})
afterAll(() => local.close())

describe('a table with unreadable items', () => {
  it.each([
    ['invalid JSON', { heartbeat: '{', heardAt: T0 }],
    ['other JSON', { heartbeat: '[]', heardAt: T0 }],
    ['a case without an agent', { found: '{"since":1}' }],
    ['a case in invalid JSON', { found: 'x' }],
    ['an act in invalid JSON', { heartbeat: JSON.stringify(heartbeat()), heardAt: T0, act: '{' }],
    ['a time that is not a number', { heartbeat: JSON.stringify(heartbeat()), heardAt: 'now' }],
  ])('skips %s, and reads the others', async (_, damaged) => {
    const { table, documents, tableName: TableName } = local
    await table.hear(heartbeat({ machine: 'machine-b' }), T0)
    await table.saveCase(aCase())
    const { Items: rows = [] } = await documents.send(new ScanCommand({ TableName }))
    const row = { pk: rows[0]?.['pk'] as unknown, sk: 'n:alice|m|damaged', expires: rows[0]?.['expires'] as unknown }
    await documents.send(new PutCommand({ TableName, Item: { ...row, ...damaged } }))
    const { machines, case: found } = await table.ofAgent('n:alice', T0 + 1)
    expect([machines.map((row) => row.heartbeat.machine), found?.agent]).toEqual([['machine-b'], 'n:alice'])
    expect((await table.all(T0 + 1)).machines).toHaveLength(1)
  })
})

const tables: [string, () => Promise<Table>][] = [
  ['in memory', () => Promise.resolve(new MemoryTable())],
  ['in DynamoDB', () => local.another()],
]

describe.each(tables)('%s', (_, open) => {
  it('keeps the newest heartbeat of each machine and agent, by its sequence number', async () => {
    const table = await open()
    expect(await table.hear(heartbeat({ seq: 5 }), T0)).toBeNull()
    expect(await table.hear(heartbeat({ seq: 6, ccps: 2 }), T0 + 10)).toMatchObject({ heardAt: T0 })
    // A copy and a late one change nothing, not even when the machine was last heard from.
    for (const seq of [6, 5]) {
      expect(await table.hear(heartbeat({ seq }), T0 + 20)).toMatchObject({ heardAt: T0 + 10 })
    }
    await table.hear(heartbeat({ machine: 'machine-b' }), T0 + 30)
    await table.hear(heartbeat({ agent: 'n:alice2' }), T0 + 40)
    const { machines } = await table.ofAgent('n:alice', T0 + 50)
    expect(machines.map(({ heardAt, heartbeat: { ccps, seq } }) => [heardAt, ccps, seq])).toEqual([
      [T0 + 10, 2, 6],
      [T0 + 30, 1, 1],
    ])
    expect((await table.all(T0 + 50)).machines).toHaveLength(3)
  })

  it('keeps one case for each agent, and stores acts with the agent’s machines', async () => {
    const table = await open()
    await table.hear(heartbeat(), T0)
    await table.saveCase(aCase())
    await table.saveCase(aCase({ outcome: 'set_offline' }))
    const act = { id: 'a', at: T0 + 1, since: T0, reason: 'silent', isConfirmed: false } as const
    await table.noteAct('n:alice', act, T0 + 2)
    expect(await table.ofAgent('n:alice', T0 + 3)).toMatchObject({
      case: { outcome: 'set_offline' },
      machines: [{ act }],
    })
    expect(await table.hear(heartbeat({ seq: 2 }), T0 + 4)).toMatchObject({ act })
    expect((await table.ofAgent('n:alice', T0 + 5)).machines).toMatchObject([{ act, heardAt: T0 + 4 }])
  })

  it('removes old heartbeats and cases', async () => {
    const table = await open()
    await table.hear(heartbeat(), T0)
    await table.saveCase(aCase({ openedAt: T0 }))
    expect((await table.all(T0 + HEARTBEAT_KEPT_MS - 1_000)).machines).toHaveLength(1)
    expect(await table.hear(heartbeat(), T0 + HEARTBEAT_KEPT_MS)).toBeNull()
    const day = await table.all(T0 + HEARTBEAT_KEPT_MS)
    expect([day.machines.length, day.cases.length]).toEqual([0, 1])
    expect((await table.all(T0 + CASE_KEPT_MS)).cases).toEqual([])
  })

  it('gives a time slot to one claimant, and gives it again after a failure', async () => {
    const table = await open()
    expect(await table.claim(7)).toMatchObject({ slot: 7, mode: null, brakes: {} })
    expect(await table.claim(7)).toBeNull()
    expect(await table.claim(6)).toBeNull()
    await table.release(7)
    await table.release(7)
    expect((await Promise.all([1, 2, 3].map(() => table.claim(7)))).filter((fleet) => fleet !== null)).toHaveLength(1)
    await table.claim(8)
    await table.release(7)
    expect(await table.claim(8)).toBeNull()
  })

  it('keeps the findings of looks apart from commands', async () => {
    const table = await open()
    await table.claim(1)
    await table.saveCommand({ mode: 'off' })
    await table.saveLook({ canary: { okSince: 1, okAt: 2 }, brakes: { '*': 3 } })
    await table.saveCommand({ releases: { '*': 4 } })
    const expected = { mode: 'off', releases: { '*': 4 }, slot: 1, canary: { okSince: 1, okAt: 2 }, brakes: { '*': 3 } }
    expect(await table.fleet()).toEqual(expected)
  })
})

describe('both', () => {
  const agent = fc.constantFrom('n:alice', 'n:alice2', 'n:bob')
  const machine = fc.constantFrom('machine-a', 'machine-b')
  const slot = fc.integer({ min: 1, max: 4 })
  const operation = fc.oneof(
    fc.record({ is: fc.constant('hear' as const), agent, machine, seq: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ is: fc.constant('case' as const), agent, puts: fc.nat(3), age: fc.nat(CASE_KEPT_MS * 1.1) }),
    fc.record({ is: fc.constant('act' as const), agent, isConfirmed: fc.boolean() }),
    fc.record({ is: fc.constant('claim' as const), slot }),
    fc.record({ is: fc.constant('release' as const), slot }),
    fc.record({ is: fc.constant('look' as const), okAt: fc.nat(9) }),
    fc.record({ is: fc.constant('command' as const), mode: fc.constantFrom('off' as const, null) }),
  )
  type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

  const perform = (table: Table, now: number, given: Operation): Promise<unknown> => {
    switch (given.is) {
      case 'hear':
        return table.hear(heartbeat({ agent: given.agent, machine: given.machine, seq: given.seq }), now)
      case 'case':
        return table.saveCase(aCase({ agent: given.agent, puts: given.puts, openedAt: now - given.age }))
      case 'act': {
        const act = { id: 'a', at: now, since: T0, reason: 'silent', isConfirmed: given.isConfirmed } as const
        return table.noteAct(given.agent, act, now)
      }
      case 'claim':
        return table.claim(given.slot)
      case 'release':
        return table.release(given.slot)
      case 'look':
        return table.saveLook({ canary: { okSince: 0, okAt: given.okAt }, brakes: { '*': given.okAt } })
      case 'command':
        return table.saveCommand({ mode: given.mode, releases: { '*': now } })
    }
  }
  /** The contents of a table, in a normalized order. */
  const contents = async (table: Table, now: number): Promise<unknown> => {
    const { machines, cases } = await table.all(now)
    const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort()
    const alice = await table.ofAgent('n:alice', now)
    return [sorted(machines), sorted(cases), await table.fleet(), sorted(alice.machines), alice.case]
  }

  it('answer alike and hold the same contents after any sequence of operations', async () => {
    const steps = fc.array(fc.tuple(operation, fc.integer({ min: 0, max: HEARTBEAT_KEPT_MS / 3 })), { maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        const [memory, stored] = [new MemoryTable(), await local.another()]
        // Whole seconds, because a row's time to live has no others.
        let now = T0
        for (const [step, pause] of given) {
          now += Math.floor(pause / 1_000) * 1_000
          expect(await perform(memory, now, step)).toEqual(await perform(stored, now, step))
        }
        expect(await contents(memory, now)).toEqual(await contents(stored, now))
      }),
      { numRuns: isFull ? 300 : 30 },
    )
  })
})
