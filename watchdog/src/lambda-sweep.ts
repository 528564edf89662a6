import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectClient } from '@aws-sdk/client-connect'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { AwsConnect } from './aws-connect'
import { sendCanary } from './canary'
import { runCommand } from './command'
import { DynamoTable } from './dynamo-table'
import { listOf, modeOf, optionsOf, readEnvironment } from './environment'
import { runSweep } from './run-sweep'
import type { SweepParts } from './sweep'
import { CALL_MS } from './sweep'
import { tellBy } from './tell'

/** How long a sweep looks, in ms. One starts each minute, so that two overlap and either may fail. */
const SWEEP_MS = 105_000
const SLOT_MS = 15_000

let parts: SweepParts | null = null

/** Lambda's entry point: carries out a command, or sweeps where the event is none. */
export async function handler(event: unknown): Promise<unknown> {
  parts ??= partsOf()
  return (await runCommand(parts.table, event, Date.now())) ?? runSweep(parts, Date.now() + SWEEP_MS)
}

function partsOf(): SweepParts {
  const env = readEnvironment(process.env)
  const hashes = listOf(env.SECRET_HASHES)
  const requestHandler = { requestTimeout: CALL_MS, connectionTimeout: CALL_MS }
  // The watchdog spaces its calls itself: retries by the SDK would exceed the rate.
  const connect = new ConnectClient({ maxAttempts: 1, requestHandler })
  const topic = new SNSClient({ requestHandler })
  return {
    table: new DynamoTable(DynamoDBDocumentClient.from(new DynamoDBClient({ requestHandler })), env.TABLE),
    connect: new AwsConnect(connect, {
      instanceId: env.INSTANCE_ID,
      offlineStatusId: env.OFFLINE_STATUS_ID,
      instance: env.INSTANCE_ALIAS,
      hashKey: env.HASH_KEY,
      tag: env.TAG,
    }),
    canary: () => sendCanary(env.INGEST_URL, hashes[0] ?? ''),
    ...tellBy({
      instance: env.INSTANCE_ALIAS,
      log: (record) => process.stdout.write(`${JSON.stringify(record)}\n`),
      publish: (Subject, Message) => topic.send(new PublishCommand({ TopicArn: env.TOPIC, Subject, Message })),
    }),
    options: optionsOf(env),
    mode: modeOf(env),
    slotMs: SLOT_MS,
    now: Date.now,
    sleep,
  }
}
