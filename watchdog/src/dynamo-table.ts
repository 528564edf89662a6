import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import * as v from 'valibot'
import type { Act, Heartbeat } from '../../src/protocol/heartbeat'
import { ACT, HEARTBEAT } from '../../src/protocol/heartbeat'
import type { AgentRows, Case, Fleet, MachineRow } from './decide/rows'
import { NEW_FLEET } from './decide/rows'
import type { Table } from './table'
import { CASE_KEPT_MS, HEARTBEAT_KEPT_MS } from './table'

/** A partition takes about 1,000 writes a second, so 16 take the heartbeats of 400,000 machines at 30 s. */
const SHARDS = Array.from({ length: 16 }, (_, nth) => `agents#${nth}`)
const FLEET_KEY = { pk: 'fleet', sk: 'fleet' }
const CASE = 'case'

const CASE_KEY = v.object({ agent: v.string(), since: v.number() })
const STORED_CASE = v.custom<Case>((found) => v.is(CASE_KEY, found))

/** An item in the table: heartbeat, act and case as JSON, and the attributes that conditions use. */
const ITEM = v.object({
  heartbeat: v.optional(v.pipe(v.string(), v.parseJson(), HEARTBEAT)),
  heardAt: v.optional(v.number()),
  act: v.optional(v.pipe(v.string(), v.parseJson(), ACT)),
  found: v.optional(v.pipe(v.string(), v.parseJson(), STORED_CASE)),
  /**
   * In seconds since the epoch. DynamoDB deletes an item within days after this time; until then it is ignored here.
   */
  expires: v.number(),
})

/** The table in DynamoDB. It needs no index: an agent's rows are next to one another in one partition. */
export class DynamoTable implements Table {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly name: string,
  ) {}

  async hear(heartbeat: Heartbeat, now: number): Promise<MachineRow | null> {
    const update = new UpdateCommand({
      TableName: this.name,
      Key: { pk: shardOf(heartbeat.agent), sk: `${heartbeat.agent}|m|${heartbeat.machine}` },
      UpdateExpression: 'SET heartbeat = :heartbeat, seq = :seq, heardAt = :now, expires = :expires',
      ConditionExpression: 'attribute_not_exists(seq) OR seq < :seq',
      ExpressionAttributeValues: {
        ':heartbeat': JSON.stringify(heartbeat),
        ':seq': heartbeat.seq,
        ':now': now,
        ':expires': seconds(now + HEARTBEAT_KEPT_MS),
      },
      ReturnValues: 'ALL_OLD',
    })
    try {
      const { Attributes: before } = await this.client.send(update)
      return rowsOf([before], now).machines[0] ?? null
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error
      const { machines } = await this.ofAgent(heartbeat.agent, now)
      return machines.find((row) => row.heartbeat.machine === heartbeat.machine) ?? null
    }
  }

  async all(now: number): Promise<{ machines: MachineRow[]; cases: Case[] }> {
    const items = (await Promise.all(SHARDS.map((pk) => this.query({ pk }, false)))).flat()
    return rowsOf(items, now)
  }

  async ofAgent(agent: string, now: number): Promise<AgentRows> {
    const items = await this.query({ pk: shardOf(agent), prefix: `${agent}|` }, true)
    const { machines, cases } = rowsOf(items, now)
    return { machines, case: cases[0] ?? null }
  }

  async saveCase(found: Case): Promise<void> {
    const key = { pk: shardOf(found.agent), sk: `${found.agent}|${CASE}` }
    const item = { ...key, found: JSON.stringify(found), expires: seconds(found.openedAt + CASE_KEPT_MS) }
    await this.client.send(new PutCommand({ TableName: this.name, Item: item }))
  }

  async noteAct(agent: string, act: Act, now: number): Promise<void> {
    const { machines } = await this.ofAgent(agent, now)
    for (const { heartbeat } of machines) {
      const key = { pk: shardOf(agent), sk: `${agent}|m|${heartbeat.machine}` }
      await this.client.send(
        new UpdateCommand({
          TableName: this.name,
          Key: key,
          UpdateExpression: 'SET act = :act',
          ExpressionAttributeValues: { ':act': JSON.stringify(act) },
        }),
      )
    }
  }

  async fleet(): Promise<Fleet> {
    const { Item } = await this.client.send(
      new GetCommand({ TableName: this.name, Key: FLEET_KEY, ConsistentRead: true }),
    )
    return fleetOf(Item)
  }

  async claim(slot: number): Promise<Fleet | null> {
    return this.setSlot(slot, 'attribute_not_exists(slot) OR slot < :slot', {})
  }

  async release(slot: number): Promise<void> {
    await this.setSlot(slot - 1, 'slot = :claimed', { ':claimed': slot })
  }

  async saveLook({ canary, brakes }: Pick<Fleet, 'canary' | 'brakes'>): Promise<void> {
    await this.setFleet({ canary, brakes })
  }

  async saveCommand(command: Partial<Pick<Fleet, 'mode' | 'releases'>>): Promise<void> {
    await this.setFleet(command)
  }

  private async setSlot(slot: number, condition: string, values: Record<string, number>): Promise<Fleet | null> {
    const update = new UpdateCommand({
      TableName: this.name,
      Key: FLEET_KEY,
      UpdateExpression: 'SET slot = :slot',
      ConditionExpression: condition,
      ExpressionAttributeValues: { ':slot': slot, ...values },
      ReturnValues: 'ALL_NEW',
    })
    try {
      return fleetOf((await this.client.send(update)).Attributes)
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null
      throw error
    }
  }

  private async setFleet(values: Readonly<Record<string, unknown>>): Promise<void> {
    const names = Object.keys(values)
    await this.client.send(
      new UpdateCommand({
        TableName: this.name,
        Key: FLEET_KEY,
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, values[name]])),
      }),
    )
  }

  private async query(of: { pk: string; prefix?: string }, isConsistent: boolean): Promise<unknown[]> {
    const items: unknown[] = []
    let from: Record<string, unknown> | undefined
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.name,
          KeyConditionExpression: of.prefix === undefined ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': of.pk, ...(of.prefix !== undefined && { ':prefix': of.prefix }) },
          ConsistentRead: isConsistent,
          ...(from !== undefined && { ExclusiveStartKey: from }),
        }),
      )
      items.push(...(page.Items ?? []))
      from = page.LastEvaluatedKey
    } while (from !== undefined)
    return items
  }
}

const seconds = (ms: number): number => Math.floor(ms / 1_000)

function shardOf(agent: string): string {
  let hash = 0
  for (const char of agent) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0
  return SHARDS[hash % SHARDS.length] ?? 'agents#0'
}

/** Skips expired items, and those that cannot be read: they must not stop the others. */
function rowsOf(items: readonly unknown[], now: number): { machines: MachineRow[]; cases: Case[] } {
  const machines: MachineRow[] = []
  const cases: Case[] = []
  for (const item of items) {
    const read = v.safeParse(ITEM, item)
    if (!read.success || read.output.expires <= seconds(now)) continue
    const { found, heartbeat, heardAt, act = null } = read.output
    if (found !== undefined) cases.push(found)
    if (heartbeat !== undefined && heardAt !== undefined) machines.push({ heartbeat, heardAt, act })
  }
  return { machines, cases }
}

function fleetOf(item: Readonly<Record<string, unknown>> | undefined): Fleet {
  const stored: Record<string, unknown> = { ...item }
  delete stored['pk']
  delete stored['sk']
  return { ...NEW_FLEET, ...stored }
}
